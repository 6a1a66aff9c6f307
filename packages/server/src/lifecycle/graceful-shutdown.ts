import { serviceUnavailable } from '@keelson/machinery';
import type { InFlightRequests } from '../filters/in-flight.js';
import type { HealthCheck } from '../health/health-checks.js';
import type { Listener } from '../http/listen.js';
import type { Log } from '../logging/log.js';

export interface GracefulShutdownOptions {
  readonly listener: Pick<Listener, 'stopAccepting' | 'goAway' | 'close'>;
  readonly inFlight: InFlightRequests;
  readonly log: Log;
  /** `--shutdown-delay-duration`: time for load balancers to see that /readyz fails, while everything is still served. */
  readonly delayMs: number;
  /** What requests in flight may still take. */
  readonly drainMs?: number;
  /** Watches end spread over this time, so that their clients do not all come to the other replicas at once. */
  readonly watchSpreadMs?: number;
}

/**
 * The way out, as kube-apiserver goes it: not ready → wait → no new work → end watches little by little → wait for
 * what is in flight → close.
 */
export class GracefulShutdown {
  readonly #options: Required<GracefulShutdownOptions>;
  readonly #hurry = new AbortController();
  #begun: Promise<void> | undefined;
  #closing = false;

  constructor(options: GracefulShutdownOptions) {
    this.#options = { drainMs: 60_000, watchSpreadMs: 10_000, ...options };
  }

  /** For /readyz, by the name `shutdown`. */
  readonly check: HealthCheck = () => {
    if (this.#begun !== undefined) throw new Error('process is shutting down');
  };

  /** Whether new requests are to be sent to another replica; for the chain. */
  readonly closing = (): boolean => this.#closing;

  /** Fulfilled when every connection is closed. Calling it again waits for the same end. */
  run(): Promise<void> {
    this.#begun ??= this.#run();
    return this.#begun;
  }

  /** Skips what is left to wait for: the second signal. */
  hurry(): void {
    this.#hurry.abort();
  }

  async #run(): Promise<void> {
    const { listener, inFlight, log, delayMs, drainMs } = this.#options;
    log.info(0, 'shutting down: not ready any more', { delayMs });
    await this.#wait(delayMs);
    this.#closing = true;
    listener.stopAccepting();
    listener.goAway();
    log.info(0, 'shutting down: draining', { inFlight: inFlight.count });
    const deadline = new AbortController();
    await Promise.race([Promise.all([this.#endWatches(), inFlight.idle()]), this.#wait(drainMs, deadline.signal)]);
    deadline.abort();
    if (inFlight.count > 0) log.warn('shutting down: requests were cut off', { inFlight: inFlight.count });
    listener.close();
  }

  /** All at once when hurried. */
  async #endWatches(): Promise<void> {
    const { inFlight, watchSpreadMs } = this.#options;
    const reason = serviceUnavailable('apiserver is shutting down');
    const watches = inFlight.longRunning();
    for (const [at, watch] of watches.entries()) {
      if (at > 0) await this.#wait(watchSpreadMs / watches.length);
      watch.abort(reason);
    }
  }

  /** Over after `ms`, when hurried, or when cancelled. */
  #wait(ms: number, cancelled?: AbortSignal): Promise<void> {
    const hurried = this.#hurry.signal;
    if (hurried.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const over = (): void => {
        clearTimeout(timer);
        hurried.removeEventListener('abort', over);
        resolve();
      };
      const timer = setTimeout(over, ms);
      hurried.addEventListener('abort', over);
      cancelled?.addEventListener('abort', over, { once: true });
    });
  }
}
