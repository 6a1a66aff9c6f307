import type { Json, JsonObject } from '@keelson/machinery';
import { getOwn, isJsonObject, setOwn } from '../json/own-property.js';
import { badFormat } from './strategic-patch-error.js';

/** In an object: `replace` or `delete` the whole; in a list item: `delete` this item or `replace` the list. */
export const patchDirective = '$patch';
/** Members the object may keep; all others go. */
export const retainKeysDirective = '$retainKeys';
/** `$deleteFromPrimitiveList/finalizers`: values to take out of a merged list of scalars. */
export const deleteFromListPrefix = '$deleteFromPrimitiveList';
/** `$setElementOrder/containers`: the order a merged list gets. */
export const elementOrderPrefix = '$setElementOrder';

/** The field that `key`, a directive with `prefix`, is about. */
export function directiveTarget(key: string, prefix: typeof deleteFromListPrefix | typeof elementOrderPrefix): string {
  if (key.startsWith(`${prefix}/`)) return key.slice(prefix.length + 1);
  throw badFormat(prefix === deleteFromListPrefix ? 'primitive list' : 'setElementOrder list');
}

export function hasPatchDirective(value: Json | undefined): value is JsonObject {
  return isJsonObject(value) && Object.hasOwn(value, patchDirective);
}

/** Takes away, in a copy, the members that `$retainKeys` does not name. */
export function retainKeys(original: JsonObject, patch: JsonObject): JsonObject {
  const directive = getOwn(patch, retainKeysDirective);
  if (directive === undefined) return { ...original };
  if (!Array.isArray(directive)) throw badFormat('retainKeys');
  const retained = new Set(directive);
  for (const [key, value] of Object.entries(patch)) {
    if (key === retainKeysDirective || value === null) continue;
    if (key.startsWith(deleteFromListPrefix) || key.startsWith(elementOrderPrefix)) continue;
    if (!retained.has(key)) throw badFormat('retainKeys');
  }
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(original)) {
    if (retained.has(key)) setOwn(result, key, value);
  }
  return result;
}

/** A patch value that meets nothing to merge with: without null members; undefined when a `$patch` directive voids it. */
export function withoutDirectives(value: Json): Json | undefined {
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      const plain = withoutDirectives(item);
      return plain === undefined ? [] : [plain];
    });
  }
  if (!isJsonObject(value)) return value;
  if (Object.hasOwn(value, patchDirective)) return undefined;
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const plain = item === null ? undefined : withoutDirectives(item);
    if (plain !== undefined) setOwn(result, key, plain);
  }
  return result;
}
