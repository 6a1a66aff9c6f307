import { formatGoFloat, Histogram } from '@keelson/machinery';

/** A metric with its labels: what one `# HELP` and `# TYPE` stand above. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Its lines, each with a final newline, a few at a time. */
  render(): Iterable<string>;
  /** Gathers what cannot be had at once; awaited before `render`. */
  prepare?(): Promise<void>;
}

/** Beyond this many label combinations new ones are no longer told apart: clients must not be able to fill the memory. */
const maxChildren = 20_000;

/** Children by label values. Keep the child where it is counted: looking it up costs more than counting. */
export abstract class LabelledFamily<Child> implements Family {
  readonly name: string;
  readonly help: string;
  abstract readonly type: Family['type'];
  readonly #labelNames: readonly string[];
  readonly #children = new Map<string, { readonly labels: string; readonly child: Child }>();
  #overflow: Child | undefined;

  constructor(name: string, help: string, labelNames: readonly string[]) {
    this.name = name;
    this.help = help;
    this.#labelNames = labelNames;
  }

  /** `values` in the order of the label names. */
  child(...values: string[]): Child {
    const key = values.join('\0');
    const known = this.#children.get(key);
    if (known) return known.child;
    if (this.#children.size >= maxChildren) {
      this.#overflow ??= this.create();
      return this.#overflow;
    }
    const made = { labels: formatLabels(this.#labelNames, values), child: this.create() };
    this.#children.set(key, made);
    return made.child;
  }

  *render(): Iterable<string> {
    for (const { labels, child } of this.#children.values()) yield this.renderChild(labels, child);
  }

  protected abstract create(): Child;
  protected abstract renderChild(labels: string, child: Child): string;
}

export class Counter {
  value = 0;

  add(count = 1): void {
    this.value += count;
  }
}

export class CounterFamily extends LabelledFamily<Counter> {
  readonly type = 'counter';

  protected create(): Counter {
    return new Counter();
  }

  protected renderChild(labels: string, { value }: Counter): string {
    return sample(this.name, labels, value);
  }
}

class Gauge {
  value = 0;
}

export class GaugeFamily extends LabelledFamily<Gauge> {
  readonly type = 'gauge';

  protected create(): Gauge {
    return new Gauge();
  }

  protected renderChild(labels: string, { value }: Gauge): string {
    return sample(this.name, labels, value);
  }
}

export class HistogramFamily extends LabelledFamily<Histogram> {
  readonly type = 'histogram';
  readonly #bounds: Float64Array;

  constructor(name: string, help: string, labelNames: readonly string[], bounds: readonly number[]) {
    super(name, help, labelNames);
    this.#bounds = Float64Array.from(bounds);
  }

  protected create(): Histogram {
    return new Histogram(this.#bounds);
  }

  protected renderChild(labels: string, histogram: Histogram): string {
    return histogramLines(this.name, labels, histogram);
  }
}

/** Values that somebody else keeps, read when they are asked for. */
export class CollectedFamily implements Family {
  constructor(
    readonly type: 'counter' | 'gauge',
    readonly name: string,
    readonly help: string,
    readonly labelNames: readonly string[],
    readonly collect: () => Iterable<readonly [labelValues: readonly string[], value: number]>,
    readonly prepare: () => Promise<void> = async () => undefined,
  ) {}

  *render(): Iterable<string> {
    for (const [values, value] of this.collect()) yield sample(this.name, formatLabels(this.labelNames, values), value);
  }
}

/** The same for distributions. */
export class CollectedHistogramFamily implements Family {
  readonly type = 'histogram';

  constructor(
    readonly name: string,
    readonly help: string,
    readonly labelNames: readonly string[],
    readonly collect: () => Iterable<readonly [labelValues: readonly string[], histogram: Histogram]>,
  ) {}

  *render(): Iterable<string> {
    for (const [values, histogram] of this.collect()) yield histogramLines(this.name, formatLabels(this.labelNames, values), histogram);
  }
}

export function histogramLines(name: string, labels: string, { bounds, counts, sum }: Histogram): string {
  const prefix = `${name}_bucket{${labels}${labels === '' ? '' : ','}le="`;
  let total = 0;
  let text = '';
  for (let bucket = 0; bucket < counts.length; bucket++) {
    total += counts[bucket] as number;
    const bound = bounds[bucket];
    text += `${prefix}${bound === undefined ? '+Inf' : formatGoFloat(bound)}"} ${total}\n`;
  }
  return `${text}${sample(`${name}_sum`, labels, sum)}${sample(`${name}_count`, labels, total)}`;
}

function sample(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${value}\n` : `${name}{${labels}} ${value}\n`;
}

function formatLabels(names: readonly string[], values: readonly string[]): string {
  return names.map((name, at) => `${name}="${escapeValue(values[at] ?? '')}"`).join(',');
}

function escapeValue(value: string): string {
  return /[\\"\n]/.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : value;
}
