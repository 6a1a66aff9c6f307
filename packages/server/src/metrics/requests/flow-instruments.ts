import type { Histogram } from '@keelson/machinery';
import type { PriorityLevel } from '../../flow-control/priority-level.js';
import type { Counter } from '../registry/family.js';
import type { TimingRatio } from '../registry/timing-ratio.js';

/** Why a request was refused. */
export type RejectReason = 'queue-full' | 'concurrency-limit' | 'time-out';

/** Where the requests of one flow schema are counted. */
export interface FlowSeries {
  readonly dispatched: Counter;
  readonly rejected: Readonly<Record<RejectReason, Counter>>;
  /** Dispatches for which there were too few seats. */
  readonly notAccommodated: Counter;
  readonly queueLengths: Histogram;
  /** Seconds, of requests that were executed and of those that were refused; the former absent for those that never wait. */
  readonly waits: { readonly executed: Histogram | undefined; readonly refused: Histogram };
  readonly executions: { readonly regular: Histogram; readonly watch: Histogram };
  readonly watchCounts: Histogram;
  readonly seats: Histogram;
}

/** Counts the requests of one flow schema. */
export class FlowInstruments {
  readonly series: FlowSeries;
  /** Requests that got the one seat they need at once. Most do: they are told to their series when these are read. */
  #atOnce = 0;

  constructor(series: FlowSeries) {
    this.series = series;
  }

  dispatched(seats: number, waitedMs: number): void {
    if (seats === 1 && waitedMs === 0) {
      this.#atOnce++;
      return;
    }
    this.#tell(seats, waitedMs, 1);
  }

  refused(reason: RejectReason, seats: number, waitedMs: number): void {
    this.series.rejected[reason].add();
    this.series.waits.refused.observe(waitedMs / 1000);
    this.series.seats.observe(seats);
  }

  settle(): void {
    if (this.#atOnce > 0) this.#tell(1, 0, this.#atOnce);
    this.#atOnce = 0;
  }

  #tell(seats: number, waitedMs: number, requests: number): void {
    const { dispatched, waits, seats: widths } = this.series;
    dispatched.add(requests);
    waits.executed?.observe(waitedMs / 1000, requests);
    widths.observe(seats, requests);
  }
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
