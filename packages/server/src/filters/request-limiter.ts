import type { Filter } from '../http/context.js';
import type { ConcurrencyGauges } from './concurrency-gauges.js';

/** Lets in what the server can serve at once, and counts it. */
export interface RequestLimiter {
  readonly filter: Filter;
  readonly executing: ConcurrencyGauges;
  /** Absent where nothing waits to be let in. */
  readonly waiting?: ConcurrencyGauges;
  /** What health calls its start, by kube-apiserver's names. */
  readonly hooks: readonly string[];
  start(): void;
  stop(): void;
}
