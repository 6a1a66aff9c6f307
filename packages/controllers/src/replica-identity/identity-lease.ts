import { randomUUID } from 'node:crypto';
import { microTimeNow } from '@keelson/machinery';
import type { coordination } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import { RepeatedTask } from '../repeated-task.js';

type Lease = coordination.v1.Lease;

export const leases = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' };
export const NAMESPACE = 'kube-system';
export const IDENTITY_LABEL = 'apiserver.kubernetes.io/identity';
export const IDENTITY = 'kube-apiserver';
const LEASE_SECONDS = 3600;
const RENEW_MS = 10_000;

export interface ReplicaIdentity {
  /** See `replicaName`. */
  readonly name: string;
  readonly hostname: string;
}

/** Shows in a lease of its own that this replica is alive (KEP-1965). */
export class IdentityLease {
  readonly #client: LoopbackClient;
  readonly #identity: ReplicaIdentity;
  /** Another one for each start of the process. */
  readonly #holder: string;
  readonly #renewal: RepeatedTask;

  constructor(client: LoopbackClient, identity: ReplicaIdentity, onFailure: (error: unknown) => void) {
    this.#client = client;
    this.#identity = identity;
    this.#holder = `${identity.name}_${randomUUID()}`;
    this.#renewal = new RepeatedTask(() => this.#renew(), RENEW_MS, onFailure);
  }

  /** Resolves when it is held. */
  start(): Promise<void> {
    return this.#renewal.start();
  }

  /** The lease stays: it tells when the replica was last seen. */
  stop(): Promise<void> {
    return this.#renewal.stop();
  }

  async #renew(): Promise<void> {
    const { name } = this.#identity;
    if ((await this.#client.get(leases, NAMESPACE, name, { at: 'any' })) === undefined) {
      const made: Lease = { metadata: { namespace: NAMESPACE, name, labels: this.#labels() }, spec: this.#spec() };
      await this.#client.ensure(leases, made);
    }
    await this.#client.update(leases, NAMESPACE, name, (lease) => {
      lease.metadata.labels = { ...lease.metadata.labels, ...this.#labels() };
      (lease as Lease).spec = this.#spec();
    });
  }

  #labels(): Record<string, string> {
    return { [IDENTITY_LABEL]: IDENTITY, 'kubernetes.io/hostname': this.#identity.hostname };
  }

  #spec(): Lease['spec'] {
    return { holderIdentity: this.#holder, leaseDurationSeconds: LEASE_SECONDS, renewTime: microTimeNow() };
  }
}
