/** Counts observations into buckets. Recording is a short scan and two additions; nothing is allocated. */
export class Histogram {
  readonly bounds: Float64Array;
  /** Per bucket, not cumulative; the last one is +Inf. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(bounds: Float64Array) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number, times = 1): void {
    (this.counts[this.bucketOf(value)] as number) += times;
    this.sum += value * times;
  }

  protected bucketOf(value: number): number {
    const { bounds } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++;
    return bucket;
  }
}

/** Seconds: the bounds of Prometheus' own clients. */
export const clientBounds: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** `count` bounds from `start` on, each `factor` times the one before. */
export function exponentialBounds(start: number, factor: number, count: number): number[] {
  const bounds = [start];
  // One from the other, as Prometheus does it: what is rounded on the way is part of a bound's name.
  while (bounds.length < count) bounds.push((bounds.at(-1) as number) * factor);
  return bounds;
}

/** `count` bounds from `start` on, `width` apart. */
export function linearBounds(start: number, width: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => start + width * at);
}
