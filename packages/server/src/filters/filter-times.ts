import type { Histogram } from '@keelson/machinery';
import type { Filter } from '../http/context.js';

/** Stands before the first filter that is timed. */
export const beginFilterTimes: Filter = ({ state }, next) => {
  state.filterSinceMs = performance.now();
  return next();
};

/** Stands behind a filter: the time since the one before is its own. */
export function filterTime(durations: Histogram): Filter {
  return ({ state }, next) => {
    const nowMs = performance.now();
    durations.observe((nowMs - state.filterSinceMs) / 1000);
    state.filterSinceMs = nowMs;
    return next();
  };
}
