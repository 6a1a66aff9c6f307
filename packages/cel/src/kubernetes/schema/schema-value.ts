import { isInt64, type Json, parseDuration } from '@keelson/machinery';
import { additionalOf, itemsOf, type JsonSchema, propertyOf } from '@keelson/schema';
import { type CelType, structType } from '../../types/type.js';
import { elementAt, fromJson, isList, listSize } from '../../values/collections.js';
import { Duration } from '../../values/duration.js';
import { equal } from '../../values/equality.js';
import { EvaluationError } from '../../values/evaluation-error.js';
import { Timestamp } from '../../values/timestamp.js';
import { CelList, CelMap, type CelValue, Double, isJsonMap, type JsonMap } from '../../values/value.js';
import { escapeName, unescapeName } from '../escaped-name.js';
import { withObjectMeta } from './schema-type.js';

const OBJECT = structType('object');

/** JSON of a schema as expressions see it: only what the schema names, texts of a format as what they stand for. */
export function schemaValue(value: Json | undefined, schema: JsonSchema, isObject = false): CelValue {
  if (value === null || value === undefined) {
    if (schema.nullable) return null;
    throw new EvaluationError('invalid data, got null for schema with nullable=false');
  }
  if (schema['x-kubernetes-int-or-string']) return fromJson(value);
  switch (schema.type) {
    case 'object':
      return objectValue(value, isObject || schema['x-kubernetes-embedded-resource'] ? withObjectMeta(schema) : schema);
    case 'array':
      return listValue(value, schema);
    case 'string':
      return textValue(value, schema);
    case 'number':
      return typeof value === 'number' || typeof (value as unknown) === 'bigint' ? new Double(Number(value)) : refuse('number');
    default:
      return fromJson(value);
  }
}

function refuse(type: string): never {
  throw new EvaluationError(`invalid data, expected a value of type=${type}`);
}

function objectValue(value: Json, schema: JsonSchema): CelValue {
  if (!isJsonMap(value)) throw new EvaluationError('invalid data, expected a map for the provided schema with type=object');
  const values = additionalOf(schema);
  return schema.properties === undefined && values !== undefined ? new SchemaMap(value, values) : new SchemaObject(value, schema);
}

/** An object with declared fields. */
class SchemaObject extends CelMap {
  readonly #members: JsonMap;
  readonly #schema: JsonSchema;

  constructor(members: JsonMap, schema: JsonSchema) {
    super();
    this.#members = members;
    this.#schema = schema;
  }

  override get type(): CelType {
    return OBJECT;
  }

  get size(): number {
    return [...this.keys()].length;
  }

  find(key: CelValue): CelValue | undefined {
    const name = typeof key === 'string' ? unescapeName(key) : undefined;
    if (name === undefined || !Object.hasOwn(this.#members, name)) return undefined;
    const schema = propertyOf(this.#schema, name);
    return schema && schemaValue(this.#members[name] as Json, schema);
  }

  keys(): Iterable<CelValue> {
    const known = Object.keys(this.#members).filter((name) => propertyOf(this.#schema, name) !== undefined);
    return known.flatMap((name) => escapeName(name) ?? []);
  }
}

class SchemaMap extends CelMap {
  readonly #members: JsonMap;
  readonly #values: JsonSchema;

  constructor(members: JsonMap, values: JsonSchema) {
    super();
    this.#members = members;
    this.#values = values;
  }

  get size(): number {
    return Object.keys(this.#members).length;
  }

  find(key: CelValue): CelValue | undefined {
    if (typeof key !== 'string' || !Object.hasOwn(this.#members, key)) return undefined;
    return schemaValue(this.#members[key] as Json, this.#values);
  }

  keys(): Iterable<CelValue> {
    return Object.keys(this.#members);
  }
}

function listValue(value: Json, schema: JsonSchema): CelValue {
  if (!Array.isArray(value)) throw new EvaluationError('invalid data, expected an array for the provided schema with type=array');
  const items = itemsOf(schema);
  if (items === undefined) throw new EvaluationError('invalid array type, expected Items with a non-empty Schema');
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return new SchemaSet(value, items);
    case 'map':
      return new SchemaMapList(value, items, schema['x-kubernetes-list-map-keys'] ?? []);
    default:
      return new SchemaList(value, items);
  }
}

class SchemaList extends CelList {
  constructor(
    protected readonly elements: readonly Json[],
    protected readonly items: JsonSchema,
  ) {
    super();
  }

  get size(): number {
    return this.elements.length;
  }

  at(index: number): CelValue {
    return schemaValue(this.elements[index], this.items);
  }
}

function all(list: CelValue): CelValue[] | undefined {
  return isList(list) ? Array.from({ length: listSize(list) }, (_, i) => elementAt(list, i)) : undefined;
}

/** Two sets are the same whatever their order, and their sum is what is in either. */
class SchemaSet extends SchemaList {
  override equals(other: CelValue): boolean {
    const others = all(other);
    if (others === undefined || others.length !== this.size) return false;
    return others.every((one) => this.#has(one));
  }

  override plus(other: CelValue): CelValue | undefined {
    const added = all(other)?.filter((one) => !this.#has(one));
    return added && [...(all(this) ?? []), ...added];
  }

  #has(value: CelValue): boolean {
    return (all(this) ?? []).some((one) => equal(one, value));
  }
}

/** Items are known by their keys: of two items with the same keys a sum has the later one, in the place of the first. */
class SchemaMapList extends SchemaList {
  readonly #keys: readonly string[];

  constructor(elements: readonly Json[], items: JsonSchema, keys: readonly string[]) {
    super(elements, items);
    this.#keys = keys;
  }

  override equals(other: CelValue): boolean {
    const others = all(other);
    if (others === undefined || others.length !== this.size) return false;
    const own = all(this) ?? [];
    return others.every((one) => own.some((item) => this.#sameKeys(item, one) && equal(item, one)));
  }

  override plus(other: CelValue): CelValue | undefined {
    const others = all(other);
    if (others === undefined) return undefined;
    const own = all(this) ?? [];
    const replaced = own.map((item) => others.find((one) => this.#sameKeys(item, one)) ?? item);
    return [...replaced, ...others.filter((one) => !own.some((item) => this.#sameKeys(item, one)))];
  }

  #sameKeys(a: CelValue, b: CelValue): boolean {
    return this.#keys.every((key) => {
      const [left, right] = [a, b].map((one) => (one instanceof CelMap ? one.find(escapeName(key) ?? key) : undefined));
      return left === undefined || right === undefined ? left === right : equal(left, right);
    });
  }
}

/** As Kubernetes' language names the type of a value that is no text. */
function typeName(value: Exclude<Json, string>): string {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'object') return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
  return isInt64(value) ? 'int64' : 'float64';
}

function textValue(value: Json, { format = '' }: JsonSchema): CelValue {
  if (typeof value !== 'string') throw new EvaluationError(`invalid data, expected string, got ${typeName(value)}`);
  switch (format) {
    case 'duration':
      return durationOf(value);
    case 'date':
      return timestampOf(`${value}T00:00:00Z`, value, 'date');
    case 'date-time':
      return timestampOf(value, value, 'date-time');
    case 'byte':
      return new Uint8Array(Buffer.from(value, 'base64'));
    default:
      return value;
  }
}

function durationOf(text: string): Duration {
  try {
    return Duration.of(BigInt(parseDuration(text)));
  } catch (error) {
    if (error instanceof EvaluationError) throw error;
    throw new EvaluationError(`invalid duration format ${text}`);
  }
}

function timestampOf(text: string, shown: string, format: string): Timestamp {
  try {
    return Timestamp.parse(text);
  } catch (error) {
    if (error instanceof EvaluationError) throw error;
    throw new EvaluationError(`invalid ${format} format ${shown}`);
  }
}
