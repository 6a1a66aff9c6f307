import type { Revision } from '../kv.js';
import type { Freshness, KeyRange, ListOptions, ListPage, ResourceStore, UpdateOutcome, WatchHandle } from '../resource-store.js';
import { StorageError } from '../storage-error.js';
import type { StoredObject } from '../stored-object.js';

/** Objects that are made when they are read, and cannot be watched. */
export abstract class ReadOnlyStore implements ResourceStore {
  abstract get(path: string, freshness: Freshness): Promise<{ readonly object?: StoredObject; readonly revision: Revision }>;
  abstract list(range: KeyRange, options: ListOptions): Promise<ListPage>;
  abstract count(): Promise<number>;

  watch(): Promise<WatchHandle> {
    return Promise.reject(notStored());
  }

  create(): Promise<StoredObject> {
    return Promise.reject(notStored());
  }

  update(): Promise<UpdateOutcome> {
    return Promise.reject(notStored());
  }
}

function notStored(): StorageError {
  return new StorageError('rejected', 'objects that are made when they are read are not stored');
}
