import type { RequestState } from '../http/context.js';

/** What filters tell of requests that they ended in place of whoever serves them, for metrics. */
export interface FilterEvents {
  /** Refused with 429: there are too many. */
  dropped(state: RequestState): void;
  /** Ended in self-defence. */
  terminated(state: RequestState, code: number): void;
  /** Its answer had begun and was broken off. */
  aborted(state: RequestState): void;
}
