import { additionalOf, itemsOf, type JsonSchema, mostOf } from '@keelson/schema';
import type { StructDeclaration, Types } from '../../environment/environment.js';
import { BOOL, BYTES, type CelType, DOUBLE, DURATION, DYN, INT, listOf, mapOf, STRING, structType, TIMESTAMP } from '../../types/type.js';
import { escapeName, unescapeName } from '../escaped-name.js';

/** The largest request that is taken, which bounds what a schema leaves open. */
const MAX_REQUEST_BYTES = 3 * 1024 * 1024;

/** What a schema says of values, as expressions and the estimates of their cost see it. Sizes are those of JSON, in bytes. */
export interface SchemaType {
  readonly type: CelType;
  readonly schema: JsonSchema;
  /** Bytes of the smallest value. */
  readonly minBytes: number;
  /** The most characters, items or entries that a value has. */
  readonly maxElements: number;
  /** Of lists and maps. */
  readonly element?: SchemaType;
  /** Of objects, by the name that expressions write. */
  readonly fields?: ReadonlyMap<string, SchemaType>;
}

/** Undefined for a schema that says nothing of types: what it is of cannot be seen by expressions. `name`: of the types of its objects. */
export function schemaType(schema: JsonSchema, isObject: boolean, name = 'selfType'): SchemaType | undefined {
  if (schema['x-kubernetes-int-or-string']) return { type: DYN, schema, minBytes: 1, maxElements: MAX_REQUEST_BYTES - 2 };
  const seen = isObject ? withObjectMeta(schema) : schema;
  switch (seen.type) {
    case 'array':
      return listType(seen, name);
    case 'object':
      return additionalOf(seen) === undefined ? objectType(seen, name) : mapType(seen, name);
    case 'string':
      return textType(seen);
    case 'boolean':
      return { type: BOOL, schema: seen, minBytes: 4, maxElements: 0 };
    case 'number':
      return { type: DOUBLE, schema: seen, minBytes: 1, maxElements: 0 };
    case 'integer':
      return { type: INT, schema: seen, minBytes: 1, maxElements: 0 };
    default:
      return undefined;
  }
}

/** How often values of a type can occur in one request. */
export function maxCardinality({ minBytes }: SchemaType): number {
  return Math.floor(MAX_REQUEST_BYTES / (minBytes + 1));
}

/** What objects say of themselves can always be seen. */
export function withObjectMeta(schema: JsonSchema): JsonSchema {
  const text = { type: 'string' } as JsonSchema;
  const metadata = schema.properties?.metadata;
  const names = { name: text, generateName: text, ...metadata?.properties };
  return {
    ...schema,
    type: 'object',
    properties: {
      kind: text,
      apiVersion: text,
      ...schema.properties,
      metadata: { ...metadata, type: 'object', properties: names } as JsonSchema,
    },
  };
}

function isWholeObject(schema: JsonSchema): boolean {
  return schema['x-kubernetes-embedded-resource'] === true;
}

function listType(schema: JsonSchema, name: string): SchemaType | undefined {
  const items = itemsOf(schema);
  const element = items && schemaType(items, isWholeObject(items), `${name}.@idx`);
  if (element === undefined) return undefined;
  const maxElements = schema.maxItems ?? Math.floor((MAX_REQUEST_BYTES - 2) / (element.minBytes + 1));
  return { type: listOf(element.type), schema, minBytes: 2, maxElements: mostOf(maxElements), element };
}

function mapType(schema: JsonSchema, name: string): SchemaType | undefined {
  const values = additionalOf(schema);
  const element = values && schemaType(values, isWholeObject(values), `${name}.@elem`);
  if (element === undefined) return undefined;
  const maxElements = schema.maxProperties ?? Math.floor((MAX_REQUEST_BYTES - 2) / (element.minBytes + 6));
  return { type: mapOf(STRING, element.type), schema, minBytes: 2, maxElements: mostOf(maxElements), element };
}

function objectType(schema: JsonSchema, name: string): SchemaType {
  const fields = new Map<string, SchemaType>();
  let minBytes = 2;
  for (const [property, one] of Object.entries(schema.properties ?? {})) {
    const escaped = escapeName(property);
    const type = schemaType(one, isWholeObject(one), `${name}.${escaped ?? property}`);
    if (type === undefined) continue;
    if (escaped !== undefined) fields.set(escaped, type);
    if (schema.required?.includes(property) && one.default === undefined) minBytes += property.length + type.minBytes + 4;
  }
  return { type: structType(name), schema, minBytes, maxElements: 0, fields };
}

const MIN_TEXT_BYTES = 2;
const texts: Readonly<Record<string, { readonly type: CelType; readonly minBytes: number; readonly maxElements: number }>> = {
  duration: { type: DURATION, minBytes: 3, maxElements: 32 },
  date: { type: TIMESTAMP, minBytes: 12, maxElements: 12 },
  'date-time': { type: TIMESTAMP, minBytes: 21, maxElements: 32 },
};

/** Lengths are given in characters, of which each may take four bytes. */
function textType(schema: JsonSchema): SchemaType {
  const { format = '', maxLength } = schema;
  const timed = Object.hasOwn(texts, format) ? texts[format] : undefined;
  if (timed !== undefined) return { ...timed, schema };
  const open = MAX_REQUEST_BYTES - 2;
  if (format === 'byte') return { type: BYTES, schema, minBytes: MIN_TEXT_BYTES, maxElements: mostOf(maxLength ?? open) };
  const maxElements = maxLength === undefined ? longestOf(schema, open) : mostOf(maxLength) * 4;
  return { type: STRING, schema, minBytes: MIN_TEXT_BYTES, maxElements };
}

function longestOf({ enum: allowed = [] }: JsonSchema, open: number): number {
  if (allowed.length === 0) return open;
  return Math.max(...allowed.map((one) => (typeof one === 'string' ? Buffer.byteLength(one) : 0)));
}

/** Finds the types of objects by name. */
export function schemaTypes(root: SchemaType): Types {
  const structs = new Map<string, StructDeclaration>();
  collect(root, structs);
  return { struct: (name) => structs.get(name) };
}

function collect({ type, element, fields }: SchemaType, structs: Map<string, StructDeclaration>): void {
  if (element !== undefined) collect(element, structs);
  if (fields === undefined) return;
  structs.set(type.name, { field: (name) => (unescapeName(name) === undefined ? undefined : fields.get(name)?.type) });
  for (const field of fields.values()) collect(field, structs);
}
