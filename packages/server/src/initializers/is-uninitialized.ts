import { awaitsInitializers, isEnvelope, unwrapMessage } from '@keelson/schema';
import type { StoredObject } from '@keelson/storage';
import { parseText } from '../resource/stored/stored-encoding.js';

/** Whether an object is still waiting for initializers, or was given up by one of them. */
export function isUninitialized(object: StoredObject): boolean {
  if (object.unreadable !== undefined) return false;
  const { value } = object;
  if (isEnvelope(value)) return awaitsInitializers(unwrapMessage(value));
  return value.includes('initializers') && parseText(value).metadata.initializers !== undefined;
}
