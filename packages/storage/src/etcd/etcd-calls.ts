import { setMaxListeners } from 'node:events';
import type { StorageError } from '../storage-error.js';
import { backoffMs, pause } from './backoff.js';
import { storageError, type Verdict, verdictOn } from './etcd-errors.js';
import type { EtcdSettings } from './etcd-options.js';
import { Members } from './members.js';
import { CallError, type Transport } from './transport/transport.js';

/** Unary requests to whichever member answers. Fails with `StorageError`. */
export class EtcdCalls {
  readonly #members: Members<Transport>;
  readonly #settings: EtcdSettings;
  readonly #closed = new AbortController();

  constructor(transports: readonly Transport[], settings: EtcdSettings) {
    this.#members = new Members(transports);
    this.#settings = settings;
    // One for every request that waits for its next attempt.
    setMaxListeners(0, this.#closed.signal);
  }

  get members(): readonly Transport[] {
    return this.#members.all;
  }

  /** A request that may be made any number of times. */
  read(path: string, request: Uint8Array, timeoutMs = this.#settings.requestTimeoutMs): Promise<Uint8Array> {
    return this.#call(path, request, timeoutMs, true);
  }

  /** A request that is made again only when it was surely not applied; `ambiguous` when that is not known. */
  write(path: string, request: Uint8Array, timeoutMs = this.#settings.requestTimeoutMs): Promise<Uint8Array> {
    return this.#call(path, request, timeoutMs, false);
  }

  close(): void {
    this.#closed.abort();
    for (const member of this.#members.all) member.close();
  }

  async #call(path: string, request: Uint8Array, timeoutMs: number, repeatable: boolean): Promise<Uint8Array> {
    const { attemptTimeoutMs } = this.#settings;
    const deadlineMs = performance.now() + timeoutMs;
    let last: CallError | undefined;
    for (let attempt = 0; ; attempt++) {
      const member = this.#members.current;
      const remainingMs = deadlineMs - performance.now();
      try {
        return await member.unary(path, request, Math.min(remainingMs, attemptTimeoutMs));
      } catch (caught) {
        if (!(caught instanceof CallError)) throw caught;
        // The end of what was left of the time says less than the attempt before. A write may have been made by it.
        const wasCutShort = repeatable && remainingMs < attemptTimeoutMs && verdictOn(caught).code === 'timeout';
        const error: CallError = (wasCutShort ? last : undefined) ?? caught;
        const verdict = verdictOn(error);
        last = error;
        const pauseMs = this.#recover(member, verdict, attempt);
        const again = repeatable || verdict.notApplied;
        if (!again && verdict.retry !== undefined) throw this.#failure('ambiguous', error);
        if (verdict.retry === undefined || performance.now() + pauseMs >= deadlineMs) throw this.#failure(verdict.code, error);
        await pause(pauseMs, this.#closed.signal);
        if (this.#closed.signal.aborted) throw this.#failure(verdict.code, error);
      }
    }
  }

  /** Prepares the next attempt; returns how long to wait before it. */
  #recover(member: Transport, verdict: Verdict, attempt: number): number {
    if (verdict.retry === 'elsewhere') this.#members.leave(member);
    if (verdict.retry === 'login') member.reset();
    // Every member gets its chance at once; then time must help.
    const round = attempt - (this.#members.all.length - 1);
    return verdict.retry !== 'here' && round < 0 ? 0 : backoffMs(Math.max(0, round));
  }

  #failure(code: StorageError['code'], cause: CallError): StorageError {
    return storageError(this.#closed.signal.aborted && code !== 'ambiguous' ? 'closed' : code, cause);
  }
}
