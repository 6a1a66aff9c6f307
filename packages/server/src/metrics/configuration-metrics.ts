import { CollectedFamily, CounterFamily, GaugeFamily } from './registry/family.js';
import type { MetricsRegistry } from './registry/metrics-registry.js';

/** What becomes of a configuration file that is read again when it changes. */
export class ConfigurationMetrics {
  readonly #reloads: CounterFamily;
  readonly #lastReload: GaugeFamily;
  #hash = '';

  /** `subject`: `authentication`. */
  constructor(registry: MetricsRegistry, subject: string) {
    const name = (last: string) => `apiserver_${subject}_config_controller_${last}`;
    this.#reloads = registry.add(
      new CounterFamily(name('automatic_reloads_total'), `[BETA] Times the ${subject} configuration was read again, by outcome.`, [
        'status',
      ]),
    );
    this.#lastReload = registry.add(
      new GaugeFamily(
        name('automatic_reload_last_timestamp_seconds'),
        `[BETA] When the ${subject} configuration was last read again, by outcome.`,
        ['status'],
      ),
    );
    registry.add(
      new CollectedFamily('gauge', name('last_config_info'), `[ALPHA] Hash of the ${subject} configuration that is used.`, ['hash'], () =>
        this.#hash === '' ? [] : [[[this.#hash], 1]],
      ),
    );
  }

  /** `hash`: of the content, as `sha256:…`. */
  readonly onUse = (hash: string): void => {
    this.#hash = hash;
  };

  readonly onReload = (status: 'success' | 'failure'): void => {
    this.#reloads.child(status).value++;
    this.#lastReload.child(status).value = Date.now() / 1000;
  };
}
