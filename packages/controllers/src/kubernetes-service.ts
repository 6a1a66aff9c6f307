import { setTimeout as pause } from 'node:timers/promises';
import { type GroupVersionResource, hasReason, type KubeObject } from '@keelson/machinery';
import type { core, discovery } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import { RepeatedTask } from './repeated-task.js';
import type { ReplicaLeases } from './replica-leases.js';

const SERVICES: GroupVersionResource = { group: '', version: 'v1', resource: 'services' };
const ENDPOINTS: GroupVersionResource = { group: '', version: 'v1', resource: 'endpoints' };
const SLICES: GroupVersionResource = { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' };
const NAME = { name: 'kubernetes', namespace: 'default' };

const RENEW_MS = 10_000;
export const LEASE_SECONDS = 15;

/** Time for another replica to get from taking the service's address to writing the service. */
const RIVAL_MS = 500;
const RIVAL_LOOK_MS = 25;

export interface KubernetesServiceOptions {
  /** First address of the service range: what pods reach the API by. */
  readonly clusterIp: string;
  readonly securePort: number;
  /** Address other hosts reach this replica by; undefined (a server on loopback alone) keeps it out of the endpoints. */
  readonly advertiseAddress: string | undefined;
}

/**
 * Keeps the Service `default/kubernetes` and its endpoints: this replica's address as long as it lives, and those of
 * the other replicas as long as their leases do.
 */
export class KubernetesService {
  readonly #client: LoopbackClient;
  readonly #leases: ReplicaLeases;
  readonly #options: KubernetesServiceOptions;
  readonly #renewal: RepeatedTask;
  /** Ports are put right at the start only: replicas that differ in them would else write against each other for ever. */
  #portsAreRight = false;

  constructor(client: LoopbackClient, leases: ReplicaLeases, options: KubernetesServiceOptions, onFailure: (error: unknown) => void) {
    this.#client = client;
    this.#leases = leases;
    this.#options = options;
    this.#renewal = new RepeatedTask(() => this.#reconcile(), RENEW_MS, onFailure);
  }

  /** Resolves when the Service stands and points here. */
  start(): Promise<void> {
    return this.#renewal.start();
  }

  /** Takes this replica out before it stops answering. */
  async stop(): Promise<void> {
    await this.#renewal.stop();
    const { advertiseAddress } = this.#options;
    if (advertiseAddress === undefined) return;
    await this.#leases.release(advertiseAddress);
    await this.#publish(await this.#leases.addresses(), false);
  }

  async #reconcile(): Promise<void> {
    const { advertiseAddress, clusterIp, securePort } = this.#options;
    await this.#ensureService(kubernetesService(clusterIp, securePort));
    if (advertiseAddress === undefined) return;
    await this.#leases.renew(advertiseAddress);
    await this.#publish(await this.#leases.addresses(), !this.#portsAreRight);
    this.#portsAreRight = true;
  }

  /** Replicas that start at once all try to take the address; whoever comes second waits for the service of the first. */
  async #ensureService(wanted: KubeObject): Promise<void> {
    for (let waitedMs = 0; ; waitedMs += RIVAL_LOOK_MS) {
      try {
        return await this.#client.ensure(SERVICES, wanted);
      } catch (error) {
        const mayBeTaken = hasReason(error, 'Invalid');
        if (!mayBeTaken || waitedMs >= RIVAL_MS) throw error;
      }
      await pause(RIVAL_LOOK_MS);
    }
  }

  async #publish(addresses: readonly string[], withPorts: boolean): Promise<void> {
    const { securePort } = this.#options;
    await this.#put(ENDPOINTS, endpoints(addresses, securePort), withPorts, (object) => endpointAddresses(object as core.v1.Endpoints));
    await this.#put(SLICES, endpointSlice(addresses, securePort), withPorts, (object) =>
      sliceAddresses(object as discovery.v1.EndpointSlice),
    );
  }

  /** Creates the object, or brings it up to date where its addresses differ, or all of it when `whole`. */
  async #put(gvr: GroupVersionResource, wanted: KubeObject, whole: boolean, addressesOf: (object: KubeObject) => string): Promise<void> {
    await this.#client.ensure(gvr, wanted);
    const current = await this.#client.get(gvr, NAME.namespace, NAME.name);
    if (current === undefined || (!whole && addressesOf(current) === addressesOf(wanted))) return;
    const { metadata: _metadata, ...content } = wanted;
    try {
      await this.#client.update(gvr, NAME.namespace, NAME.name, (object) => Object.assign(object, content));
    } catch (error) {
      // Deleted between the calls: the next round makes it again.
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }
}

function endpointAddresses({ subsets }: core.v1.Endpoints): string {
  return (subsets ?? []).flatMap(({ addresses }) => (addresses ?? []).map(({ ip }) => ip)).join();
}

function sliceAddresses({ endpoints: listed }: discovery.v1.EndpointSlice): string {
  return (listed ?? []).flatMap(({ addresses }) => addresses ?? []).join();
}

const familyOf = (ip: string) => (ip.includes(':') ? 'IPv6' : 'IPv4');

function kubernetesService(clusterIp: string, securePort: number): KubeObject {
  const spec = {
    type: 'ClusterIP',
    clusterIP: clusterIp,
    clusterIPs: [clusterIp],
    ipFamilies: [familyOf(clusterIp)],
    ipFamilyPolicy: 'SingleStack',
    sessionAffinity: 'None',
    internalTrafficPolicy: 'Cluster',
    ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: securePort }],
  };
  const metadata = { ...NAME, labels: { component: 'apiserver', provider: 'kubernetes' } };
  return { metadata, spec, status: { loadBalancer: {} } } as core.v1.Service;
}

function endpoints(addresses: readonly string[], port: number): KubeObject {
  const subsets =
    addresses.length === 0 ? [] : [{ addresses: addresses.map((ip) => ({ ip })), ports: [{ name: 'https', port, protocol: 'TCP' }] }];
  return { metadata: { ...NAME, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } }, subsets } as core.v1.Endpoints;
}

function endpointSlice(addresses: readonly string[], port: number): KubeObject {
  return {
    metadata: { ...NAME, labels: { 'kubernetes.io/service-name': NAME.name } },
    addressType: familyOf(addresses[0] ?? ''),
    endpoints: addresses.map((ip) => ({ addresses: [ip], conditions: { ready: true } })),
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  } as discovery.v1.EndpointSlice;
}
