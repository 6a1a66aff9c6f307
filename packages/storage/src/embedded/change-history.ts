import { checkNotCompacted } from '../history/check-revision.js';
import type { History } from '../history/watch-feed.js';
import type { KeyValue, KvEvent, Revision, WatchBatch } from '../kv.js';
import { decodeChange } from './change-record.js';
import type { Layout } from './layout.js';
import { type RecentChange, RecentChanges } from './recent-changes.js';

/** What one batch may cover when it is read from disk. */
const MAX_CHANGES = 250;
const MAX_BYTES = 1024 * 1024;

/** Changes as watches see them: the recent ones from memory, older ones from disk. */
export class ChangeHistory implements History {
  readonly #layout: Layout;
  readonly #recent = new RecentChanges();
  #revision: Revision;
  #compacted: Revision;

  constructor(layout: Layout, start: { readonly revision: Revision; readonly compacted: Revision }) {
    this.#layout = layout;
    this.#revision = start.revision;
    this.#compacted = start.compacted;
  }

  get revision(): Revision {
    return this.#revision;
  }

  get compacted(): Revision {
    return this.#compacted;
  }

  /** Takes committed changes, in order. */
  add(changes: readonly RecentChange[]): void {
    this.#recent.add(changes);
    this.#revision = changes.at(-1)?.modRevision ?? this.#revision;
  }

  compactedTo(revision: Revision): void {
    this.#compacted = revision;
  }

  read(prefix: string, from: Revision, withPrevious: boolean): WatchBatch {
    checkNotCompacted(from, this.#compacted);
    const recent = this.#recent.since(from);
    if (recent === undefined) return this.#readDisk(prefix, from, withPrevious);
    const events: KvEvent[] = [];
    for (const change of recent) {
      if (change.key.startsWith(prefix)) events.push(this.#toEvent(change, change.value && Buffer.from(change.value), withPrevious));
    }
    return { events, revision: this.#revision };
  }

  #readDisk(prefix: string, from: Revision, withPrevious: boolean): WatchBatch {
    const events: KvEvent[] = [];
    let revision = this.#revision;
    let bytes = 0;
    let looked = 0;
    // The disk may already hold changes that are not yet shown.
    for (const { key: modRevision, value } of this.#layout.changes.getRange({ start: from, end: this.#revision + 1 })) {
      const change = { ...decodeChange(value), modRevision };
      if (change.key.startsWith(prefix)) {
        const put = change.type === 'put' ? this.#layout.values.get(modRevision) : undefined;
        events.push(this.#toEvent(change, put, withPrevious));
        bytes += put?.length ?? 0;
      }
      if (++looked < MAX_CHANGES && bytes < MAX_BYTES) continue;
      revision = modRevision;
      break;
    }
    return { events, revision };
  }

  #toEvent(change: Omit<RecentChange, 'value'>, value: Buffer | undefined, withPrevious: boolean): KvEvent {
    const { type, key, modRevision, created } = change;
    const previous = withPrevious ? this.#previous(change) : undefined;
    return { type, key, modRevision, created, ...(value && { value }), ...(previous && { previous }) };
  }

  #previous(change: Omit<RecentChange, 'value'>): KeyValue | undefined {
    if (change.created || change.previous === 0) return undefined;
    const value = this.#layout.values.get(change.previous);
    return value && { key: change.key, value, modRevision: change.previous };
  }
}
