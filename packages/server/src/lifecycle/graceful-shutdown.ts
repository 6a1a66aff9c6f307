import { setTimeout as sleep } from 'node:timers/promises';
import { serviceUnavailable } from '@keelson/machinery';
import type { InFlightRequests } from '../filters/in-flight.js';
import type { HealthCheck } from '../health/health-checks.js';
import type { Listener } from '../http/listen.js';
import type { Log } from '../logging/log.js';

export interface GracefulShutdownOptions {
  readonly listener: Pick<Listener, 'stopAccepting' | 'goAway' | 'empty' | 'close'>;
  readonly inFlight: InFlightRequests;
  readonly log: Log;
  /** `--shutdown-delay-duration`: time for load balancers to see that /readyz fails, while everything is still served. */
  readonly delayMs: number;
  /**
   * `--shutdown-send-retry-after`: the port stays open while requests drain, so that clients that come late are told to
   * go elsewhere, by the chain. Without it their connections are refused.
   */
  readonly sendRetryAfter?: boolean;
  /** What requests in flight may still take. */
  readonly drainMs?: number;
  /** Watches end spread over this time, so that their clients do not all come to the other replicas at once. */
  readonly watchSpreadMs?: number;
}

/** What connections without requests may take to close. */
const lingerMs = 2_000;

/**
 * The way out, as kube-apiserver goes it: not ready → wait → no new work → end watches little by little → wait for
 * what is in flight → close.
 */
export class GracefulShutdown {
  readonly #options: Required<GracefulShutdownOptions>;
  #begun: Promise<void> | undefined;
  #closing = false;

  constructor(options: GracefulShutdownOptions) {
    this.#options = { sendRetryAfter: false, drainMs: 60_000, watchSpreadMs: 10_000, ...options };
  }

  /** For /readyz, by the name `shutdown`. */
  readonly check: HealthCheck = () => {
    if (this.#begun !== undefined) throw new Error('process is shutting down');
  };

  /** Whether new requests are to be sent to another replica; for the chain. */
  readonly closing = (): boolean => this.#closing;

  /**
   * Fulfilled when every connection is closed. `beforeClosing` runs during the delay, and everything is served until it
   * is done. Calling it again waits for the same end.
   */
  run(beforeClosing: () => Promise<void> = async () => undefined): Promise<void> {
    this.#begun ??= this.#run(beforeClosing);
    return this.#begun;
  }

  async #run(beforeClosing: () => Promise<void>): Promise<void> {
    const { listener, inFlight, log, delayMs, sendRetryAfter } = this.#options;
    log.info(0, 'shutting down: not ready any more', { delayMs });
    await Promise.all([sleep(delayMs), this.#before(beforeClosing)]);
    this.#closing = true;
    if (!sendRetryAfter) this.#leave();
    log.info(0, 'shutting down: draining', { inFlight: inFlight.count });
    await within(this.#options.drainMs, (late) => Promise.all([this.#endWatches(late), inFlight.idle()]));
    if (inFlight.count > 0) log.warn('shutting down: requests were cut off', { inFlight: inFlight.count });
    else {
      if (sendRetryAfter) this.#leave();
      await within(lingerMs, () => listener.empty());
    }
    listener.close();
  }

  /** The server ends whether or not it could tidy up before. */
  async #before(beforeClosing: () => Promise<void>): Promise<void> {
    try {
      await beforeClosing();
    } catch (error) {
      this.#options.log.error('shutting down: something was left undone', { error });
    }
  }

  #leave(): void {
    const { listener } = this.#options;
    listener.stopAccepting();
    listener.goAway();
  }

  async #endWatches(late: AbortSignal): Promise<void> {
    const { inFlight, watchSpreadMs } = this.#options;
    const reason = serviceUnavailable('apiserver is shutting down');
    const watches = inFlight.longRunning();
    for (const [at, watch] of watches.entries()) {
      if (at > 0) await pause(watchSpreadMs / watches.length, late);
      watch.abort(reason);
    }
  }
}

/** Waits for the work, but not longer than `ms`; the work is told by the signal when nobody waits any more. */
async function within(ms: number, work: (late: AbortSignal) => Promise<unknown>): Promise<void> {
  const over = new AbortController();
  await Promise.race([work(over.signal), pause(ms, over.signal)]);
  over.abort();
}

/** Over after `ms`, or when it is cut short. */
function pause(ms: number, cut: AbortSignal): Promise<void> {
  if (cut.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      cut.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    cut.addEventListener('abort', over);
  });
}
