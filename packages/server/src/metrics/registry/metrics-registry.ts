import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Family } from './family.js';

/**
 * What `/metrics` shows: our own families, and through prom-client those of the process (`process_*`, `nodejs_*`, event
 * loop delay among them) and whatever else is registered there. Our own are not kept in prom-client, whose label maps
 * and one-piece exposition would cost memory and block the loop (siimon/prom-client#543, #611).
 */
export class MetricsRegistry {
  /** For metrics recorded with prom-client. */
  readonly external = new Registry();
  readonly #families = new Map<string, Family>();
  readonly #beforeRender: (() => void)[] = [];

  /** Starts observing the process; once, by whoever owns it. */
  observeProcess(): void {
    collectDefaultMetrics({ register: this.external });
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
      await family.prepare?.();
      yield* renderFamily(family);
    }
    if (this.external.getMetricsAsArray().length > 0) yield await this.external.metrics();
  }
}

function* renderFamily(family: Family): Iterable<string> {
  let head = `# HELP ${family.name} ${family.help}\n# TYPE ${family.name} ${family.type}\n`;
  for (const lines of family.render()) {
    yield head + lines;
    head = '';
  }
}
