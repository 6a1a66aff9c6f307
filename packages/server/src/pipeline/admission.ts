import { type AdmissionAttributes, type AdmissionPlugin, formatGroupResource, type ServedVersion } from '@keelson/machinery';
import { type AdmissionDurations, AdmissionMetrics, type AdmissionStep } from '../metrics/admission/admission-metrics.js';
import { MetricsRegistry } from '../metrics/registry/metrics-registry.js';

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

  mutate(attributes: MutationAttributes): Promise<void> | undefined {
    const first = this.#admit.run(attributes);
    return first === undefined ? this.#secondRound(attributes) : first.then(() => this.#secondRound(attributes));
  }

  #secondRound(attributes: MutationAttributes): Promise<void> | undefined {
    return attributes.nextRound() ? this.#admit.run(attributes) : undefined;
  }

  validate(attributes: AdmissionAttributes): Promise<void> | undefined {
    return this.#validate.run(attributes);
  }
}

interface Call {
  ask(attributes: AdmissionAttributes): Promise<void> | void;
  readonly durations: AdmissionDurations;
}

/** Who is asked about the requests to one resource, and who has nothing to do with it but is counted as asked. */
interface Passage {
  readonly calls: readonly Call[];
  readonly passedBy: readonly AdmissionDurations[];
}

type Operation = AdmissionAttributes['operation'];

/** One of the two ways through the plugins: for each operation, and each version served, those who have part in it. */
class Step {
  readonly #step: AdmissionStep;
  readonly #plugins: readonly { readonly plugin: AdmissionPlugin; readonly durations: AdmissionDurations }[];
  readonly #durations: AdmissionDurations;
  readonly #passages: Readonly<Record<Operation, WeakMap<ServedVersion, Passage>>> = {
    CREATE: new WeakMap(),
    UPDATE: new WeakMap(),
    DELETE: new WeakMap(),
    CONNECT: new WeakMap(),
  };

  constructor(step: AdmissionStep, plugins: readonly AdmissionPlugin[], metrics: AdmissionMetrics) {
    this.#step = step;
    this.#plugins = plugins
      .filter((plugin) => plugin[step] !== undefined)
      .map((plugin) => ({ plugin, durations: metrics.plugin(plugin.name, step) }));
    this.#durations = metrics.step(step);
  }

  /** Asks one after the other; fails with the first refusal. Undefined where nobody had to be waited for. */
  run(attributes: AdmissionAttributes): Promise<void> | undefined {
    const { operation } = attributes;
    const passage = this.#passage(operation, attributes.served);
    for (const durations of passage.passedBy) durations.observe(operation, false, 0);
    const startMs = performance.now();
    return this.#goOn(attributes, passage, 0, startMs, startMs);
  }

  #passage(operation: Operation, served: ServedVersion): Passage {
    let passage = this.#passages[operation].get(served);
    if (passage === undefined) {
      passage = this.#newPassage(operation, formatGroupResource(served.resource));
      this.#passages[operation].set(served, passage);
    }
    return passage;
  }

  #newPassage(operation: Operation, resource: string): Passage {
    const handling = this.#plugins.filter(({ plugin }) => plugin.handles(operation));
    const isConcerned = ({ resources }: AdmissionPlugin) => resources === undefined || resources.includes(resource);
    const calls = handling.flatMap(({ plugin, durations }) => {
      const ask = isConcerned(plugin) ? plugin[this.#step]?.bind(plugin) : undefined;
      return ask === undefined ? [] : [{ ask, durations }];
    });
    return { calls, passedBy: handling.filter(({ plugin }) => !isConcerned(plugin)).map(({ durations }) => durations) };
  }

  /** From the call at `next` on. One look at the clock, `lastMs`, ends a call and begins the next. */
  #goOn(attributes: AdmissionAttributes, passage: Passage, next: number, startMs: number, lastMs: number): Promise<void> | undefined {
    const { operation } = attributes;
    let sinceMs = lastMs;
    for (let at = next; at < passage.calls.length; at++) {
      const call = passage.calls[at] as Call;
      let answer: Promise<void> | void;
      try {
        // Most answer at once: waiting for nothing would cost more than they do.
        answer = call.ask(attributes);
      } catch (error) {
        this.#rejected(call, operation, startMs, sinceMs);
        throw error;
      }
      if (answer !== undefined) return this.#wait(answer, attributes, passage, at, startMs, sinceMs);
      const nowMs = performance.now();
      call.durations.observe(operation, false, nowMs - sinceMs);
      sinceMs = nowMs;
    }
    this.#durations.observe(operation, false, sinceMs - startMs);
    return undefined;
  }

  async #wait(
    answer: Promise<void>,
    attributes: AdmissionAttributes,
    passage: Passage,
    at: number,
    startMs: number,
    sinceMs: number,
  ): Promise<void> {
    const call = passage.calls[at] as Call;
    try {
      await answer;
    } catch (error) {
      this.#rejected(call, attributes.operation, startMs, sinceMs);
      throw error;
    }
    const nowMs = performance.now();
    call.durations.observe(attributes.operation, false, nowMs - sinceMs);
    await this.#goOn(attributes, passage, at + 1, startMs, nowMs);
  }

  #rejected({ durations }: Call, operation: Operation, startMs: number, sinceMs: number): void {
    const nowMs = performance.now();
    durations.observe(operation, true, nowMs - sinceMs);
    this.#durations.observe(operation, true, nowMs - startMs);
  }
}
