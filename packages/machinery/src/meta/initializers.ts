import type { Status } from '../errors/status.js';

/** Who is still to act on a new object before others see it; of releases up to 1.13. */
export interface Initializers {
  /** In their order: the first one is to act next. */
  pending: { name: string }[] | null;
  /** Why the object will not come to be. */
  result?: Status;
}
