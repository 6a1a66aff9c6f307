import { isInt64, type Json, parseDuration } from '@keelson/machinery';
import { additionalOf, itemsOf, type JsonSchema, propertyOf } from '@keelson/schema';
import { fromJson, isMapping } from '../../values/collections.js';
import { Duration } from '../../values/duration.js';
import { EvaluationError, noSuchOverload } from '../../values/evaluation-error.js';
import { Timestamp } from '../../values/timestamp.js';
import { CelMap, type CelValue, Double, isJsonMap, type JsonMap } from '../../values/value.js';
import { escapeName, unescapeName } from '../escaped-name.js';
import { SchemaList, SchemaMapList, SchemaSet } from './schema-list.js';
import { withObjectMeta } from './schema-type.js';

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

/** Compared with other maps only. */
abstract class SchemaMapping extends CelMap {
  constructor(protected readonly members: JsonMap) {
    super();
  }

  get size(): number {
    return Object.keys(this.members).length;
  }

  override equals(other: CelValue): undefined {
    if (!isMapping(other)) throw noSuchOverload();
  }
}

/** Nothing else can be a key. */
function textOf(key: CelValue): string {
  if (typeof key !== 'string') throw noSuchOverload();
  return key;
}

/** An object with declared fields. */
class SchemaObject extends SchemaMapping {
  readonly #schema: JsonSchema;

  constructor(members: JsonMap, schema: JsonSchema) {
    super(members);
    this.#schema = schema;
  }

  find(key: CelValue): CelValue | undefined {
    const name = unescapeName(textOf(key));
    if (name === undefined || !Object.hasOwn(this.members, name)) return undefined;
    const schema = this.#fieldSchema(name);
    return schema && schemaValue(this.members[name] as Json, schema);
  }

  keys(): Iterable<CelValue> {
    const known = Object.keys(this.members).filter((name) => this.#fieldSchema(name) !== undefined);
    return known.flatMap((name) => escapeName(name) ?? []);
  }

  /** Undefined of what cannot be seen. A field that is null is as if it were not there. */
  #fieldSchema(name: string): JsonSchema | undefined {
    return this.members[name] === null ? undefined : propertyOf(this.#schema, name);
  }
}

class SchemaMap extends SchemaMapping {
  readonly #values: JsonSchema;

  constructor(members: JsonMap, values: JsonSchema) {
    super(members);
    this.#values = values;
  }

  find(key: CelValue): CelValue | undefined {
    const name = textOf(key);
    return Object.hasOwn(this.members, name) ? schemaValue(this.members[name] as Json, this.#values) : undefined;
  }

  keys(): Iterable<CelValue> {
    return Object.keys(this.members);
  }
}

function listValue(value: Json, schema: JsonSchema): CelValue {
  if (!Array.isArray(value)) throw new EvaluationError('invalid data, expected an array for the provided schema with type=array');
  const items = itemsOf(schema);
  if (items === undefined) throw new EvaluationError('invalid array type, expected Items with a non-empty Schema');
  const elements = { size: value.length, at: (index: number) => schemaValue(value[index], items) };
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return new SchemaSet(elements);
    case 'map':
      return new SchemaMapList(elements, schema['x-kubernetes-list-map-keys'] ?? []);
    default:
      return new SchemaList(elements);
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
