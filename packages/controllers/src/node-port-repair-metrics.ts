import { type Counter, CounterFamily, type MetricsRegistry } from '@keelson/server';

/** What the repair of node ports finds, by the reasons of its events. */
const types: Readonly<Record<string, string>> = {
  PortOutOfRange: 'outOfRange',
  PortAlreadyAllocated: 'duplicate',
  PortNotAllocated: 'repair',
};

export class NodePortRepairMetrics {
  readonly #errors: CounterFamily;
  readonly #failures: Counter;

  constructor(registry: MetricsRegistry) {
    const name = (of: string) => `apiserver_nodeport_repair_${of}`;
    this.#errors = registry.add(
      new CounterFamily(name('port_errors_total'), '[ALPHA] Faults found in the record of node ports, by type.', ['type']),
    );
    this.#failures = registry
      .add(new CounterFamily(name('reconcile_errors_total'), '[ALPHA] Rounds of the repair of node ports that failed.', []))
      .child();
  }

  found(reason: string): void {
    this.#errors.child(types[reason] ?? 'unknown').add();
  }

  leaked(ports: number): void {
    if (ports > 0) this.#errors.child('leak').add(ports);
  }

  failed(): void {
    this.#failures.add();
  }
}
