export type { CacheStats } from './cache/cache-stats.js';
export { type ChangeRingLimits, DEFAULT_RING_LIMITS } from './cache/change-ring.js';
export { type ResourceOptions, StoreFeed, type StoreFeedOptions } from './cache/store-feed.js';
export type { StoreLists } from './cache/store-registry.js';
export type { BodyCache } from './encoded-bodies.js';
export { EncodedBodies } from './encoded-bodies.js';
export { EncryptedBackend, type OnTransformation, type ResourceCiphers } from './encryption/encrypted-backend.js';
export type { KmsObserver } from './encryption/kms/kms-observer.js';
export type { OpenedValue, ValueCipher } from './encryption/value-cipher.js';
export { KeyPrefixes } from './key-prefixes.js';
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
  ValueFlaw,
  WatchBatch,
} from './kv.js';
export * from './resource-store.js';
export { isStorageError, StorageError, type StorageErrorCode } from './storage-error.js';
export { type ContinuePosition, decodeContinue, encodeContinue, listExpired } from './store/continue-token.js';
export { DirectStore } from './store/direct-store.js';
export { ReadOnlyStore } from './store/read-only-store.js';
export type { ResourceLayout } from './store/resource-layout.js';
export { SelectedPage } from './store/selected-page.js';
export { type ObjectIndexer, StoredObject } from './stored-object.js';
export { type UnreadableObject, UnreadableObjects } from './unreadable-objects.js';
