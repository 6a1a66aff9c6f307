import type { Transaction } from 'lmdb';
import type { KeyValue, Revision } from '../kv.js';
import { decodeChange } from './change-record.js';
import { behind, type EncodedRange, isStorable } from './keys.js';
import { decodeNumber, FIRST_REVISION, type Layout } from './layout.js';

/** A key and the revision of the write that made its state. */
export interface KeyState {
  readonly key: string;
  readonly revision: Revision;
}

/** One committed state of the store with its kept history. Must be released: until then its pages are not reused. */
export class Snapshot {
  readonly #layout: Layout;
  readonly #transaction: Transaction;
  readonly #options: { readonly transaction: Transaction };
  readonly revision: Revision;
  readonly compacted: Revision;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#transaction = layout.root.useReadTransaction();
    this.#options = { transaction: this.#transaction };
    this.revision = decodeNumber(layout.counters.get('revision', this.#options)) ?? FIRST_REVISION;
    this.compacted = decodeNumber(layout.counters.get('compacted', this.#options)) ?? 0;
  }

  release(): void {
    this.#transaction.done();
  }

  /** Revision of the write that made the key's state at `at`; undefined when it did not exist then. */
  revisionOf(key: string, at: Revision): Revision | undefined {
    if (!isStorable(key)) return undefined;
    const head = decodeNumber(this.#layout.heads.get(Buffer.from(key), this.#options));
    return head === undefined ? undefined : this.#shownAt(head, at);
  }

  /** The keys of `range` that exist at `at`, of the first `limit` looked at; `rest` is what is left to look at. */
  states(range: EncodedRange, at: Revision, limit: number): { readonly states: readonly KeyState[]; readonly rest?: EncodedRange } {
    const states: KeyState[] = [];
    let last: Buffer | undefined;
    let looked = 0;
    for (const { key, value } of this.#layout.heads.getRange({ ...range, limit, ...this.#options })) {
      last = key;
      looked++;
      const revision = this.#shownAt(value.readDoubleBE(), at);
      if (revision !== undefined) states.push({ key: key.toString('utf8'), revision });
    }
    return last !== undefined && looked === limit ? { states, rest: { ...range, start: behind(last) } } : { states };
  }

  read(state: KeyState): KeyValue {
    const value = this.value(state.revision);
    if (value === undefined) throw new Error(`the value of ${state.key} at revision ${state.revision} is missing`);
    return { key: state.key, value, modRevision: state.revision };
  }

  /** A copy that outlives the snapshot; undefined for deletes and compacted revisions. */
  value(revision: Revision): Buffer | undefined {
    return this.#layout.values.get(revision, this.#options);
  }

  /** Walks from the newest write back to the one that `at` shows. Changes behind `at` are never compacted yet. */
  #shownAt(head: number, at: Revision): Revision | undefined {
    if (head > 0 && head <= at) return head;
    let revision = Math.abs(head);
    while (revision > at) {
      const change = this.#layout.changes.get(revision, this.#options);
      revision = change === undefined ? 0 : decodeChange(change).previous;
    }
    return revision > 0 && this.#layout.values.doesExist(revision, undefined as unknown as Buffer, this.#options) ? revision : undefined;
  }
}
