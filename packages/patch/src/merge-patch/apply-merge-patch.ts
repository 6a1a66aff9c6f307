import type { Json, JsonObject } from '@keelson/machinery';
import { inOrder } from '../json/in-order.js';
import { getOwn, isJsonObject, setOwn } from '../json/own-property.js';

/**
 * Applies a JSON Merge Patch (RFC 7386): null deletes, objects merge, everything else replaces. Neither argument is
 * changed; the result shares what the patch left alone. Objects that were merged or came with the patch have their
 * members in order, as Kubernetes writes them.
 */
export function applyMergePatch(document: JsonObject, patch: JsonObject): JsonObject {
  const result = { ...document };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else setOwn(result, key, mergeValue(getOwn(result, key), value));
  }
  return inOrder(result);
}

/**
 * Nulls below a value that meets nothing of its shape are dropped, also inside arrays; only an array that takes the
 * place of an object keeps them, as in the reference implementation.
 */
function mergeValue(current: Json | undefined, patch: Json): Json {
  if (!isJsonObject(current)) return withoutNullMembers(patch);
  return isJsonObject(patch) ? applyMergePatch(current, patch) : patch;
}

function withoutNullMembers(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNullMembers);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return inOrder(Object.fromEntries(kept), withoutNullMembers);
}
