import type { CasResult, KeyValue, KvEvent, Revision } from '../kv.js';
import { isStorageError, StorageError } from '../storage-error.js';
import type { EtcdCalls } from './etcd-calls.js';
import { isOutOfSpace } from './etcd-errors.js';
import { keySpan } from './key-span.js';
import { Slab } from './slab.js';
import { type EtcdKeyValue, toKeyValue } from './wire/key-value.js';
import { decodeRange, encodeRange, RANGE } from './wire/range.js';
import { decodeConditionalWrite, encodeConditionalWrite, TXN } from './wire/txn.js';

/** A compare-and-set of one key. */
export interface Change {
  readonly key: string;
  readonly expected: Revision;
  /** Absent: delete. */
  readonly value?: Uint8Array;
  readonly leaseId?: number;
}

/** The first event of `key` at `from` or later, from history; rejects when there is none in time. */
export type FirstEvent = (key: string, from: Revision, timeoutMs: number) => Promise<KvEvent>;

/** For the few values of conflicts and resolutions. */
const SLAB_BYTES = 16 * 1024;

/**
 * Writes by compare-and-set. When the answer got lost, or does not tell, the store itself tells what became of the write, as far
 * as it can:
 * - the key still is as expected after etcd has said that it has no space: it was refused, for good.
 * - the key still has the expected revision: it was not applied, so far. The same request is sent again, which is safe: it
 *   can be applied only once, because revisions never come back. (Not for a creation: "absent" does come back.)
 * - the first change after the expected revision is another one: that made it fail for good.
 * - the key that was to be created holds exactly what was to be written: it was applied. Whoever creates writes a value that
 *   nobody else would: objects have a uid.
 * All else stays ambiguous, also the very change that was asked for: two servers that add one to the same count, or take the
 * same port, write the same bytes over the same revision, and one of the two was refused.
 */
export class CompareAndSet {
  readonly #calls: EtcdCalls;
  readonly #firstEvent: FirstEvent;
  readonly #timeoutMs: number;
  readonly #slab = new Slab(SLAB_BYTES);

  /** `timeoutMs` is for a write together with finding out what became of it. */
  constructor(calls: EtcdCalls, firstEvent: FirstEvent, timeoutMs: number) {
    this.#calls = calls;
    this.#firstEvent = firstEvent;
    this.#timeoutMs = timeoutMs;
  }

  async apply(change: Change): Promise<CasResult> {
    const request = encodeConditionalWrite({ ...change, condition: { modRevision: change.expected } });
    const deadlineMs = performance.now() + this.#timeoutMs;
    try {
      return await this.#send(request, deadlineMs);
    } catch (error) {
      if (!isStorageError(error, 'ambiguous')) throw error;
      return await this.#resolve(change, request, deadlineMs, error);
    }
  }

  async #send(request: Uint8Array, deadlineMs: number): Promise<CasResult> {
    const message = await this.#calls.write(TXN, request, deadlineMs - performance.now());
    const { succeeded, revision, current } = decodeConditionalWrite(message, this.#slab);
    return succeeded ? { ok: true, revision } : conflict(revision, current);
  }

  async #resolve(change: Change, request: Uint8Array, deadlineMs: number, ambiguous: StorageError): Promise<CasResult> {
    // Whatever prevents finding out, what the caller must know is that the write may have been applied.
    const found = await this.#find(change, request, deadlineMs, ambiguous).catch(() => ambiguous);
    if (found instanceof StorageError) throw found;
    return found;
  }

  /** What became of a write; `ambiguous` when nobody can tell. */
  async #find(change: Change, request: Uint8Array, deadlineMs: number, ambiguous: StorageError): Promise<CasResult | StorageError> {
    const seen = await this.#read(change.key, deadlineMs);
    const isAsExpected = (seen.current?.modRevision ?? 0) === change.expected;
    if (isAsExpected && isOutOfSpace(ambiguous)) return new StorageError('rejected', ambiguous.message, undefined, { cause: ambiguous });
    if (change.expected === 0) return created(change, seen.current) ?? ambiguous;
    if (!isAsExpected) return (await this.#lost(change, seen, deadlineMs)) ?? ambiguous;
    const result = await this.#send(request, deadlineMs);
    return result.ok ? result : ((await this.#lost(change, result, deadlineMs)) ?? ambiguous);
  }

  /** `seen` when the change that came first was another one. */
  async #lost(change: Change, seen: Conflict, deadlineMs: number): Promise<Conflict | undefined> {
    const first = await this.#firstEvent(change.key, change.expected + 1, deadlineMs - performance.now());
    return makes(change, first) ? undefined : seen;
  }

  async #read(key: string, deadlineMs: number): Promise<Conflict> {
    const message = await this.#calls.read(RANGE, encodeRange({ span: keySpan(key) }), deadlineMs - performance.now());
    const { kvs, revision } = decodeRange(message, this.#slab);
    return conflict(revision, kvs[0]);
  }
}

type Conflict = Extract<CasResult, { ok: false }>;

function conflict(revision: Revision, current: EtcdKeyValue | undefined): Conflict {
  return { ok: false, revision, ...(current && { current: toKeyValue(current) }) };
}

function created({ value }: Change, current: KeyValue | undefined): CasResult | undefined {
  const isOurs = value !== undefined && current?.value.equals(value) === true;
  return isOurs ? { ok: true, revision: current.modRevision } : undefined;
}

function makes(change: Change, event: KvEvent): boolean {
  return change.value === undefined ? event.type === 'delete' : event.value?.equals(change.value) === true;
}
