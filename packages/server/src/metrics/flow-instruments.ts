import type { PriorityLevel } from '../flow-control/priority-level.js';
import type { Counter, Gauge } from './family.js';
import type { Histogram } from './histogram.js';
import type { TimingRatio } from './timing-ratio.js';

/** Why a request was refused. */
export type RejectReason = 'queue-full' | 'concurrency-limit' | 'time-out';

/** Where the requests of one flow schema are counted. */
export interface FlowInstruments {
  readonly dispatched: Counter;
  readonly rejected: Readonly<Record<RejectReason, Counter>>;
  /** Dispatches for which there were too few seats. */
  readonly notAccommodated: Counter;
  readonly inQueue: Gauge;
  readonly seatsInQueue: Gauge;
  readonly executing: Gauge;
  readonly seatsExecuting: Gauge;
  readonly queueLengths: Histogram;
  /** Seconds, of requests that were executed and of those that were refused. */
  readonly waits: { readonly executed: Histogram; readonly refused: Histogram };
  readonly executions: { readonly regular: Histogram; readonly watch: Histogram };
  readonly watchCounts: Histogram;
  readonly seats: Histogram;
}

/** How full one priority level is. */
export class LevelInstruments {
  /** Times that its virtual time was wound back. */
  readonly epochs: Counter;
  readonly #seats: TimingRatio;
  readonly #executing: TimingRatio;
  readonly #waiting: TimingRatio;
  readonly #demand: TimingRatio;

  constructor(ratios: Readonly<Record<'seats' | 'executing' | 'waiting' | 'demand', TimingRatio>>, epochs: Counter) {
    this.#seats = ratios.seats;
    this.#executing = ratios.executing;
    this.#waiting = ratios.waiting;
    this.#demand = ratios.demand;
    this.epochs = epochs;
  }

  /** How many requests can wait at once. */
  setCapacity(requests: number, nowMs: number): void {
    this.#waiting.setDenominator(Math.max(1, requests), nowMs);
  }

  setLimit(seats: number, nowMs: number): void {
    for (const ratio of [this.#seats, this.#executing, this.#demand]) ratio.setDenominator(seats, nowMs);
  }

  changed({ seatsInUse, seatsWaiting, executing, waiting }: PriorityLevel['queues'], nowMs: number): void {
    this.#seats.set(seatsInUse, nowMs);
    this.#executing.set(executing, nowMs);
    this.#waiting.set(waiting, nowMs);
    this.#demand.set(seatsInUse + seatsWaiting, nowMs);
  }
}
