import { StorageError } from '../storage-error.js';
import type { StoredObject } from '../stored-object.js';
import type { ResourceLayout } from './resource-layout.js';

/** The object; throws, saying which one it is, when it cannot be read: no list is complete without it. */
export function readable(object: StoredObject, { prefix }: ResourceLayout): StoredObject {
  const { unreadable, path } = object;
  if (unreadable === undefined) return object;
  const message = `unable to transform key ${JSON.stringify(prefix + path)}: ${unreadable.message}`;
  throw new StorageError('unreadable', message, undefined, { cause: unreadable });
}
