import { clientBounds } from '@keelson/machinery';
import { Asked, CollectedFamily, CounterFamily, HistogramFamily, type MetricsRegistry } from '@keelson/server';

/** Whether what was taken had been asked for by name. */
export type AllocationScope = 'static' | 'dynamic';

/** How much of a range is taken, and how much is left. */
export interface RangeUse {
  readonly allocated: number;
  readonly available: number;
}

type Usage = readonly (readonly [labelValues: readonly string[], use: RangeUse])[];

/** What the allocators of services do. */
export class AllocationMetrics {
  readonly clusterIps: ClusterIpMetrics;
  readonly nodePorts: NodePortMetrics;

  /** `onFailure`: how much is taken cannot be told; for the log. */
  constructor(registry: MetricsRegistry, onFailure: (error: unknown) => void) {
    this.clusterIps = new ClusterIpMetrics(registry, onFailure);
    this.nodePorts = new NodePortMetrics(registry, onFailure);
  }
}

export class ClusterIpMetrics {
  readonly #registry: MetricsRegistry;
  readonly #onFailure: (error: unknown) => void;
  readonly #allocations: CounterFamily;
  readonly #errors: CounterFamily;
  readonly #durations: HistogramFamily;

  constructor(registry: MetricsRegistry, onFailure: (error: unknown) => void) {
    this.#registry = registry;
    this.#onFailure = onFailure;
    const counter = (of: string, help: string) => registry.add(new CounterFamily(ipName(of), `[ALPHA] ${help}`, ['cidr', 'scope']));
    this.#allocations = counter('allocation_total', 'Service addresses that were taken.');
    this.#errors = counter('allocation_errors_total', 'Service addresses that could not be taken.');
    this.#durations = registry.add(
      new HistogramFamily(ipName('allocation_duration_seconds'), '[ALPHA] Time to take a service address.', ['cidr'], clientBounds),
    );
  }

  /** `ask`: the use of each range, by its CIDR. */
  watch(ask: () => Promise<ReadonlyMap<string, RangeUse>>): void {
    const usage = new Asked<Usage>(async () => Array.from(await ask(), ([cidr, use]) => [[cidr], use]), this.#onFailure);
    addUsage(this.#registry, usage, ['cidr'], {
      allocated: [ipName('allocated_ips'), 'Service addresses that are taken.'],
      available: [ipName('available_ips'), 'Service addresses that are left.'],
    });
  }

  taken(cidr: string, scope: AllocationScope, tookMs: number): void {
    this.#allocations.child(cidr, scope).add();
    this.#durations.child(cidr).observe(tookMs / 1000);
  }

  failed(cidr: string, scope: AllocationScope): void {
    this.#errors.child(cidr, scope).add();
  }
}

export class NodePortMetrics {
  readonly #registry: MetricsRegistry;
  readonly #onFailure: (error: unknown) => void;
  readonly #allocations: CounterFamily;
  readonly #errors: CounterFamily;

  constructor(registry: MetricsRegistry, onFailure: (error: unknown) => void) {
    this.#registry = registry;
    this.#onFailure = onFailure;
    const counter = (of: string, help: string) => registry.add(new CounterFamily(portName(of), `[ALPHA] ${help}`, ['scope']));
    this.#allocations = counter('allocation_total', 'Node ports that were taken.');
    this.#errors = counter('allocation_errors_total', 'Node ports that could not be taken.');
  }

  watch(ask: () => Promise<RangeUse>): void {
    const usage = new Asked<Usage>(async () => [[[], await ask()]], this.#onFailure);
    addUsage(this.#registry, usage, [], {
      allocated: [portName('allocated_ports'), 'Node ports that are taken.'],
      available: [portName('available_ports'), 'Node ports that are left.'],
    });
  }

  taken(scope: AllocationScope): void {
    this.#allocations.child(scope).add();
  }

  failed(scope: AllocationScope): void {
    this.#errors.child(scope).add();
  }
}

/** Both gauges of a use. It is asked for once, by the first of them. */
function addUsage(
  registry: MetricsRegistry,
  usage: Asked<Usage>,
  labels: readonly string[],
  names: Readonly<Record<keyof RangeUse, readonly [name: string, help: string]>>,
): void {
  const family = (of: keyof RangeUse, prepare?: () => Promise<void>) => {
    const [name, help] = names[of];
    const collect = () => (usage.value ?? []).map(([values, use]) => [values, use[of]] as const);
    registry.add(new CollectedFamily('gauge', name, `[ALPHA] ${help}`, labels, collect, prepare));
  };
  family('allocated', () => usage.prepare());
  family('available');
}

function ipName(of: string): string {
  return `kube_apiserver_clusterip_allocator_${of}`;
}

function portName(of: string): string {
  return `kube_apiserver_nodeport_allocator_${of}`;
}
