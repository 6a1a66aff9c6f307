import { microTimeNow } from '@keelson/machinery';
import type { LoopbackClient } from '@keelson/server';
import { RepeatedTask } from '../repeated-task.js';
import type { Lease } from './election.js';
import { LEASES } from './resources.js';

export interface LeadershipTimes {
  readonly leaseMs: number;
  /** Who cannot renew the lease for so long leads no more. */
  readonly renewDeadlineMs: number;
  readonly retryMs: number;
}

export interface LeadershipOptions {
  readonly client: LoopbackClient;
  readonly namespace: string;
  /** Of the lease. */
  readonly name: string;
  /** Another one for each replica and each start. */
  readonly identity: string;
  readonly times: LeadershipTimes;
  /** Called whenever this replica begins to lead. */
  readonly controllers: () => readonly Led[];
  readonly onFailure: (error: unknown) => void;
}

/** Runs on the leader only. */
export interface Led {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Runs controllers on one replica at a time: on that which holds a lease, kept as kube-apiserver keeps it. */
export class Leadership {
  readonly #options: LeadershipOptions;
  readonly #rounds: RepeatedTask;
  /** What the lease said when it last said something new, and when that was here: other clocks may be wrong. */
  #seen = { text: '', atMs: 0 };
  #running: readonly Led[] | undefined;
  /** Ends what runs: a renewal that nobody answers tells of nothing. */
  #deadline: NodeJS.Timeout | undefined;

  constructor(options: LeadershipOptions) {
    this.#options = options;
    this.#rounds = new RepeatedTask(() => this.#round(), options.times.retryMs, options.onFailure);
  }

  get leads(): boolean {
    return this.#running !== undefined;
  }

  /** Resolves when it has asked for the lease once. */
  start(): Promise<void> {
    return this.#rounds.start();
  }

  /** Gives the lease back, so that another replica need not wait for its end. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
    const led = this.leads;
    await this.#end();
    if (led) await this.#release();
  }

  async #round(): Promise<void> {
    const untilMs = performance.now() + this.#options.times.renewDeadlineMs;
    const holds = await this.#hold();
    const leftMs = untilMs - performance.now();
    if (!holds || leftMs <= 0) return this.#end();
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#endLate(), leftMs).unref();
    if (this.#running === undefined) this.#begin();
  }

  /** Nobody waits for first rounds: while they go on, the lease has to be renewed. */
  #begin(): void {
    const running = this.#options.controllers();
    this.#running = running;
    Promise.all(running.map((one) => one.start())).catch((error: unknown) => {
      this.#options.onFailure(error);
      // With the next round they begin again.
      if (this.#running === running) this.#endLate();
    });
  }

  #endLate(): void {
    this.#end().catch(this.#options.onFailure);
  }

  async #end(): Promise<void> {
    clearTimeout(this.#deadline);
    const running = this.#running ?? [];
    this.#running = undefined;
    await Promise.all(running.map((one) => one.stop()));
  }

  /** Takes or renews the lease; false where another replica holds it. */
  async #hold(): Promise<boolean> {
    const { client, namespace, name, identity } = this.#options;
    if ((await client.get(LEASES, namespace, name)) === undefined) {
      const now = microTimeNow();
      const spec = { ...this.#renewed(now), acquireTime: now, leaseTransitions: 0 };
      await client.ensure(LEASES, { metadata: { namespace, name }, spec } as Lease);
    }
    let holds = false;
    await client.update(LEASES, namespace, name, (object) => {
      const lease = object as Lease;
      holds = lease.spec.holderIdentity === identity || this.#isFree(lease);
      if (holds) this.#take(lease);
    });
    return holds;
  }

  #isFree({ spec }: Lease): boolean {
    const text = JSON.stringify(spec);
    if (text !== this.#seen.text) this.#seen = { text, atMs: performance.now() };
    return !spec.holderIdentity || performance.now() - this.#seen.atMs > this.#options.times.leaseMs;
  }

  #take({ spec }: Lease): void {
    const now = microTimeNow();
    const isNew = spec.holderIdentity !== this.#options.identity;
    const taken = isNew ? { acquireTime: now, leaseTransitions: (spec.leaseTransitions ?? 0) + 1 } : {};
    Object.assign(spec, this.#renewed(now), taken);
  }

  #renewed(now: string): Partial<Lease['spec']> {
    const { identity, times } = this.#options;
    return { holderIdentity: identity, leaseDurationSeconds: Math.floor(times.leaseMs / 1000), renewTime: now };
  }

  async #release(): Promise<void> {
    const { client, namespace, name, identity } = this.#options;
    await client.update(LEASES, namespace, name, (object) => {
      const { spec } = object as Lease;
      if (spec.holderIdentity !== identity) return;
      const now = microTimeNow();
      Object.assign(spec, { holderIdentity: '', leaseDurationSeconds: 1, renewTime: now, acquireTime: now });
    });
  }
}
