import type { Histogram } from '@keelson/machinery';
import type { RequestState } from '../../http/context.js';
import type { Counter } from '../registry/family.js';

export interface SeriesParts {
  /** Makes the counter of one code. */
  counterOf(code: string): Counter;
  readonly durations: Histogram;
  readonly levels: Histogram;
  /** For reads. */
  readonly sizes: Histogram | undefined;
}

/** Where requests are counted that differ by nothing but the code of their answers. */
export class RequestSeries {
  readonly #counters: (Counter | undefined)[] = [];
  readonly #parts: SeriesParts;

  constructor(parts: SeriesParts) {
    this.#parts = parts;
  }

  /** A client that left before its answer began got no code: 0. */
  record({ res, responseBytes }: RequestState, durationMs: number): void {
    const code = res.headersSent ? res.statusCode : 0;
    const { durations, levels, sizes } = this.#parts;
    this.#counters[code] ??= this.#parts.counterOf(String(code));
    this.#counters[code].value++;
    const seconds = durationMs / 1000;
    durations.observe(seconds);
    levels.observe(seconds);
    sizes?.observe(responseBytes);
  }
}
