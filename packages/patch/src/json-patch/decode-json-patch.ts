import type { Json, JsonObject } from '@keelson/machinery';
import { jsonKind } from '@keelson/schema';
import { isJsonObject } from '../json/own-property.js';
import { JsonPatchError } from './json-patch-error.js';

/** The operations of a patch; throws `JsonPatchError` when it has not the form of one. The types are what that names. */
export function decodeJsonPatch(patch: Json, listType = 'jsonpatch.Patch', operationType = 'jsonpatch.Operation'): JsonObject[] {
  if (patch === null) return [];
  if (!Array.isArray(patch)) throw undecodable(patch, listType);
  return patch.map((operation) => {
    if (operation === null) return {};
    if (!isJsonObject(operation)) throw undecodable(operation, operationType);
    return operation;
  });
}

function undecodable(value: Json, type: string): JsonPatchError {
  return new JsonPatchError(`json: cannot unmarshal ${jsonKind(value)} into Go value of type ${type}`);
}
