import type { JsonObject, KubeObject } from '@keelson/machinery';

export function asJson(object: KubeObject): JsonObject {
  return object as unknown as JsonObject;
}
