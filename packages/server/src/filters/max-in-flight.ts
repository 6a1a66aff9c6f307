import type { Filter, KeelsonContext } from '../http/context.js';
import { replyTextError } from '../http/reply.js';
import { ConcurrencyGauges } from './concurrency-gauges.js';
import type { FilterEvents } from './filter-events.js';
import type { RequestLimiter } from './request-limiter.js';

export interface MaxInFlightOptions {
  /** `--max-requests-inflight`: reads at once; 0 means no limit. */
  readonly maxReadOnly: number;
  /** `--max-mutating-requests-inflight`: writes at once; 0 means no limit. */
  readonly maxMutating: number;
  readonly events?: Pick<FilterEvents, 'dropped'>;
}

/**
 * Refuses requests beyond the limits with 429. Long-running requests do not count, and system:masters always gets in.
 * A request counts until its work is done, even when its deadline has answered it before.
 */
export class MaxInFlight implements RequestLimiter {
  readonly executing: ConcurrencyGauges;
  readonly hooks = ['max-in-flight-filter'];
  readonly #events: Pick<FilterEvents, 'dropped'> | undefined;

  constructor({ maxReadOnly, maxMutating, events }: MaxInFlightOptions) {
    this.executing = new ConcurrencyGauges({ readOnly: maxReadOnly, mutating: maxMutating });
    this.#events = events;
  }

  start(): void {
    this.executing.start();
  }

  stop(): void {
    this.executing.stop();
  }

  readonly filter: Filter = (ctx, next) => {
    const { state } = ctx;
    if (state.longRunning) return next();
    const gauge = this.executing.of(state.info.verb);
    if (gauge.tryEnter(performance.now())) {
      state.onWorkDone = () => gauge.leave(performance.now());
      return next();
    }
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
