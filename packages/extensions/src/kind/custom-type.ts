import {
  additionalOf,
  type FieldSchema,
  itemsOf,
  type JsonSchema,
  type ListType,
  meta,
  type ScalarKind,
  type TypeSchema,
} from '@keelson/schema';

const metadataField = meta.v1.PartialObjectMetadata.type.fields.get('metadata') as FieldSchema;
const anything: TypeSchema = { name: 'JSON', fields: new Map(), special: 'json' };
/** What ownership takes texts of a format for, times or others: scalars of any type. */
const formattedText: TypeSchema = { name: 'Time', fields: new Map(), special: 'time' };

const scalars: Readonly<Record<string, ScalarKind>> = { string: 'string', integer: 'int64', number: 'double', boolean: 'bool' };

/** What server-side apply has to know of objects of a schema: how their lists, maps and structures are merged. */
export function customType(name: string, schema: JsonSchema): TypeSchema {
  return new CustomType(name, schema, true);
}

/** A structure of a schema; its fields are made when they are first looked at. */
class CustomType implements TypeSchema {
  readonly preserveUnknownFields: boolean;
  readonly mapType?: 'atomic';
  readonly #schema: JsonSchema;
  readonly #isObject: boolean;
  #fields: ReadonlyMap<string, FieldSchema> | undefined;

  constructor(
    readonly name: string,
    schema: JsonSchema,
    isObject: boolean,
  ) {
    this.#schema = schema;
    this.#isObject = isObject;
    this.preserveUnknownFields = schema['x-kubernetes-preserve-unknown-fields'] === true;
    if (schema['x-kubernetes-map-type'] === 'atomic') this.mapType = 'atomic';
  }

  get fields(): ReadonlyMap<string, FieldSchema> {
    this.#fields ??= new Map(this.#allFields().map((field) => [field.name, field]));
    return this.#fields;
  }

  #allFields(): FieldSchema[] {
    const { properties = {}, required = [] } = this.#schema;
    const own = Object.entries(properties)
      .filter(([name]) => !this.#isObject || !ofEveryObject.has(name))
      .map(([name, schema]) => fieldOf(name, schema, required.includes(name)));
    return this.#isObject ? [metadataField, ...own] : own;
  }
}

const ofEveryObject: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

type ValueType = Pick<FieldSchema, 'scalar' | 'message' | 'nested' | 'embedsObjects'>;

function fieldOf(name: string, schema: JsonSchema, required: boolean): FieldSchema {
  const common = { name, required, optional: true, patchStrategy: new Set<string>() };
  const items = itemsOf(schema);
  if (schema.type === 'array' && items !== undefined) {
    const listType = (schema['x-kubernetes-list-type'] ?? 'atomic') as ListType;
    const listMapKeys = schema['x-kubernetes-list-map-keys'] ?? [];
    return { ...common, cardinality: 'list', listType, listMapKeys, ...valueTypeOf(name, items, listMapKeys) };
  }
  const values = valuesOf(schema);
  const mapType = schema['x-kubernetes-map-type'] as 'atomic' | 'granular' | undefined;
  const mapped = { listMapKeys: [], ...(mapType !== undefined && { mapType }) };
  if (values !== undefined) return { ...common, ...mapped, cardinality: 'map', ...valueTypeOf(name, values) };
  return { ...common, ...mapped, cardinality: 'one', ...valueTypeOf(name, schema) };
}

function valueTypeOf(name: string, schema: JsonSchema, keys: readonly string[] = []): ValueType {
  if (isFormattedText(schema)) return { message: formattedText };
  const scalar = scalars[schema.type ?? ''];
  if (scalar !== undefined) return { scalar };
  if (isCollection(schema)) return { nested: fieldOf(name, schema, false) };
  if (schema.type !== 'object') return { message: anything };
  const embedsObjects = schema['x-kubernetes-embedded-resource'] === true;
  const message = new CustomType(name, schema, embedsObjects);
  return { message: keys.length > 0 ? withKeyDefaults(message, schema, keys) : message, ...(embedsObjects && { embedsObjects }) };
}

function isCollection(schema: JsonSchema): boolean {
  return schema.type === 'array' ? itemsOf(schema) !== undefined : valuesOf(schema) !== undefined;
}

/** What the values of a map are: anything where it says no more than that it has some. */
function valuesOf(schema: JsonSchema): JsonSchema | undefined {
  if (schema.type !== 'object') return undefined;
  return schema.additionalProperties === true ? {} : additionalOf(schema);
}

function isFormattedText({ type, format = '' }: JsonSchema): boolean {
  return type === 'string' && format !== '' && format !== 'byte';
}

/** An item that leaves a key out is known by the key's default. */
function withKeyDefaults(type: TypeSchema, { properties = {} }: JsonSchema, keys: readonly string[]): TypeSchema {
  const defaults = keys.filter((key) => properties[key]?.default !== undefined);
  if (defaults.length === 0) return type;
  const fields = new Map(type.fields);
  for (const key of defaults) fields.set(key, { ...(fields.get(key) as FieldSchema), default: properties[key]?.default ?? null });
  return { ...type, name: type.name, fields, ...(type.mapType && { mapType: type.mapType }) };
}
