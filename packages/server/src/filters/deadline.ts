import { badRequest, parseDurationMs, timeout } from '@keelson/machinery';
import type { Filter, Outcome, RequestState } from '../http/context.js';
import { Alarm } from '../timing/alarm.js';
import { Alarms } from '../timing/alarms.js';
import type { FilterEvents } from './filter-events.js';
import type { LongRunningCheck } from './long-running.js';

export interface DeadlineOptions {
  /** `--request-timeout`: the most a request may take, and what it may take when it does not say. */
  readonly requestTimeoutMs: number;
  readonly isLongRunning: LongRunningCheck;
  readonly events?: Pick<FilterEvents, 'terminated'>;
  /** Told of a request whose time cannot be read. */
  onRefusal?(state: RequestState, why: string): void;
}

/**
 * Ends requests that last too long, unless they are meant to. A request may ask for less time (`?timeout=10s`). It is
 * this filter that waits for the work on a request, and tells when that is over: `RequestState.onWorkDone`.
 */
export function deadline({ requestTimeoutMs, isLongRunning, events, onRefusal }: DeadlineOptions): Filter {
  const alarms = new Alarms();
  return (ctx, next) => {
    const { state } = ctx;
    state.longRunning = isLongRunning(state.info);
    if (state.longRunning) return work(state, next)?.finally(() => state.onWorkDone?.());
    const allowedMs = allowedTime(state, requestTimeoutMs, onRefusal);
    state.deadlineAtMs = performance.now() + allowedMs;
    const outcome = work(state, next);
    return outcome && withDeadline(state, outcome, alarms, events);
  };
}

/** What does not wait is over at once. */
function work(state: RequestState, next: () => Outcome): Outcome {
  let isWaiting = false;
  try {
    const outcome = next();
    isWaiting = outcome !== undefined;
    return outcome;
  } finally {
    if (!isWaiting) state.onWorkDone?.();
  }
}

function allowedTime(state: RequestState, maximumMs: number, onRefusal: DeadlineOptions['onRefusal']): number {
  const { query } = state;
  const asked = query.raw.includes('timeout') ? query.get('timeout') : '';
  if (asked === '') return maximumMs;
  try {
    const askedMs = parseDurationMs(asked);
    return askedMs > 0 && askedMs < maximumMs ? askedMs : maximumMs;
  } catch (error) {
    const why = `invalid timeout specified in the request URL - ${error instanceof Error ? error.message : error}`;
    onRefusal?.(state, why);
    throw badRequest(why);
  }
}

/**
 * Settles with the outcome or with 504, whichever is first. Work that is late is told by the signal; what it still
 * writes goes nowhere and how it ends is nobody's concern any more.
 */
function withDeadline(state: RequestState, outcome: Promise<void>, alarms: Alarms, events: DeadlineOptions['events']): Promise<void> {
  return new Promise((resolve, reject) => {
    const alarm = new Alarm(state.deadlineAtMs, () => {
      const late = timeout('request did not complete within the allotted timeout');
      state.abandoned = true;
      events?.terminated(state, late.code);
      reject(late);
      state.abort(late);
    });
    alarms.set(alarm);
    outcome.then(
      () => {
        alarms.cancel(alarm);
        state.onWorkDone?.();
        resolve();
      },
      (error) => {
        alarms.cancel(alarm);
        state.onWorkDone?.();
        reject(error);
      },
    );
  });
}
