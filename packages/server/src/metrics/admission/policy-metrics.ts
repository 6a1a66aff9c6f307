import { CounterFamily, HistogramFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';

const DURATION_BOUNDS = [0.000_000_5, 0.001, 0.01, 0.1, 1];
const LABELS = ['policy', 'policy_binding', 'error_type'];

/** What admission policies do. */
export class PolicyMetrics {
  readonly #validations: CounterFamily;
  readonly #validationDurations: HistogramFamily;
  readonly #mutations: CounterFamily;
  readonly #mutationDurations: HistogramFamily;

  constructor(registry: MetricsRegistry) {
    const validating = 'apiserver_validating_admission_policy_check';
    const validations = 'by policy, binding, kind of error and what was done';
    const withAction = [...LABELS, 'enforcement_action'];
    this.#validations = registry.add(
      new CounterFamily(`${validating}_total`, `[BETA] Validations of policies that did not hold, ${validations}.`, withAction),
    );
    this.#validationDurations = registry.add(
      new HistogramFamily(`${validating}_duration_seconds`, `[BETA] Time that these took, ${validations}.`, withAction, DURATION_BOUNDS),
    );
    const mutating = 'apiserver_mutating_admission_policy_check';
    const mutations = 'by policy, binding and kind of error';
    this.#mutations = registry.add(new CounterFamily(`${mutating}_total`, `[ALPHA] Mutations of policies, ${mutations}.`, LABELS));
    this.#mutationDurations = registry.add(
      new HistogramFamily(`${mutating}_duration_seconds`, `[ALPHA] Time that these took, ${mutations}.`, LABELS, DURATION_BOUNDS),
    );
  }

  validated(policy: string, binding: string, error: string, action: string, durationMs: number): void {
    this.#validations.child(policy, binding, error, action).add();
    this.#validationDurations.child(policy, binding, error, action).observe(durationMs / 1000);
  }

  mutated(policy: string, binding: string, error: string, durationMs: number): void {
    this.#mutations.child(policy, binding, error).add();
    this.#mutationDurations.child(policy, binding, error).observe(durationMs / 1000);
  }
}
