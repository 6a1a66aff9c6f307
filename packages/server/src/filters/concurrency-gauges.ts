import { ConcurrencyGauge } from './concurrency-gauge.js';

export type RequestKind = 'mutating' | 'readOnly';

/** How long a peak of concurrency is remembered, at least. */
const PEAK_MS = 1_000;

const reads = new Set(['get', 'list', 'watch']);

/** How many requests there are at once, by whether they may change something. */
export class ConcurrencyGauges implements Readonly<Record<RequestKind, ConcurrencyGauge>> {
  readonly mutating: ConcurrencyGauge;
  readonly readOnly: ConcurrencyGauge;
  #clock: NodeJS.Timeout | undefined;

  constructor({ mutating, readOnly }: Readonly<Record<RequestKind, number>> = { mutating: 0, readOnly: 0 }) {
    this.mutating = new ConcurrencyGauge(mutating);
    this.readOnly = new ConcurrencyGauge(readOnly);
  }

  of(verb: string): ConcurrencyGauge {
    return reads.has(verb) ? this.readOnly : this.mutating;
  }

  /** Lets peaks be forgotten from now on. */
  start(): void {
    this.#clock = setInterval(() => {
      this.mutating.turn();
      this.readOnly.turn();
    }, PEAK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#clock);
  }
}
