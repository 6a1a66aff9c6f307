import { histogramLines, LabelledFamily } from './family.js';
import { TimingRatio } from './timing-ratio.js';

/** Timing ratios by their labels. */
export class TimingRatioFamily extends LabelledFamily<TimingRatio> {
  readonly type = 'histogram';
  readonly #bounds: Float64Array;

  constructor(name: string, help: string, labelNames: readonly string[], bounds: readonly number[]) {
    super(name, help, labelNames);
    this.#bounds = Float64Array.from(bounds);
  }

  protected create(): TimingRatio {
    return new TimingRatio(this.#bounds);
  }

  protected renderChild(labels: string, ratio: TimingRatio): string {
    ratio.settle(performance.now());
    return histogramLines(this.name, labels, ratio);
  }
}
