import { clientBounds, type Histogram } from '@keelson/machinery';
import { HistogramFamily } from './registry/family.js';
import type { MetricsRegistry } from './registry/metrics-registry.js';

/** How long the rules of custom resources take, in seconds. */
export interface RuleTimes {
  /** Of all rules of a version, when the first object is written. */
  readonly compilations: Histogram;
  /** Of all rules for one object. */
  readonly evaluations: Histogram;
}

export function ruleTimes(registry: MetricsRegistry): RuleTimes {
  const add = (of: string, help: string) =>
    registry.add(new HistogramFamily(`apiserver_cel_${of}_duration_seconds`, `[BETA] ${help}`, [], clientBounds)).child();
  return {
    compilations: add('compilation', 'Time to compile the rules of a version of a custom resource.'),
    evaluations: add('evaluation', 'Time to evaluate the rules of a custom resource for an object.'),
  };
}
