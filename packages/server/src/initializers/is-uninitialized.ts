import type { KubeObject } from '@keelson/machinery';
import { awaitsInitializers, isEnvelope, unwrapMessage } from '@keelson/schema';
import type { StoredObject } from '@keelson/storage';

/** Whether an object is still waiting for initializers, or was given up by one of them. */
export function isUninitialized(object: StoredObject): boolean {
  if (object.unreadable !== undefined) return false;
  const { value } = object;
  if (isEnvelope(value)) return awaitsInitializers(unwrapMessage(value));
  return value.includes('"initializers"') && (JSON.parse(value.toString()) as KubeObject).metadata.initializers !== undefined;
}
