import { badRequest, timeout } from '@keelson/machinery';
import type { Filter, RequestState } from '../http/context.js';
import type { FilterEvents } from './filter-events.js';
import { parseGoDuration } from './go-duration.js';
import type { LongRunningCheck } from './long-running.js';

export interface DeadlineOptions {
  /** `--request-timeout`: the most a request may take, and what it may take when it does not say. */
  readonly requestTimeoutMs: number;
  readonly isLongRunning: LongRunningCheck;
  readonly events?: Pick<FilterEvents, 'terminated'>;
  /** Told of a request whose time cannot be read. */
  onRefusal?(state: RequestState, why: string): void;
}

/** Ends requests that last too long, unless they are meant to. A request may ask for less time (`?timeout=10s`). */
export function deadline({ requestTimeoutMs, isLongRunning, events, onRefusal }: DeadlineOptions): Filter {
  return (ctx, next) => {
    const { state } = ctx;
    state.longRunning = isLongRunning(state.info);
    if (state.longRunning) return next();
    const allowedMs = allowedTime(state, requestTimeoutMs, onRefusal);
    state.deadlineAtMs = performance.now() + allowedMs;
    const outcome = next();
    return outcome && withDeadline(state, outcome, allowedMs, events);
  };
}

function allowedTime(state: RequestState, maximumMs: number, onRefusal: DeadlineOptions['onRefusal']): number {
  const { query } = state;
  const asked = query.raw.includes('timeout') ? query.get('timeout') : '';
  if (asked === '') return maximumMs;
  try {
    const askedMs = parseGoDuration(asked);
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
function withDeadline(state: RequestState, outcome: Promise<void>, allowedMs: number, events: DeadlineOptions['events']): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const late = timeout('request did not complete within the allotted timeout');
      state.abandoned = true;
      events?.terminated(state, late.code);
      reject(late);
      state.abort(late);
    }, allowedMs);
    outcome.then(
      () => {
        clearTimeout(timer);
        resolve();
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
