import type { AdmissionAttributes, AdmissionPlugin } from '@keelson/machinery';
import { type AdmissionDurations, AdmissionMetrics, type AdmissionStep } from '../metrics/admission-metrics.js';
import { MetricsRegistry } from '../metrics/metrics-registry.js';

export interface MutationAttributes extends AdmissionAttributes {
  /** Begins the second round where a plugin has asked for one; there is no third. */
  nextRound(): boolean;
}

/** The admission plugins in their order: first all that change an object, later all that judge the final one. */
export class Admission {
  readonly #admit: Step;
  readonly #validate: Step;

  constructor(plugins: readonly AdmissionPlugin[], metrics = new AdmissionMetrics(new MetricsRegistry())) {
    this.#admit = new Step('admit', plugins, metrics);
    this.#validate = new Step('validate', plugins, metrics);
  }

  async mutate(attributes: MutationAttributes): Promise<void> {
    await this.#admit.run(attributes);
    if (attributes.nextRound()) await this.#admit.run(attributes);
  }

  validate(attributes: AdmissionAttributes): Promise<void> {
    return this.#validate.run(attributes);
  }
}

interface Call {
  ask(attributes: AdmissionAttributes): Promise<void> | void;
  readonly durations: AdmissionDurations;
}

/** One of the two ways through the plugins: for each operation those who have part in it. */
class Step {
  readonly #calls: Readonly<Record<AdmissionAttributes['operation'], readonly Call[]>>;
  readonly #durations: AdmissionDurations;

  constructor(step: AdmissionStep, plugins: readonly AdmissionPlugin[], metrics: AdmissionMetrics) {
    const callsOn = (operation: AdmissionAttributes['operation']): Call[] =>
      plugins.flatMap((plugin) => {
        const ask = plugin.handles(operation) ? plugin[step]?.bind(plugin) : undefined;
        return ask === undefined ? [] : [{ ask, durations: metrics.plugin(plugin.name, step) }];
      });
    this.#calls = { CREATE: callsOn('CREATE'), UPDATE: callsOn('UPDATE'), DELETE: callsOn('DELETE'), CONNECT: callsOn('CONNECT') };
    this.#durations = metrics.step(step);
  }

  /** Asks one after the other; rejects with the first refusal. One look at the clock ends a call and begins the next. */
  async run(attributes: AdmissionAttributes): Promise<void> {
    const { operation } = attributes;
    const startMs = performance.now();
    let lastMs = startMs;
    for (const { ask, durations } of this.#calls[operation]) {
      let rejected = true;
      try {
        // Most answer at once: waiting for nothing would cost more than they do.
        const answer = ask(attributes);
        if (answer !== undefined) await answer;
        rejected = false;
      } finally {
        const nowMs = performance.now();
        durations.observe(operation, rejected, nowMs - lastMs);
        if (rejected) this.#durations.observe(operation, true, nowMs - startMs);
        lastMs = nowMs;
      }
    }
    this.#durations.observe(operation, false, lastMs - startMs);
  }
}
