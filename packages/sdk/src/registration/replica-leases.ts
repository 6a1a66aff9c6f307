import type { KubeClient, KubeObject } from '@keelson/machinery';
import { apply } from '../cluster/apply.js';
import { resourcePath } from '../cluster/resource-path.js';
import { replicaName, serviceLabel } from './replica-name.js';
import type { ServiceReference } from './service-reference.js';

const LEASES = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' };
const LEASE_SECONDS = 15;
/** Two may be late or lost. */
export const RENEW_EVERY_MS = 5_000;

interface Lease extends KubeObject {
  readonly spec?: { readonly renewTime?: string; readonly leaseDurationSeconds?: number };
}

/** Signs of life of the processes behind a Service: a Lease each, as nobody else looks after addresses outside of pods. */
export class ReplicaLeases {
  readonly #client: KubeClient;
  readonly #service: ServiceReference;
  readonly #own: string;
  /** When a renewal was first seen here: the clocks of machines differ. */
  readonly #seen = new Map<string, { readonly renewTime: string; readonly atMs: number }>();

  constructor(client: KubeClient, service: ServiceReference, replica: string) {
    this.#client = client;
    this.#service = service;
    this.#own = replicaName(service, replica);
  }

  async renew(now: Date): Promise<void> {
    await apply(this.#client, LEASES.resource, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { namespace: this.#service.namespace, name: this.#own, labels: serviceLabel(this.#service) },
      spec: { holderIdentity: this.#own, leaseDurationSeconds: LEASE_SECONDS, renewTime: now.toISOString().replace('Z', '000Z') },
    });
  }

  /** Names of other replicas whose leases have not been renewed in time. `nowMs`: by `performance.now()`. */
  async ended(nowMs: number): Promise<string[]> {
    const [[label, value] = []] = Object.entries(serviceLabel(this.#service));
    const path = `${resourcePath(LEASES, this.#service.namespace)}?labelSelector=${encodeURIComponent(`${label}=${value}`)}`;
    const { items = [] } = await this.#client.get<{ readonly items?: readonly Lease[] }>(path);
    const others = new Map(items.map((lease) => [lease.metadata.name ?? '', lease]));
    others.delete(this.#own);
    for (const name of this.#seen.keys()) if (!others.has(name)) this.#seen.delete(name);
    return [...others].filter(([name, lease]) => this.#hasEnded(name, lease, nowMs)).map(([name]) => name);
  }

  #hasEnded(name: string, { spec: { renewTime = '', leaseDurationSeconds = LEASE_SECONDS } = {} }: Lease, nowMs: number): boolean {
    const seen = this.#seen.get(name);
    if (seen?.renewTime === renewTime) return nowMs - seen.atMs > leaseDurationSeconds * 1000;
    this.#seen.set(name, { renewTime, atMs: nowMs });
    return false;
  }

  /** Takes the lease of a replica away. */
  async delete(name = this.#own): Promise<void> {
    await this.#client.delete(resourcePath(LEASES, this.#service.namespace, name));
  }
}
