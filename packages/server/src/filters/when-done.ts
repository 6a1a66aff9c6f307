import type { Outcome } from '../http/context.js';

/** Calls `end` once the work of `next` is over, whatever came of it: at once where it does not wait. */
export function whenDone(next: () => Outcome, end: () => void): Outcome {
  let waiting = false;
  try {
    const outcome = next();
    if (outcome === undefined) return undefined;
    waiting = true;
    return outcome.finally(end);
  } finally {
    if (!waiting) end();
  }
}
