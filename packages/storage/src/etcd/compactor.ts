import type { Revision } from '../kv.js';
import { StorageError } from '../storage-error.js';
import type { EtcdCalls } from './etcd-calls.js';
import { Slab } from './slab.js';
import { COMPACT, encodeCompaction } from './wire/compaction.js';
import { decodeConditionalWrite, encodeConditionalWrite, TXN } from './wire/txn.js';

/** Shared with kube-apiserver, so that all servers of an etcd compact it once per interval together. */
export const COMPACT_KEY = 'compact_rev_key';

/** What a compactor knows from its last round. */
export interface CompactorState {
  /** The version of the key: a clock that everyone who compacts moves on. */
  readonly clock: number;
  /** The store's revision then: what the next round compacts to, if nobody else did. */
  readonly revision: Revision;
  /** What has been compacted, by whomever. */
  readonly compacted: Revision;
}

/**
 * Discards history that is older than an interval. Each round tries to move the clock on from where it was last seen.
 * One server succeeds and compacts to the revision of its last round; the others see the clock moved and wait a round.
 */
export class Compactor {
  readonly #calls: EtcdCalls;
  readonly #timer: NodeJS.Timeout;
  readonly #slab = new Slab(1024);
  #state: CompactorState = { clock: 0, revision: 0, compacted: 0 };
  #round: Promise<void> | undefined;

  constructor(calls: EtcdCalls, intervalMs: number) {
    this.#calls = calls;
    this.#timer = setInterval(() => {
      this.#round ??= this.#next();
    }, intervalMs).unref();
  }

  get compacted(): Revision {
    return this.#state.compacted;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #next(): Promise<void> {
    try {
      this.#state = await compactRound(this.#calls, this.#slab, this.#state);
    } catch (error) {
      // The next round tries again: the clock tells it what has happened.
      if (!(error instanceof StorageError)) throw error;
    } finally {
      this.#round = undefined;
    }
  }
}

export async function compactRound(calls: EtcdCalls, slab: Slab, state: CompactorState): Promise<CompactorState> {
  const request = encodeConditionalWrite({
    key: COMPACT_KEY,
    condition: { version: state.clock },
    value: Buffer.from(String(state.revision)),
  });
  const { succeeded, revision, current } = decodeConditionalWrite(await calls.write(TXN, request), slab);
  if (!succeeded) return { clock: current?.version ?? 0, revision, compacted: saidRevision(current?.value) ?? state.compacted };
  if (state.revision > 0) await calls.write(COMPACT, encodeCompaction(state.revision));
  return { clock: state.clock + 1, revision, compacted: state.revision };
}

/** What the one who moved the clock on compacts to. */
function saidRevision(value: Uint8Array | undefined): Revision | undefined {
  const revision = value && Number(Buffer.from(value).toString());
  return Number.isSafeInteger(revision) ? revision : undefined;
}
