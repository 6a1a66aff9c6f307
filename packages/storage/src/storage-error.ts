import type { Revision } from './kv.js';

export type StorageErrorCode =
  /** The revision asked for is older than the kept history; `revision` is the oldest kept, where known. */
  | 'compacted'
  /** The revision asked for has not happened yet; `revision` is the current one. */
  | 'futureRevision'
  | 'keyExists'
  | 'keyNotFound'
  /** There was no connection to the store, or it broke while it read; nothing was written. */
  | 'unreachable'
  /** The store refused; nothing was written. */
  | 'unavailable'
  /** The store was reached but did not answer: the write may or may not be applied. */
  | 'ambiguous'
  /** The store refuses the write: it has no room for it, or takes nothing like it. */
  | 'rejected'
  /** The store refuses the write, whatever room it has: it is too large. */
  | 'tooLarge'
  /** A deadline passed before a read was answered, or before a cache was fresh enough. */
  | 'timeout'
  /** The stored value cannot be read: it is encrypted by a key that is not at hand, or damaged. */
  | 'unreadable'
  | 'closed';

/** Every failure of the storage package. One small closed set, mapped to Status in one table of the server. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  /** False where the words are not the store's: it gave no answer. */
  readonly answered: boolean;

  constructor(
    readonly code: StorageErrorCode,
    message: string,
    readonly revision?: Revision,
    { answered = true, ...options }: ErrorOptions & { readonly answered?: boolean } = {},
  ) {
    super(message, options);
    this.answered = answered;
  }
}

export function isStorageError(error: unknown, code: StorageErrorCode): error is StorageError {
  return error instanceof StorageError && error.code === code;
}
