import { type JsonObject, parseGroupVersion } from '@keelson/machinery';
import { optionsApiVersions } from '../gen/built-in-kinds.js';
import type { ScalarKind, SpecialForm } from '../schema.js';
import { description } from '../table/description.js';
import { type MessageField, type MessageTable, messageTable } from '../table/message-table.js';
import { flatten } from '../table/type-schema.js';
import { isAlwaysThere, zeroScalar } from '../table/zero-scalar.js';

/**
 * Which of the two documents: v2 leaves defaults out and puts `$ref` beside other keywords; v3 has defaults and wraps a
 * `$ref` that has company in `allOf`.
 */
export type OpenApiVersion = 'v2' | 'v3';

const scalarSchemas: Readonly<Record<ScalarKind, JsonObject>> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  uint32: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  float: { type: 'number', format: 'float' },
  bytes: { type: 'string', format: 'byte' },
};

/** Forms that are published as something else than an object with properties. */
const formSchemas: Readonly<Partial<Record<SpecialForm, JsonObject>>> = {
  time: { type: 'string', format: 'date-time' },
  microTime: { type: 'string', format: 'date-time' },
  duration: { type: 'string' },
  quantity: { type: 'string' },
  intOrString: { type: 'string', format: 'int-or-string' },
  rawExtension: { type: 'object' },
  fieldsV1: { type: 'object' },
  json: {},
  jsonSchemaPropsOrBool: {},
  jsonSchemaPropsOrArray: {},
  jsonSchemaPropsOrStringArray: {},
};

/** v3 can say what the clients of v2 must know by the format. */
const formSchemasV3: Readonly<Partial<Record<SpecialForm, JsonObject>>> = {
  quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  intOrString: { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' },
};

/** The schema of a message as the published document has it. */
export function definitionSchema(table: MessageTable, version: OpenApiVersion): JsonObject {
  const text = description(table.fullName);
  const schema = table.form === undefined ? objectSchema(table, version) : formSchema(table.form, version);
  return {
    ...(text !== '' && { description: text }),
    ...schema,
    ...(table.atomic && { 'x-kubernetes-map-type': 'atomic' }),
    ...(table.union && { 'x-kubernetes-unions': [unionOf(table.union)] }),
    ...(table.apiVersions.length > 0 && { 'x-kubernetes-group-version-kind': groupVersionKinds(table) }),
  };
}

function formSchema(form: SpecialForm, version: OpenApiVersion): JsonObject {
  return (version === 'v3' ? formSchemasV3[form] : undefined) ?? formSchemas[form] ?? { type: 'object' };
}

function objectSchema(table: MessageTable, version: OpenApiVersion): JsonObject {
  const fields = [...flatten(table)];
  const properties: [string, JsonObject][] = fields.map(([owner, field]) => [field.name, propertySchema(owner, field, version)]);
  if (hasTypeMeta(table)) properties.push(['apiVersion', typeMeta.apiVersion], ['kind', typeMeta.kind]);
  const required = fields.filter(([, field]) => field.required).map(([, field]) => field.name);
  return {
    type: 'object',
    ...(properties.length > 0 && { properties: Object.fromEntries(properties.sort(([a], [b]) => (a < b ? -1 : 1))) }),
    ...(required.length > 0 && { required }),
  };
}

/** Watch events say what they hold, not what they are. */
function hasTypeMeta(table: MessageTable): boolean {
  return table.apiVersions.length > 0 && table.fullName !== 'meta.v1.WatchEvent';
}

const typeMeta = {
  apiVersion: {
    type: 'string',
    description:
      'APIVersion defines the API group and version of this object, such as apps/v1, or v1 for the core group. Servers convert what they know to the version they serve, and may refuse versions they do not know. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  },
  kind: {
    type: 'string',
    description:
      'Kind is what this object is, in CamelCase, such as Deployment. Servers can tell it from the endpoint a request is sent to; it cannot be changed. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
  },
} as const satisfies Record<string, JsonObject>;

function unionOf([discriminator = '', ...fields]: readonly string[]): JsonObject {
  const pairs = fields.map((field) => field.split('='));
  return { discriminator, 'fields-to-discriminateBy': Object.fromEntries(pairs) as Record<string, string> };
}

function groupVersionKinds(table: MessageTable): JsonObject[] {
  const apiVersions = table.apiVersions.includes('*') ? optionsApiVersions : table.apiVersions;
  return apiVersions
    .map((apiVersion) => ({ ...(parseGroupVersion(apiVersion) ?? { group: '', version: apiVersion }), kind: table.name }))
    .map(({ group, version, kind }) => ({ group, kind, version }))
    .sort((a, b) => compare(a.group, b.group) || compare(a.version, b.version));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function propertySchema(owner: MessageTable, field: MessageField, version: OpenApiVersion): JsonObject {
  const text = description(`${owner.fullName}.${field.name}`);
  const company = {
    ...(text !== '' && { description: text }),
    ...(version === 'v3' && defaultOf(field)),
  };
  return { ...valueSchema(field, version, company), ...extensions(field) };
}

/** The default that is declared, or the zero value of what is always there. */
function defaultOf(field: MessageField): JsonObject {
  if (field.default !== undefined) return { default: field.default };
  return isAlwaysThere(field) ? zeroOf(field) : {};
}

function zeroOf(field: MessageField): JsonObject {
  if (field.message !== undefined) return messageTable(field.message).form === undefined ? { default: {} } : {};
  const zero = zeroScalar(field.scalar);
  return zero === undefined ? {} : { default: zero };
}

function valueSchema(field: MessageField, version: OpenApiVersion, company: JsonObject): JsonObject {
  if (field.cardinality === 'one') return itemSchema(field, version, company);
  const items = itemSchema(field, version, version === 'v3' ? zeroOf(field) : {});
  return field.cardinality === 'list' ? { ...company, type: 'array', items } : { ...company, type: 'object', additionalProperties: items };
}

/** The schema of a value, of an item or of a map's value; `company` is what stands beside it. */
function itemSchema(field: MessageField, version: OpenApiVersion, company: JsonObject): JsonObject {
  if (field.scalar !== undefined) return { ...company, ...scalarSchemas[field.scalar], ...(field.enum && { enum: [...field.enum] }) };
  const table = messageTable(field.message ?? '');
  if (table.form === 'stringList') {
    return { ...company, type: 'array', items: { type: 'string', ...(version === 'v3' && { default: '' }) } };
  }
  if (version === 'v2') return { ...company, $ref: `#/definitions/${table.definition}` };
  const reference = { $ref: `#/components/schemas/${table.definition}` };
  // A field's reference stands in allOf whether we describe the field or not: clients compare structures.
  const isField = field.cardinality === 'one' && !field.bareReference;
  return isField || Object.keys(company).length > 0 ? { ...company, allOf: [reference] } : reference;
}

function extensions(field: MessageField): JsonObject {
  return {
    ...(field.listType && { 'x-kubernetes-list-type': field.listType }),
    ...(field.listMapKeys.length > 0 && { 'x-kubernetes-list-map-keys': [...field.listMapKeys] }),
    ...(field.mapType && { 'x-kubernetes-map-type': field.mapType }),
    ...(field.patchStrategy.length > 0 && { 'x-kubernetes-patch-strategy': field.patchStrategy.join(',') }),
    ...(field.patchMergeKey && { 'x-kubernetes-patch-merge-key': field.patchMergeKey }),
  };
}
