import { StorageError } from '../storage-error.js';

/** What the binding throws carries the cause in a promise of its own. */
interface CommitFailure extends Error {
  readonly commitError?: Promise<never>;
}

/** Failures that mean there is no room: MDB_MAP_FULL, ENOSPC, EDQUOT, EFBIG. */
const NO_ROOM = /MDB_MAP_FULL|No space left|Disk quota exceeded|File too large/;

/** A failed commit as writers see it. The store knows that nothing was written. */
export async function toStorageError(failure: unknown): Promise<StorageError> {
  const cause = await causeOf(failure as CommitFailure);
  if (NO_ROOM.test(cause.message)) return new StorageError('rejected', 'the store is out of space', undefined, { cause });
  return new StorageError('unavailable', `the store could not write: ${cause.message}`, undefined, { cause });
}

function causeOf(failure: CommitFailure): Promise<Error> {
  if (failure.commitError === undefined) return Promise.resolve(failure);
  return failure.commitError.catch((cause: Error) => cause);
}
