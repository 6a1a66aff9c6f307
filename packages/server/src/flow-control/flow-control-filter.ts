import { ConcurrencyGauges } from '../filters/concurrency-gauges.js';
import type { FilterEvents } from '../filters/filter-events.js';
import type { RequestLimiter } from '../filters/request-limiter.js';
import type { Filter, KeelsonContext, Outcome, RequestState } from '../http/context.js';
import { replyTextError } from '../http/reply.js';
import { Alarm } from '../timing/alarm.js';
import type { FlowSchema } from './classification/flow-schema.js';
import type { FlowControl } from './flow-control.js';
import type { FlowOrigin } from './flow-origin.js';
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
    const flow = this.#options.flowControl.classify(info, user);
    const { schema } = flow;
    state.flow = schema;
    // Uids, not names: what operators call their levels is nobody's business.
    ctx.res.setHeader('X-Kubernetes-Pf-Flowschema-Uid', schema.uid);
    ctx.res.setHeader('X-Kubernetes-Pf-Prioritylevel-Uid', schema.level.uid);
    const ticket = new QueuedRequest<FlowOrigin>({ schema, state }, this.#options.widths.of(state, schema), performance.now());
    const verdict = schema.level.queues.start(ticket, flow.hand(info), ticket.arrivedAtMs);
    if (verdict === 'dispatched') return this.#serve(ctx, next, ticket);
    if (verdict !== 'waiting') {
      schema.instruments.refused(verdict, ticket.maxSeats, 0);
      return this.#refuse(ctx, schema);
    }
    return this.#wait(ticket).then((isDispatched) => {
      if (isDispatched) return this.#serve(ctx, next, ticket);
      if (state.aborted) throw state.abortReason;
      return this.#refuse(ctx, schema);
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

  /** False when the time for waiting is over, or nobody waits for an answer any more. */
  #wait(ticket: Ticket): Promise<boolean> {
    const { schema, state } = ticket.origin;
    const { alarms } = this.#options.flowControl;
    const gauge = this.waiting.of(state.info.verb);
    schema.instruments.series.queueLengths.observe(ticket.queue?.waiting ?? 0);
    gauge.tryEnter(ticket.arrivedAtMs);
    return new Promise((resolve) => {
      const settle = (isDispatched: boolean, nowMs: number): void => {
        alarms.cancel(alarm);
        state.offAbort(giveUp);
        gauge.leave(nowMs);
        resolve(isDispatched);
      };
      const giveUp = (): void => {
        const nowMs = performance.now();
        if (!schema.level.queues.cancel(ticket, nowMs)) return;
        schema.instruments.refused('time-out', ticket.maxSeats, nowMs - ticket.arrivedAtMs);
        settle(false, nowMs);
      };
      const alarm = new Alarm(this.#waitsUntilMs(state), giveUp);
      ticket.onDispatch = () => settle(true, ticket.startedAtMs);
      alarms.set(alarm);
      state.onAbort(giveUp);
    });
  }

  #waitsUntilMs({ startedAtMs, deadlineAtMs, longRunning }: RequestState): number {
    const allowedMs = longRunning ? this.#options.requestTimeoutMs : deadlineAtMs - startedAtMs;
    return startedAtMs + Math.min(allowedMs / WAITING_PART, MAX_WAIT_MS);
  }

  #serve({ state }: KeelsonContext, next: () => Outcome, ticket: Ticket): Outcome {
    const isWatch = state.info.verb === 'watch';
    const finish = this.#finisher(ticket, isWatch);
    state.onWorkDone = finish;
    if (isWatch) this.#countWatch(state, finish);
    if (state.aborted) throw state.abortReason;
    return next();
  }

  /** It holds its seats until it has begun, and costs those who write as long as it is open. */
  #countWatch(state: RequestState, finish: () => void): void {
    const forget = this.#options.watches.add(state.info);
    state.onWatchBegun = finish;
    state.onWorkDone = () => {
      finish();
      forget?.();
    };
  }

  /** Counts what is served from now on; returns how to give the seats back, once. */
  #finisher(ticket: Ticket, isWatch: boolean): () => void {
    const { schema, state } = ticket.origin;
    const { instruments, level } = schema;
    const { startedAtMs } = ticket;
    const gauge = this.executing.of(state.info.verb);
    gauge.tryEnter(startedAtMs);
    instruments.dispatched(ticket.maxSeats, startedAtMs - ticket.arrivedAtMs);
    let isFinished = false;
    return () => {
      if (isFinished) return;
      isFinished = true;
      const nowMs = performance.now();
      gauge.leave(nowMs);
      instruments.series.executions[isWatch ? 'watch' : 'regular'].observe((nowMs - startedAtMs) / 1000);
      level.queues.finish(ticket, nowMs);
    };
  }

  #refuse(ctx: KeelsonContext, { level: { retryAfter } }: FlowSchema): undefined {
    this.#options.events?.dropped(ctx.state);
    retryAfter.drop(Math.floor(Date.now() / 1000));
    ctx.res.setHeader('Retry-After', String(retryAfter.seconds));
    replyTextError(ctx, 429, 'Too many requests, please try again later.');
  }
}
