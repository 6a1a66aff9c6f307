import { type FieldError, type FieldPath, forbiddenField, invalidField, notSupported, required } from '@keelson/machinery';
import { itemsOf, type JsonSchema, propertyOf } from '@keelson/schema';

const LIST_TYPE = 'x-kubernetes-list-type';
const MAP_KEYS = 'x-kubernetes-list-map-keys';
const TYPES = ['atomic', 'set', 'map'];

/** Rules that came later than schemas which break them. */
export interface ListDemands {
  readonly atomicSets: boolean;
  readonly presentMapKeys: boolean;
}

/** How a list is merged, and whether its items are such that it can be. */
export function validateListType(schema: JsonSchema, at: FieldPath, { atomicSets, presentMapKeys }: ListDemands): FieldError[] {
  const listType = schema[LIST_TYPE];
  return [
    ...ofList(schema, at, atomicSets),
    ...(listType === undefined || TYPES.includes(listType) ? [] : [notSupported(at.child(LIST_TYPE), listType, TYPES)]),
    ...ofKeys(schema, at),
    ...(listType === 'map' ? ofMap(schema, at) : []),
    ...(presentMapKeys ? nullableParts(schema, at) : []),
  ];
}

function ofList(schema: JsonSchema, at: FieldPath, atomicSets: boolean): FieldError[] {
  const { type = '', [LIST_TYPE]: listType } = schema;
  if (listType === undefined) return [];
  const ofArray = `must be array if ${LIST_TYPE} is specified`;
  if (type === '') return [required(at.child('type'), ofArray)];
  if (type !== 'array') return [invalidField(at.child('type'), type, ofArray)];
  const items = itemsOf(schema);
  return atomicSets && listType === 'set' && items !== undefined ? ofSet(items, at.child('items')) : [];
}

/** What is in a set is the same or is not: nothing can be said of its parts. */
function ofSet(items: JsonSchema, at: FieldPath): FieldError[] {
  const detail = `must be atomic as item of a list with ${LIST_TYPE}=set`;
  const { type, [LIST_TYPE]: listType, 'x-kubernetes-map-type': mapType } = items;
  if (type === 'array' && listType !== undefined && listType !== 'atomic') return [invalidField(at.child(LIST_TYPE), listType, detail)];
  if (type === 'object' && mapType !== 'atomic') return [invalidField(at.child('x-kubernetes-map-type'), listType ?? null, detail)];
  return [];
}

function ofKeys(schema: JsonSchema, at: FieldPath): FieldError[] {
  const listType = schema[LIST_TYPE];
  if (!schema[MAP_KEYS]?.length || listType === 'map') return [];
  const detail = `must be map if ${MAP_KEYS} is non-empty`;
  return [listType === undefined ? required(at.child(LIST_TYPE), detail) : invalidField(at.child(LIST_TYPE), listType, detail)];
}

function ofMap(schema: JsonSchema, at: FieldPath): FieldError[] {
  const keys = schema[MAP_KEYS] ?? [];
  const items = itemsOf(schema);
  const itemsAt = at.child('items');
  const errors: FieldError[] = [];
  if (keys.length === 0) errors.push(required(at.child(MAP_KEYS), `must not be empty if ${LIST_TYPE} is map`));
  if (schema.items === undefined) errors.push(required(itemsAt, `must have a schema if ${LIST_TYPE} is map`));
  else if (items === undefined)
    errors.push(
      invalidField(itemsAt, { Schema: null, JSONSchemas: schema.items }, `must only have a single schema if ${LIST_TYPE} is map`),
    );
  if (items !== undefined && items.type !== 'object')
    errors.push(invalidField(itemsAt.child('type'), items.type ?? '', `must be object if parent array's ${LIST_TYPE} is map`));
  if (items?.type === 'object') errors.push(...keys.flatMap((key, i) => ofKey(key, keys.indexOf(key) < i, items, keys, at)));
  return errors;
}

function ofKey(key: string, isRepeated: boolean, items: JsonSchema, keys: readonly string[], at: FieldPath): FieldError[] {
  const property = propertyOf(items, key);
  const errors: FieldError[] = [];
  if (property === undefined) errors.push(invalidField(at.child(MAP_KEYS), keys, 'entries must all be names of item properties'));
  else if (property.type === 'array' || property.type === 'object') {
    const detail = `must be a scalar type if parent array's ${LIST_TYPE} is map`;
    errors.push(invalidField(at.child('items', 'properties').key(key).child('type'), items.type ?? '', detail));
  }
  if (isRepeated) errors.push(invalidField(at.child(MAP_KEYS), keys, 'must not contain duplicate entries'));
  return errors;
}

/** An item is known by its keys, or by itself, so that these must be there. */
function nullableParts(schema: JsonSchema, at: FieldPath): FieldError[] {
  const items = itemsOf(schema);
  const listType = schema[LIST_TYPE];
  if (items === undefined || (listType !== 'set' && listType !== 'map')) return [];
  const errors: FieldError[] = [];
  if (items.nullable) errors.push(forbiddenField(at.child('items', 'nullable'), `cannot be nullable when ${LIST_TYPE} is ${listType}`));
  if (listType === 'set') return errors;
  for (const key of schema[MAP_KEYS] ?? []) {
    const property = propertyOf(items, key);
    if (property === undefined) continue;
    const here = at.child('items', 'properties').key(key);
    if (!items.required?.includes(key) && property.default === undefined) {
      const detail = `this property is in ${MAP_KEYS}, so it must have a default or be a required property`;
      errors.push(required(here.child('default'), detail));
    }
    if (property.nullable) errors.push(forbiddenField(here.child('nullable'), `this property is in ${MAP_KEYS}, so it cannot be nullable`));
  }
  return errors;
}
