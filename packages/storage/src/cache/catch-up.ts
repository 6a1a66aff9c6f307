import { TimeSlice } from '@keelson/machinery';
import type { KvBackend, Revision } from '../kv.js';
import { StorageError } from '../storage-error.js';
import { streamChanges } from '../store/change-stream.js';
import type { CacheWatcher } from './cache-watcher.js';
import type { ChangeSource } from './change-source.js';

const PROGRESS_INTERVAL_MS = 50;

/**
 * Brings a watcher from revision `after` to the present, and makes it live in the same turn: no change is missed and none
 * comes twice. What the source's ring does not hold any more is read from the backend's history.
 */
export async function catchUp(watcher: CacheWatcher, after: Revision, source: ChangeSource, backend: KvBackend): Promise<void> {
  watcher.caughtUpTo = after;
  while (!watcher.stopped && !watcher.live) {
    if (watcher.caughtUpTo >= source.ring.after) await replayRing(watcher, source);
    else await replayHistory(watcher, source, backend);
  }
}

/** Ends with the watcher live, or when the ring dropped changes that it still needs. */
async function replayRing(watcher: CacheWatcher, source: ChangeSource): Promise<void> {
  const { ring } = source;
  const slice = new TimeSlice();
  let at = ring.firstAfter(watcher.caughtUpTo);
  for (;;) {
    const change = ring.at(at);
    if (change === undefined) break;
    watcher.replay(change);
    if (watcher.stopped) return;
    at += 1;
    const behind = watcher.ready();
    if ((slice.spent() || behind !== undefined) && ring.at(at)?.revision !== change.revision) {
      watcher.caughtUpTo = change.revision;
      await (behind ?? slice.next());
      if (watcher.stopped || watcher.caughtUpTo < ring.after) return;
    }
  }
  watcher.caughtUpTo = Math.max(watcher.caughtUpTo, source.revision);
  watcher.live = true;
  source.watchers.add(watcher);
}

/** Ends when the ring holds the rest. */
async function replayHistory(watcher: CacheWatcher, source: ChangeSource, backend: KvBackend): Promise<void> {
  const reading = new AbortController();
  const signal = AbortSignal.any([reading.signal, watcher.signal]);
  const slice = new TimeSlice();
  const path = watcher.range.path;
  // A quiet resource has no event that would tell when history is exhausted.
  const progress = setInterval(() => backend.requestProgress(), PROGRESS_INTERVAL_MS);
  try {
    for await (const batch of streamChanges(backend, source.layout, path, watcher.caughtUpTo + 1, signal)) {
      for (const change of batch.changes) {
        watcher.replay(change);
        const pause = watcher.ready() ?? (slice.spent() ? slice.next() : undefined);
        if (pause !== undefined) await pause;
      }
      watcher.caughtUpTo = Math.max(watcher.caughtUpTo, batch.revision);
      if (watcher.stopped || watcher.caughtUpTo >= source.ring.after) return;
    }
    if (!watcher.stopped) throw new StorageError('closed', 'the store is closed');
  } finally {
    clearInterval(progress);
    reading.abort();
  }
}
