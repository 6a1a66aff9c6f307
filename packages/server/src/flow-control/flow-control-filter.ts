import { ConcurrencyGauges } from '../filters/concurrency-gauges.js';
import type { FilterEvents } from '../filters/filter-events.js';
import type { RequestLimiter } from '../filters/request-limiter.js';
import { whenDone } from '../filters/when-done.js';
import type { Filter, KeelsonContext, Outcome, RequestState } from '../http/context.js';
import { replyTextError } from '../http/reply.js';
import type { RejectReason } from '../metrics/flow-instruments.js';
import type { FlowSchema } from './classification/flow-schema.js';
import type { FlowControl } from './flow-control.js';
import type { FlowOrigin } from './flow-origin.js';
import { Alarm } from './queuing/alarms.js';
import { QueuedRequest } from './queuing/queued-request.js';
import type { WatchCounts } from './width/watch-counts.js';
import type { WidthEstimator } from './width/width-estimator.js';

export interface FlowControlFilterOptions {
  readonly flowControl: FlowControl;
  readonly widths: WidthEstimator;
  readonly watches: WatchCounts;
  readonly requestTimeoutMs: number;
  readonly events?: Pick<FilterEvents, 'dropped'>;
}

/** A request waits for this part of its time at most, so that there is time left to serve it. */
const WAITING_PART = 4;
const MAX_WAIT_MS = 60_000;

type Ticket = QueuedRequest<FlowOrigin>;

/**
 * Serves requests when they have their seats, and refuses those with 429 who get none in time (KEP-1040). Requests that
 * last are let through, but watches take seats until they have begun.
 */
export class FlowControlFilter implements RequestLimiter {
  readonly executing = new ConcurrencyGauges();
  readonly waiting = new ConcurrencyGauges();
  readonly hooks = ['priority-and-fairness-config-consumer', 'priority-and-fairness-filter'];
  readonly #options: FlowControlFilterOptions;

  constructor(options: FlowControlFilterOptions) {
    this.#options = options;
  }

  readonly filter: Filter = (ctx, next) => {
    const { state } = ctx;
    const { info, user } = state;
    if (state.longRunning && info.verb !== 'watch') return next();
    const schema = this.#options.flowControl.classify(info, user);
    state.flow = schema;
    // Uids, not names: what operators call their levels is nobody's business.
    ctx.res.setHeader('X-Kubernetes-Pf-Flowschema-Uid', schema.uid);
    ctx.res.setHeader('X-Kubernetes-Pf-Prioritylevel-Uid', schema.level.uid);
    const ticket = this.#ticket(schema, state);
    const { arrivedAtMs } = ticket;
    const verdict = schema.level.queues.start(ticket, schema.hand(info, user), arrivedAtMs);
    if (verdict === 'dispatched') {
      this.#dispatched(ticket, arrivedAtMs);
      return this.#serve(ctx, next, ticket);
    }
    if (verdict !== 'waiting') {
      schema.instruments.waits.refused.observe(0);
      return this.#refuse(ctx, schema, verdict);
    }
    return this.#wait(ticket).then((isDispatched) => {
      if (isDispatched) return this.#serve(ctx, next, ticket);
      if (state.aborted) throw state.abortReason;
      return this.#refuse(ctx, schema, 'time-out');
    });
  };

  start(): void {
    this.#options.flowControl.start();
    this.executing.start();
    this.waiting.start();
  }

  stop(): void {
    this.#options.flowControl.stop();
    this.executing.stop();
    this.waiting.stop();
  }

  #ticket(schema: FlowSchema, state: RequestState): Ticket {
    const ticket = new QueuedRequest<FlowOrigin>({ schema, state }, this.#options.widths.of(state, schema), performance.now());
    schema.instruments.seats.observe(ticket.maxSeats);
    return ticket;
  }

  /** False when the time for waiting is over, or nobody waits for an answer any more. */
  #wait(ticket: Ticket): Promise<boolean> {
    const { schema, state } = ticket.origin;
    const { alarms } = this.#options.flowControl;
    const { inQueue, seatsInQueue, queueLengths } = schema.instruments;
    const gauge = this.waiting.of(state.info.verb);
    queueLengths.observe(ticket.queue?.waiting ?? 0);
    inQueue.value++;
    seatsInQueue.value += ticket.maxSeats;
    gauge.tryEnter(ticket.arrivedAtMs);
    return new Promise((resolve) => {
      const settle = (isDispatched: boolean, nowMs: number): void => {
        alarms.cancel(alarm);
        state.offAbort(giveUp);
        inQueue.value--;
        seatsInQueue.value -= ticket.maxSeats;
        gauge.leave(nowMs);
        resolve(isDispatched);
      };
      const giveUp = (): void => {
        const nowMs = performance.now();
        if (!schema.level.queues.cancel(ticket, nowMs)) return;
        schema.instruments.waits.refused.observe((nowMs - ticket.arrivedAtMs) / 1000);
        settle(false, nowMs);
      };
      const alarm = new Alarm(this.#waitsUntilMs(state), giveUp);
      ticket.onDispatch = () => {
        this.#dispatched(ticket, ticket.startedAtMs);
        settle(true, ticket.startedAtMs);
      };
      alarms.set(alarm);
      state.onAbort(giveUp);
    });
  }

  #waitsUntilMs({ startedAtMs, deadlineAtMs, longRunning }: RequestState): number {
    const allowedMs = longRunning ? this.#options.requestTimeoutMs : deadlineAtMs - startedAtMs;
    return startedAtMs + Math.min(allowedMs / WAITING_PART, MAX_WAIT_MS);
  }

  #dispatched({ origin: { schema }, arrivedAtMs, maxSeats }: Ticket, nowMs: number): void {
    const { instruments, level } = schema;
    if (!level.isExempt) instruments.waits.executed.observe((nowMs - arrivedAtMs) / 1000);
    instruments.dispatched.value++;
    instruments.executing.value++;
    instruments.seatsExecuting.value += maxSeats;
  }

  #serve(ctx: KeelsonContext, next: () => Outcome, ticket: Ticket): Outcome {
    const { state } = ctx;
    const isWatch = state.info.verb === 'watch';
    const finish = this.#finisher(ticket, isWatch);
    const forget = isWatch ? this.#options.watches.add(state.info) : undefined;
    if (isWatch) state.onWatchBegun = finish;
    const run = (): Outcome => {
      if (state.aborted) throw state.abortReason;
      return next();
    };
    return whenDone(run, () => {
      finish();
      forget?.();
    });
  }

  /** Gives the seats back; once. */
  #finisher(ticket: Ticket, isWatch: boolean): () => void {
    const { schema, state } = ticket.origin;
    const { instruments, level } = schema;
    const gauge = this.executing.of(state.info.verb);
    gauge.tryEnter(ticket.startedAtMs);
    let isFinished = false;
    return () => {
      if (isFinished) return;
      isFinished = true;
      const nowMs = performance.now();
      gauge.leave(nowMs);
      instruments.executing.value--;
      instruments.seatsExecuting.value -= ticket.maxSeats;
      instruments.executions[isWatch ? 'watch' : 'regular'].observe((nowMs - ticket.startedAtMs) / 1000);
      level.queues.finish(ticket, nowMs);
    };
  }

  #refuse(ctx: KeelsonContext, schema: FlowSchema, reason: RejectReason): undefined {
    const { retryAfter } = schema.level;
    schema.instruments.rejected[reason].add();
    this.#options.events?.dropped(ctx.state);
    retryAfter.drop(Math.floor(Date.now() / 1000));
    ctx.res.setHeader('Retry-After', String(retryAfter.seconds));
    replyTextError(ctx, 429, 'Too many requests, please try again later.');
  }
}
