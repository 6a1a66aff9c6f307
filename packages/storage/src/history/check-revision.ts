import type { Revision } from '../kv.js';
import { StorageError } from '../storage-error.js';

/** What a store keeps: states from `compacted` to `current`, both included. */
export interface KeptRevisions {
  readonly compacted: Revision;
  readonly current: Revision;
}

/** Throws unless the state at `revision` can be read. */
export function checkReadable(revision: Revision, kept: KeptRevisions): void {
  checkNotCompacted(revision, kept.compacted);
  if (revision > kept.current) throw futureRevision(revision, kept.current);
}

/** Throws unless every change from `revision` on is still in history. */
export function checkNotCompacted(revision: Revision, compacted: Revision): void {
  if (revision < compacted) throw alreadyCompacted(revision, compacted);
}

/** Throws unless history may be discarded before `revision`. */
export function checkCompactable(revision: Revision, kept: KeptRevisions): void {
  if (revision <= kept.compacted) throw alreadyCompacted(revision, kept.compacted);
  if (revision > kept.current) throw futureRevision(revision, kept.current);
}

function alreadyCompacted(revision: Revision, compacted: Revision): StorageError {
  return new StorageError('compacted', `revision ${revision} has been compacted, the oldest kept is ${compacted}`, compacted);
}

function futureRevision(revision: Revision, current: Revision): StorageError {
  return new StorageError('futureRevision', `revision ${revision} is in the future, the current one is ${current}`, current);
}
