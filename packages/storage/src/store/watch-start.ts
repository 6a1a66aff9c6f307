import type { KvBackend, Revision } from '../kv.js';
import type { Freshness, WatchOptions } from '../resource-store.js';

/** Where a watch begins, once `now` has become a revision. */
export type WatchStart = { readonly after: Revision } | { readonly freshness: Freshness };

/** `now` is decided before the watch is accepted: what is written after that is seen. */
export async function startOf({ from }: WatchOptions, backend: KvBackend): Promise<WatchStart> {
  if ('after' in from) return { after: from.after };
  return from.at === 'now' ? { after: await backend.currentRevision() } : { freshness: from.freshness };
}
