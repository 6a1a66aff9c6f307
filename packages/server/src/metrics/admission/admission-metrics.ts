import type { AdmissionAttributes, Histogram } from '@keelson/machinery';
import { HistogramFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';

type Operation = AdmissionAttributes['operation'];

/** The two ways a plugin is called, as labels name them. */
export type AdmissionStep = 'admit' | 'validate';

const secondsBounds = [0.005, 0.025, 0.1, 0.5, 1, 2.5];
const operations: readonly Operation[] = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'];

/** How long admission takes: each plugin, and all of them in one step. */
export class AdmissionMetrics {
  readonly #steps: HistogramFamily;
  readonly #plugins: HistogramFamily;

  constructor(registry: MetricsRegistry) {
    this.#steps = registry.add(
      new HistogramFamily(
        'apiserver_admission_step_admission_duration_seconds',
        '[STABLE] Time that all admission plugins take together, by step (admit or validate), operation and outcome.',
        ['type', 'operation', 'rejected'],
        secondsBounds,
      ),
    );
    this.#plugins = registry.add(
      new HistogramFamily(
        'apiserver_admission_controller_admission_duration_seconds',
        '[STABLE] Time that an admission plugin takes, by its name, step (admit or validate), operation and outcome.',
        ['name', 'type', 'operation', 'rejected'],
        secondsBounds,
      ),
    );
  }

  step(step: AdmissionStep): AdmissionDurations {
    return new AdmissionDurations(this.#steps, [step]);
  }

  plugin(name: string, step: AdmissionStep): AdmissionDurations {
    return new AdmissionDurations(this.#plugins, [name, step]);
  }
}

/** Durations by operation and outcome. There is a series once it has something to show, and it is looked up once. */
export class AdmissionDurations {
  readonly #family: HistogramFamily;
  readonly #labels: readonly string[];
  readonly #series: (Histogram | undefined)[] = [];

  constructor(family: HistogramFamily, labels: readonly string[]) {
    this.#family = family;
    this.#labels = labels;
  }

  observe(operation: Operation, rejected: boolean, durationMs: number): void {
    const at = operations.indexOf(operation) * 2 + (rejected ? 1 : 0);
    this.#series[at] ??= this.#family.child(...this.#labels, operation, String(rejected));
    this.#series[at].observe(durationMs / 1000);
  }
}
