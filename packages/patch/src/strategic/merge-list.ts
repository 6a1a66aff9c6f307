import type { Json, JsonObject } from '@keelson/machinery';
import { formatPlain, typeName } from '../go-format.js';
import { getOwn } from '../json/own-property.js';
import { patchDirective } from './directives.js';
import { orderMerged } from './element-order.js';
import { type PatchSchema, schemaKind } from './patch-field.js';
import { noMergeKey, StrategicPatchError, unknownDirective } from './strategic-patch-error.js';

export type MergeItem = (original: JsonObject, patch: JsonObject, schema: PatchSchema) => JsonObject;

/** Merges a list field whose strategy is `merge`: scalars as a set, objects by their merge key. */
export function mergeList(
  original: readonly Json[],
  patch: readonly Json[],
  schema: PatchSchema,
  mergeKey: string | undefined,
  mergeItem: MergeItem,
): Json[] {
  if (original.length === 0 && patch.length === 0) return [];
  if (elementType(original, patch) !== 'map[string]interface {}') {
    return orderMerged([...new Set([...original, ...patch])], patch, original, undefined);
  }
  if (mergeKey === undefined) throw new StrategicPatchError(`cannot merge lists without merge key for ${schemaKind(schema)}`);
  const { kept, additions } = obeyItemDirectives(original as JsonObject[], patch as JsonObject[], mergeKey);
  const merged = mergeByKey(kept, additions, mergeKey, (left, right) => mergeItem(left, right, schema));
  return orderMerged(merged, additions, kept, mergeKey);
}

/** `$deleteFromPrimitiveList`. Objects cannot be named this way and stay. */
export function deleteFromList(original: readonly Json[], values: readonly Json[]): Json[] {
  if (original.length > 0 || values.length > 0) elementType(original, values);
  const unwanted = new Set(values);
  return original.filter((value) => !unwanted.has(value));
}

/** The one type that all items have. */
export function elementType(...lists: readonly (readonly Json[])[]): string {
  let first: string | undefined;
  for (const list of lists) {
    for (const item of list) {
      const type = typeName(item);
      if (first === undefined && Array.isArray(item)) throw new StrategicPatchError('lists of lists are not supported', 'unprocessable');
      first ??= type;
      if (type !== first) throw new StrategicPatchError(`list element types are not identical: ${formatPlain(lists as Json)}`);
    }
  }
  if (first === undefined) throw new StrategicPatchError('no elements in any of the given slices');
  return first;
}

/** Carries out the `$patch` directives among the items; what remains of the patch is to be merged. */
function obeyItemDirectives(
  original: readonly JsonObject[],
  patch: readonly JsonObject[],
  mergeKey: string,
): { kept: JsonObject[]; additions: JsonObject[] } {
  const deleted = new Set<Json>();
  const additions: JsonObject[] = [];
  let replace = false;
  for (const item of patch) {
    const directive = getOwn(item, patchDirective);
    if (directive === undefined) additions.push(item);
    else if (directive === 'delete') deleted.add(mergeValue(item, mergeKey));
    else if (directive === 'replace') replace = true;
    else if (directive === 'merge') throw new StrategicPatchError('merging lists cannot yet be specified in the patch');
    else throw unknownDirective(directive, item);
  }
  if (replace) return { kept: additions, additions: [] };
  const kept = original.filter((item) => !deleted.has(getOwn(item, mergeKey) as Json));
  return { kept, additions };
}

function mergeByKey(
  original: readonly JsonObject[],
  patch: readonly JsonObject[],
  mergeKey: string,
  mergeItem: (original: JsonObject, patch: JsonObject) => JsonObject,
): JsonObject[] {
  const result = [...original];
  const positions = new Map<Json | undefined, number>();
  for (const [position, item] of result.entries()) {
    const value = getOwn(item, mergeKey);
    if (!positions.has(value)) positions.set(value, position);
  }
  for (const item of patch) {
    const value = mergeValue(item, mergeKey);
    const position = positions.get(value);
    if (position === undefined) positions.set(value, result.push(item) - 1);
    else result[position] = mergeItem(result[position] as JsonObject, item);
  }
  return result;
}

function mergeValue(item: JsonObject, mergeKey: string): Json {
  const value = getOwn(item, mergeKey);
  if (value === undefined) throw noMergeKey(item, mergeKey);
  return value;
}
