export { compareKeys } from './history/key-order.js';
export { MAX_VALUE_BYTES } from './history/write-limits.js';
export type {
  CasResult,
  KeyValue,
  KvBackend,
  KvEvent,
  KvListOptions,
  KvListResult,
  KvReadOptions,
  KvWatchOptions,
  Revision,
  WatchBatch,
} from './kv.js';
export { isStorageError, StorageError, type StorageErrorCode } from './storage-error.js';
