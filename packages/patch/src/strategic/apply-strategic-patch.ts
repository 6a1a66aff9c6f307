import type { Json, JsonObject } from '@keelson/machinery';
import type { TypeSchema } from '@keelson/schema';
import { getOwn, isJsonObject, setOwn } from '../json/own-property.js';
import {
  deleteFromListPrefix,
  directiveTarget,
  elementOrderPrefix,
  patchDirective,
  retainKeys,
  retainKeysDirective,
  withoutDirectives,
} from './directives.js';
import { checkPatchOrder, orderMerged } from './element-order.js';
import { deleteFromList, elementType, mergeList } from './merge-list.js';
import { type PatchSchema, patchField } from './patch-field.js';
import { badArgument, unknownDirective } from './strategic-patch-error.js';

/**
 * Applies a strategic merge patch: a merge patch that merges lists by the merge keys of the schema and understands
 * directives (`$patch`, `$retainKeys`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`). Throws
 * `StrategicPatchError`. Neither argument is changed; the result shares what the patch left alone.
 * @see https://github.com/kubernetes/community/blob/main/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function applyStrategicPatch(original: JsonObject, patch: JsonObject, type: TypeSchema): JsonObject {
  return mergeObject(original, patch, type);
}

function mergeObject(original: JsonObject, patch: JsonObject, schema: PatchSchema): JsonObject {
  if (Object.hasOwn(patch, patchDirective)) return obeyObjectDirective(patch);
  const result = retainKeys(original, patch);
  const ordered = applyElementOrders(result, patch, schema);
  for (const [key, value] of Object.entries(patch)) {
    if (key === retainKeysDirective || ordered.has(key) || key.startsWith(elementOrderPrefix)) continue;
    if (key.startsWith(deleteFromListPrefix)) deleteValues(result, directiveTarget(key, deleteFromListPrefix), value, schema);
    else mergeMember(result, key, value, schema);
  }
  return result;
}

function obeyObjectDirective(patch: JsonObject): JsonObject {
  const { [patchDirective]: directive, ...rest } = patch;
  if (directive === 'replace') return rest;
  if (directive === 'delete') return {};
  throw unknownDirective(directive as Json, patch);
}

function mergeMember(result: JsonObject, key: string, value: Json, schema: PatchSchema): void {
  const current = getOwn(result, key);
  if (value === null) {
    delete result[key];
  } else if (isJsonObject(current) && isJsonObject(value)) {
    const field = patchField(schema, key);
    setOwn(result, key, field.strategy === 'replace' ? value : mergeObject(current, value, field.schema));
  } else if (Array.isArray(current) && Array.isArray(value)) {
    setOwn(result, key, mergeListMember(current, value, schema, key));
  } else {
    const plain = withoutDirectives(value);
    if (plain === undefined) delete result[key];
    else setOwn(result, key, plain);
  }
}

function mergeListMember(current: readonly Json[], patch: Json[], schema: PatchSchema, key: string): Json[] {
  const field = patchField(schema, key);
  return field.strategy === 'merge' ? mergeList(current, patch, field.schema, field.mergeKey, mergeObject) : patch;
}

function deleteValues(result: JsonObject, key: string, values: Json, schema: PatchSchema): void {
  const current = getOwn(result, key);
  if (values === null) delete result[key];
  if (!Array.isArray(current) || !Array.isArray(values)) return;
  patchField(schema, key);
  setOwn(result, key, deleteFromList(current, values));
}

/** Merges and orders the lists that have a `$setElementOrder`; returns the members dealt with. */
function applyElementOrders(result: JsonObject, patch: JsonObject, schema: PatchSchema): ReadonlySet<string> {
  const done = new Set<string>();
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith(elementOrderPrefix)) continue;
    if (!Array.isArray(order)) throw badArgument([], order);
    const key = directiveTarget(directive, elementOrderPrefix);
    const current = optionalList(getOwn(result, key));
    const additions = optionalList(getOwn(patch, key));
    const field = patchField(schema, key);
    checkPatchOrder(additions ?? [], order, field.mergeKey);
    if (!current && !additions) continue;
    const merged =
      current && additions ? mergeListMember(current, additions, schema, key) : (current ?? withoutDirectives(additions ?? []));
    elementType(current ?? [], additions ?? []);
    setOwn(result, key, orderMerged(merged as Json[], order, current ?? [], field.mergeKey));
    done.add(key);
  }
  return done;
}

function optionalList(value: Json | undefined): Json[] | undefined {
  if (value === undefined || Array.isArray(value)) return value;
  throw badArgument([], value);
}
