import { internalError } from '@keelson/machinery';
import type { QuotaLedger } from './quota-ledger.js';
import type { QuotaRequest } from './quota-request.js';
import type { QuotaState } from './quota-state.js';
import { quotaVerdict } from './quota-verdict.js';

/** Nobody waits longer for a quota. */
const TIMEOUT_MS = 10_000;
/** So many are charged at once: judging them holds up everything else. */
const MAX_BATCH = 64;

/** One that waits until it has been charged. */
interface Waiter {
  readonly request: QuotaRequest;
  settle(error?: unknown): void;
  settled: boolean;
}

/** How a quota takes those who wait, going by what is known of it. */
interface Plan {
  readonly quota: string;
  readonly waiters: readonly Waiter[];
  /** Those who ask wrongly come first, then those who ask for too much: they need not be charged elsewhere. */
  readonly order: number;
}

/** Charges the requests in one namespace: those that come while others are being charged are charged together afterwards. */
export class NamespaceCharges {
  readonly #ledger: QuotaLedger;
  readonly #namespace: string;
  readonly #onIdle: () => void;
  readonly #waiting: Waiter[] = [];
  #running = false;

  /** `onIdle` is called when nobody waits any more. */
  constructor(ledger: QuotaLedger, namespace: string, onIdle: () => void) {
    this.#ledger = ledger;
    this.#namespace = namespace;
    this.#onIdle = onIdle;
  }

  /** Resolves when it has been charged; throws the refusal. */
  charge(request: QuotaRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        request,
        settled: false,
        settle(error) {
          clearTimeout(timer);
          waiter.settled = true;
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      const timer = setTimeout(() => waiter.settle(internalError(new Error('resource quota evaluation timed out'))), TIMEOUT_MS);
      this.#waiting.push(waiter);
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) await this.#settle(this.#waiting.splice(0, MAX_BATCH).filter(({ settled }) => !settled));
    this.#running = false;
    this.#onIdle();
  }

  async #settle(batch: readonly Waiter[]): Promise<void> {
    const plans = this.#ledger.in(this.#namespace).flatMap((quota) => planFor(quota, batch) ?? []);
    for (const { quota, waiters } of plans.sort((a, b) => a.order - b.order || (a.quota < b.quota ? -1 : 1))) {
      await this.#charge(
        quota,
        waiters.filter(({ settled }) => !settled),
      );
    }
    for (const waiter of batch) if (!waiter.settled) waiter.settle();
  }

  async #charge(quota: string, waiters: readonly Waiter[]): Promise<void> {
    if (waiters.length === 0) return;
    try {
      const requests = waiters.map(({ request }) => request);
      const refusals = await this.#ledger.charge(this.#namespace, quota, requests);
      for (const waiter of waiters) {
        const refusal = refusals.get(waiter.request);
        if (refusal !== undefined) waiter.settle(refusal);
      }
    } catch (error) {
      for (const waiter of waiters) waiter.settle(error);
    }
  }
}

function planFor(quota: QuotaState, batch: readonly Waiter[]): Plan | undefined {
  let state = quota;
  let order = 2;
  const waiters = batch.filter(({ request }) => {
    const verdict = quotaVerdict(request, state);
    if (verdict.outcome === 'refused') order = Math.min(order, verdict.asked ? 0 : 1);
    if (verdict.outcome === 'charged') state = { ...state, used: verdict.used };
    return verdict.outcome !== 'unconcerned';
  });
  return waiters.length === 0 ? undefined : { quota: quota.name, waiters, order };
}
