import type { Filter, KeelsonContext, Outcome } from '../http/context.js';
import { replyTextError } from '../http/reply.js';
import type { FilterEvents } from './filter-events.js';

export type RequestKind = 'mutating' | 'readOnly';

export interface MaxInFlightOptions {
  /** `--max-requests-inflight`: reads at once; 0 means no limit. */
  readonly maxReadOnly: number;
  /** `--max-mutating-requests-inflight`: writes at once; 0 means no limit. */
  readonly maxMutating: number;
  readonly events?: Pick<FilterEvents, 'dropped'>;
}

/** Requests of one kind being worked on: at most `limit`, and how many they were at most of late. */
export class ConcurrencyGauge {
  readonly kind: RequestKind;
  readonly limit: number;
  #current = 0;
  #peak = 0;
  #lastPeak = 0;

  constructor(kind: RequestKind, limit: number) {
    this.kind = kind;
    this.limit = limit;
  }

  get current(): number {
    return this.#current;
  }

  tryEnter(): boolean {
    if (this.limit > 0 && this.#current >= this.limit) return false;
    this.#current++;
    if (this.#current > this.#peak) this.#peak = this.#current;
    return true;
  }

  leave(): void {
    this.#current--;
  }

  /** Since the last turn of the clock, or in the time before it. */
  get recentPeak(): number {
    return Math.max(this.#peak, this.#lastPeak);
  }

  /** Forgets the peak before last. */
  turn(): void {
    this.#lastPeak = this.#peak;
    this.#peak = this.#current;
  }
}

const reads = new Set(['get', 'list', 'watch']);

/**
 * Refuses requests beyond the limits with 429. Long-running requests do not count, and system:masters always gets in.
 * A request counts until its work is done, even when its deadline has answered it before.
 */
export class MaxInFlight {
  readonly readOnly: ConcurrencyGauge;
  readonly mutating: ConcurrencyGauge;
  readonly #events: Pick<FilterEvents, 'dropped'> | undefined;

  constructor({ maxReadOnly, maxMutating, events }: MaxInFlightOptions) {
    this.readOnly = new ConcurrencyGauge('readOnly', maxReadOnly);
    this.mutating = new ConcurrencyGauge('mutating', maxMutating);
    this.#events = events;
  }

  /** Begins a new second of peaks. */
  turn(): void {
    this.readOnly.turn();
    this.mutating.turn();
  }

  readonly filter: Filter = (ctx, next) => {
    const { state } = ctx;
    if (state.longRunning) return next();
    const gauge = reads.has(state.info.verb) ? this.readOnly : this.mutating;
    if (gauge.tryEnter()) return counted(gauge, next);
    if (state.user.groups.includes('system:masters')) return next();
    this.#refuse(ctx);
    return undefined;
  };

  #refuse(ctx: KeelsonContext): void {
    this.#events?.dropped(ctx.state);
    ctx.res.setHeader('Retry-After', '1');
    replyTextError(ctx, 429, 'Too many requests, please try again later.');
  }
}

function counted(gauge: ConcurrencyGauge, next: () => Outcome): Outcome {
  let waiting = false;
  try {
    const outcome = next();
    if (outcome === undefined) return undefined;
    waiting = true;
    return outcome.finally(() => gauge.leave());
  } finally {
    if (!waiting) gauge.leave();
  }
}
