import { writePublicFile } from '../pki/pki-files.js';
import type { Stoppable } from '../stop-on-signals.js';
import type { ClusterPlan } from './cluster-plan.js';
import type { ProcessSpec, ProcessStatus } from './supervised-process.js';
import { SupervisedProcess } from './supervised-process.js';

/** etcd members, API servers and a load balancer, run as children of this process. */
export class LocalCluster implements Stoppable {
  readonly url: string;
  readonly whenStopped: Promise<void>;
  readonly #plan: ClusterPlan;
  readonly #haproxyConfigFile: string;
  readonly #etcd: readonly SupervisedProcess[];
  readonly #replicas: readonly SupervisedProcess[];
  readonly #loadBalancer: SupervisedProcess;
  #markStopped: () => void = () => undefined;
  #stop: Promise<void> | undefined;

  constructor(plan: ClusterPlan, haproxyConfigFile: string, report: (status: ProcessStatus) => void) {
    const supervised = (spec: ProcessSpec) => new SupervisedProcess(spec, report);
    this.url = plan.url;
    this.#plan = plan;
    this.#haproxyConfigFile = haproxyConfigFile;
    this.#etcd = plan.etcd.map(supervised);
    this.#replicas = plan.replicas.map(supervised);
    this.#loadBalancer = supervised(plan.loadBalancer);
    this.whenStopped = new Promise((resolve) => {
      this.#markStopped = resolve;
    });
  }

  get processes(): readonly ProcessStatus[] {
    return this.#all.map(({ status }) => status);
  }

  get #all(): readonly SupervisedProcess[] {
    return [...this.#etcd, ...this.#replicas, this.#loadBalancer];
  }

  /**
   * etcd first, then what needs it. Fulfilled when all is ready: true, or when it was stopped before that: false. When
   * one fails to start, the others are stopped again.
   */
  async start(): Promise<boolean> {
    try {
      await Promise.all(this.#etcd.map((member) => member.start()));
      await Promise.all(this.#replicas.map((replica) => replica.start()));
      await writePublicFile(this.#haproxyConfigFile, this.#plan.haproxyConfig);
      await this.#loadBalancer.start();
      return true;
    } catch (error) {
      const stoppedMeanwhile = this.#stop !== undefined;
      await this.stop();
      if (!stoppedMeanwhile) throw error;
      return false;
    }
  }

  stop(): Promise<void> {
    this.#stop ??= this.#stopInOrder();
    return this.#stop;
  }

  /** Kills every process at once: etcd and the servers are made for it. */
  abandon(): void {
    for (const one of this.#all) one.kill();
  }

  /**
   * From the clients inwards: HAProxy takes no new connections and keeps those there are, the API servers drain while
   * they still have etcd, etcd goes last.
   */
  async #stopInOrder(): Promise<void> {
    this.#loadBalancer.retire('SIGUSR1');
    await Promise.all(this.#replicas.map((replica) => replica.stop()));
    await this.#loadBalancer.stop();
    await Promise.all(this.#etcd.map((member) => member.stop()));
    this.#markStopped();
  }
}
