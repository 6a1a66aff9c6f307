import type { KvEvent, Revision, WatchBatch } from '../../kv.js';
import { StorageError } from '../../storage-error.js';
import { backoffMs, pause } from '../backoff.js';
import { storageError, verdictOn } from '../etcd-errors.js';
import type { KeySpan } from '../key-span.js';
import type { Members } from '../members.js';
import { Slab } from '../slab.js';
import { CallError, type StreamCall } from '../transport/transport.js';
import { decodeWatchResponse, EVERY_WATCH, encodeWatchCreate, encodeWatchProgress, type WatchResponse } from '../wire/watch.js';
import { BatchQueue } from './batch-queue.js';
import type { WatchMember } from './watch-member.js';

/** Small: values of a watch are replaced one by one, and each keeps its slab alive. */
const SLAB_BYTES = 16 * 1024;
/** gRPC status UNKNOWN, for the reason of a cancellation: it comes as text only. */
const UNKNOWN = 2;
/** Servers drop a progress request while a watch is behind. One without an answer is repeated after this time, doubled each time. */
const PROGRESS_RETRY_MS = 250;
const MAX_PROGRESS_RETRY_MS = 4000;

export interface EtcdWatchOptions {
  readonly span: KeySpan;
  readonly from: Revision;
  readonly previous: boolean;
  readonly signal: AbortSignal;
  /** Linearizable; tells a member that lags from a store that went back in time. */
  readonly currentRevision: () => Promise<Revision>;
}

/**
 * One watch, on a stream of its own, continued on another member when a stream ends. `#position` alone decides what is
 * delivered: events at or below it were delivered before, whatever a member sends.
 */
export class EtcdWatch implements AsyncIterable<WatchBatch> {
  readonly #members: Members<WatchMember>;
  readonly #options: EtcdWatchOptions;
  readonly #queue: BatchQueue;
  readonly #slab = new Slab(SLAB_BYTES);
  readonly #stop = new AbortController();
  /** Every change up to here was delivered. */
  #position: Revision;
  #member: WatchMember | undefined;
  #stream: StreamCall | undefined;
  #paused = false;
  #created = false;
  /** Events of responses that say more of the same revision follows. */
  #fragments: KvEvent[] = [];
  #progressWanted = false;
  /** Set while a progress request waits for its answer. */
  #progressRetry: NodeJS.Timeout | undefined;
  #progressRetryMs = PROGRESS_RETRY_MS;

  constructor(members: Members<WatchMember>, options: EtcdWatchOptions) {
    this.#members = members;
    this.#options = options;
    this.#position = options.from - 1;
    this.#queue = new BatchQueue({ pause: () => this.#setPaused(true), resume: () => this.#setPaused(false) }, () => this.stop());
    options.signal.addEventListener('abort', this.#abort, { once: true });
    if (options.signal.aborted) this.stop();
    else this.#run().catch((error: Error) => this.stop(error));
  }

  [Symbol.asyncIterator](): AsyncIterator<WatchBatch> {
    return this.#queue;
  }

  /** Called when the watch is over, for whatever reason. */
  onEnd: () => void = () => undefined;

  /** Ends the watch, with an error unless its reader asked for the end. */
  stop(error?: Error): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#options.signal.removeEventListener('abort', this.#abort);
    this.#stream?.cancel();
    this.#progressAnswered();
    this.#queue.end(error);
    this.onEnd();
  }

  get over(): boolean {
    return this.#stop.signal.aborted;
  }

  requestProgress(): void {
    this.#progressWanted = true;
    this.#askProgress();
  }

  readonly #abort = (): void => this.stop();

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stop.signal.aborted; failures++) {
      const member = this.#members.current;
      this.#member = member;
      this.#created = false;
      const error = await this.#follow(member);
      if (this.#stop.signal.aborted) return;
      if (this.#created) failures = 0;
      if (!this.#recover(member, error)) return;
      await pause(failures === 0 ? 0 : backoffMs(failures - 1), this.#stop.signal);
    }
  }

  /** One stream, to its end. Resolves with why it ended. */
  async #follow(member: WatchMember): Promise<CallError> {
    try {
      await member.learnVersion();
    } catch (error) {
      if (error instanceof CallError) return error;
      throw error;
    }
    if (this.#stop.signal.aborted) return new CallError(UNKNOWN, 'stopped', false);
    return new Promise((resolve) => {
      this.#fragments = [];
      this.#progressWanted ||= this.#progressRetry !== undefined;
      this.#progressAnswered();
      const stream = member.open({ message: (bytes) => this.#receive(bytes, failed), end: resolve });
      const failed = (error: CallError) => {
        stream.cancel();
        resolve(error);
      };
      this.#stream = stream;
      if (this.#paused) stream.pause();
      stream.send(encodeWatchCreate(this.#options.span, this.#startRevision, this.#options.previous));
    });
  }

  /**
   * A watch that goes on starts at what it has seen, not behind it: etcd before 3.4.36 and 3.5.18 drops a delete at the
   * very revision it was compacted to (etcd#19179), and would not say so.
   */
  get #startRevision(): Revision {
    return Math.max(this.#position, this.#options.from);
  }

  /** Decides whether to go on after a stream ended. */
  #recover(member: WatchMember, error: CallError): boolean {
    this.#stream = undefined;
    const { retry, code } = verdictOn(error);
    if (retry === undefined) this.stop(storageError(code, error));
    if (retry === 'elsewhere') this.#members.leave(member);
    if (retry === 'login') member.transport.reset();
    return retry !== undefined;
  }

  #receive(bytes: Uint8Array, failed: (error: CallError) => void): void {
    let response: WatchResponse;
    try {
      response = decodeWatchResponse(bytes, this.#slab);
    } catch (error) {
      failed(new CallError(UNKNOWN, `unreadable watch response: ${String(error)}`, true, { cause: error }));
      return;
    }
    if (response.canceled) this.#canceled(response, failed);
    else if (response.created) this.#accepted(response);
    else if (response.events.length > 0) this.#deliver(response);
    else if (response.watchId !== EVERY_WATCH || this.#member?.progressInOrder) this.#progress(response);
  }

  #canceled(response: WatchResponse, failed: (error: CallError) => void): void {
    const { compactRevision, cancelReason } = response;
    if (compactRevision === 0) {
      failed(new CallError(UNKNOWN, cancelReason || 'the watch was canceled', true));
      return;
    }
    const message = `revision ${this.#position + 1} has been compacted, the oldest kept is ${compactRevision}`;
    this.stop(new StorageError('compacted', message, compactRevision));
  }

  #accepted(response: WatchResponse): void {
    this.#created = true;
    if (response.revision < this.#position && this.#position >= this.#options.from) void this.#checkHistory();
    this.#askProgress();
  }

  /** A store restored from a backup has lost what was delivered: going on would miss everything up to the old revision. */
  async #checkHistory(): Promise<void> {
    const position = this.#position;
    // The stream's own end is how an unreachable store shows.
    const revision = await this.#options.currentRevision().catch(() => position);
    if (revision >= position) return;
    this.stop(new StorageError('futureRevision', `the store is at revision ${revision}, ${position} was seen before`, revision));
  }

  #deliver(response: WatchResponse): void {
    if (response.fragment) {
      this.#fragments = this.#fragments.concat(response.events);
      return;
    }
    const all = this.#fragments.length > 0 ? this.#fragments.concat(response.events) : response.events;
    this.#fragments = [];
    const events = all[0] && all[0].modRevision > this.#position ? all : all.filter((event) => event.modRevision > this.#position);
    const last = events.at(-1);
    if (last === undefined) return;
    this.#position = last.modRevision;
    this.#queue.push({ events, revision: last.modRevision });
  }

  #progress(response: WatchResponse): void {
    if (response.watchId === EVERY_WATCH) this.#progressAnswered();
    if (response.revision >= this.#position) {
      this.#position = response.revision;
      this.#queue.push({ events: [], revision: response.revision });
    }
    this.#askProgress();
  }

  /** Sends a wanted progress request, unless one is on its way: its answer may be older than the wish. */
  #askProgress(): void {
    if (!this.#progressWanted || !this.#created || this.#progressRetry !== undefined) return;
    if (!this.#member?.progressInOrder) return;
    this.#progressWanted = false;
    this.#stream?.send(encodeWatchProgress());
    this.#progressRetry = setTimeout(() => {
      this.#progressRetry = undefined;
      this.#progressRetryMs = Math.min(this.#progressRetryMs * 2, MAX_PROGRESS_RETRY_MS);
      this.requestProgress();
    }, this.#progressRetryMs).unref();
  }

  #progressAnswered(): void {
    clearTimeout(this.#progressRetry);
    this.#progressRetry = undefined;
    this.#progressRetryMs = PROGRESS_RETRY_MS;
  }

  #setPaused(paused: boolean): void {
    this.#paused = paused;
    if (paused) this.#stream?.pause();
    else this.#stream?.resume();
  }
}
