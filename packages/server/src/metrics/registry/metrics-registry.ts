import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Family } from './family.js';
import { addProcessFamilies } from './process-families.js';

/**
 * What `/metrics` shows: our own families, and through prom-client those of the process (`process_*`, `nodejs_*`, event
 * loop delay among them) and whatever else is registered there. Our own are not kept in prom-client, whose label maps
 * and one-piece exposition would cost memory and block the loop (siimon/prom-client#543, #611).
 */
export class MetricsRegistry {
  /** For metrics recorded with prom-client. */
  readonly external = new Registry();
  readonly #families = new Map<string, Family>();
  readonly #disabled = new Set<string>();
  readonly #beforeRender: (() => void)[] = [];

  /** Starts observing the process; once, by whoever owns it. */
  observeProcess(onFailure: (error: unknown) => void): void {
    collectDefaultMetrics({ register: this.external });
    if (process.platform === 'linux') addProcessFamilies(this, onFailure);
  }

  /** They are counted, and not shown. */
  disable(names: Iterable<string>): void {
    for (const name of names) this.#disabled.add(name);
  }

  get disabled(): ReadonlySet<string> {
    return this.#disabled;
  }

  get families(): Iterable<Family> {
    return this.#families.values();
  }

  add<T extends Family>(family: T): T {
    if (this.#families.has(family.name)) throw new Error(`metric ${family.name} is already registered`);
    this.#families.set(family.name, family);
    return family;
  }

  /** For those who keep something back until it is asked for. */
  onRender(settle: () => void): void {
    this.#beforeRender.push(settle);
  }

  /** The text exposition format, a few lines at a time. Families without samples are left out. */
  async *render(): AsyncIterable<string> {
    for (const settle of this.#beforeRender) settle();
    for (const family of this.#families.values()) {
      if (this.#disabled.has(family.name)) continue;
      await family.prepare?.();
      yield* renderFamily(family);
    }
    for (const { name } of this.external.getMetricsAsArray())
      if (!this.#disabled.has(name)) yield `${await this.external.getSingleMetricAsString(name)}\n`;
  }
}

function* renderFamily(family: Family): Iterable<string> {
  let head = `# HELP ${family.name} ${family.help}\n# TYPE ${family.name} ${family.type}\n`;
  for (const lines of family.render()) {
    yield head + lines;
    head = '';
  }
}
