import type { coordination } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import { RepeatedTask } from '../repeated-task.js';
import { IDENTITY, IDENTITY_LABEL, leases, NAMESPACE } from './identity-lease.js';

type Lease = coordination.v1.Lease;

const CHECK_MS = 3_600_000;

/** Removes the leases of replicas that will not come back. */
export class ExpiredIdentities {
  readonly #client: LoopbackClient;
  readonly #nowMs: () => number;
  readonly #check: RepeatedTask;

  constructor(client: LoopbackClient, onFailure: (error: unknown) => void, nowMs = Date.now) {
    this.#client = client;
    this.#nowMs = nowMs;
    this.#check = new RepeatedTask(() => this.#collect(), CHECK_MS, onFailure);
  }

  start(): Promise<void> {
    return this.#check.start();
  }

  stop(): Promise<void> {
    return this.#check.stop();
  }

  async #collect(): Promise<void> {
    const all = (await this.#client.list(leases, NAMESPACE, { at: 'any' })) as Lease[];
    for (const lease of all) if (isIdentity(lease) && this.#hasExpired(lease)) await this.#client.delete(leases, lease);
  }

  /** One that says neither when it was renewed nor for how long is nobody's. */
  #hasExpired({ spec }: Lease): boolean {
    const { renewTime, leaseDurationSeconds } = spec;
    if (renewTime === undefined || leaseDurationSeconds === undefined) return true;
    return Date.parse(renewTime) + leaseDurationSeconds * 1000 < this.#nowMs();
  }
}

function isIdentity({ metadata }: Lease): boolean {
  return metadata.labels?.[IDENTITY_LABEL] === IDENTITY;
}
