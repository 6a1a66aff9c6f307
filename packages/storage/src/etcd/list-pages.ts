import type { KeyValue, KvListOptions, KvListResult, Revision } from '../kv.js';
import type { EtcdCalls } from './etcd-calls.js';
import { type KeySpan, spanBehind } from './key-span.js';
import { Slab } from './slab.js';
import { toKeyValue } from './wire/key-value.js';
import { decodeRange, encodeRange, RANGE } from './wire/range.js';

/** What one page should weigh: small enough to be decoded in a few milliseconds, large enough to be worth a request. */
const PAGE_BYTES = 1024 * 1024;
const FIRST_PAGE_KEYS = 500;
const MIN_PAGE_KEYS = 16;
const MAX_PAGE_KEYS = 10_000;
/** Large: what is listed together mostly lives together. */
const SLAB_BYTES = 64 * 1024;

/** Lists of any size in requests of bounded size, all at the revision of the first. */
export class ListPages {
  readonly #calls: EtcdCalls;

  constructor(calls: EtcdCalls) {
    this.#calls = calls;
  }

  async read(span: KeySpan, options: KvListOptions): Promise<KvListResult> {
    const slab = new Slab(SLAB_BYTES);
    const wanted = options.limit || Number.POSITIVE_INFINITY;
    const { keysOnly = false } = options;
    let pageKeys = keysOnly ? MAX_PAGE_KEYS : FIRST_PAGE_KEYS;
    let first: { readonly count: number; readonly revision: Revision } | undefined;
    const kvs: KeyValue[] = [];
    for (let rest = span; ; ) {
      const limit = Math.min(pageKeys, wanted - kvs.length);
      const revision = options.revision ?? first?.revision;
      const message = await this.#calls.read(
        RANGE,
        encodeRange({ span: rest, limit, keysOnly, ...(revision !== undefined && { revision }) }),
      );
      const page = decodeRange(message, slab);
      first ??= { count: page.count, revision: page.revision };
      for (const kv of page.kvs) kvs.push(toKeyValue(kv));
      const last = page.kvs.at(-1);
      if (last === undefined || kvs.length >= wanted || page.kvs.length === page.count) return { kvs, ...first };
      rest = spanBehind(span, last.key);
      if (!keysOnly) pageKeys = nextPageKeys(page.kvs.length, message.length);
    }
  }
}

function nextPageKeys(keys: number, bytes: number): number {
  const fitting = Math.floor((PAGE_BYTES * keys) / Math.max(1, bytes));
  return Math.min(MAX_PAGE_KEYS, Math.max(MIN_PAGE_KEYS, fitting));
}
