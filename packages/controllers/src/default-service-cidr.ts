import { formatIpRange, parseIpRange } from '@keelson/api';
import { ApiError, type GroupVersionResource, timeNow } from '@keelson/machinery';
import type { networking } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import { coreWarning } from './events/core-event.js';
import { referenceTo } from './events/event-recorder.js';
import { RepeatedTask } from './repeated-task.js';

type ServiceCIDR = networking.v1.ServiceCIDR;

const SERVICE_CIDRS: GroupVersionResource = { group: 'networking.k8s.io', version: 'v1', resource: 'servicecidrs' };
const EVENTS: GroupVersionResource = { group: '', version: 'v1', resource: 'events' };
const CONTROLLER = 'kubernetes-service-cidr-controller';
const NAME = 'kubernetes';
const CHECK_MS = 10_000;

/**
 * Keeps the ServiceCIDR `kubernetes`: the ranges that services have addresses from when nobody declares others
 * (KEP-1880). One that says otherwise than this server's flags is left as it is; somebody has to decide.
 */
export class DefaultServiceCidr {
  readonly #client: LoopbackClient;
  /** The first one is of the cluster's default family. */
  readonly #cidrs: readonly string[];
  readonly #check: RepeatedTask;
  readonly #onFailure: (error: unknown) => void;
  /** What users were told of once: it stays so until they do something. */
  readonly #told = new Set<string>();

  /** `ranges`: `--service-cluster-ip-range`. */
  constructor(client: LoopbackClient, ranges: readonly string[], onFailure: (error: unknown) => void) {
    this.#client = client;
    this.#cidrs = ranges.flatMap((range) => parseIpRange(range) ?? []).map(formatIpRange);
    this.#onFailure = onFailure;
    this.#check = new RepeatedTask(() => this.#reconcile(), CHECK_MS, onFailure);
  }

  /** Resolves when there is one. */
  start(): Promise<void> {
    return this.#check.start();
  }

  stop(): Promise<void> {
    return this.#check.stop();
  }

  async #reconcile(): Promise<void> {
    const current = (await this.#client.get(SERVICE_CIDRS, '', NAME, { at: 'any' })) as ServiceCIDR | undefined;
    if (current === undefined) await this.#create();
    else if (this.#lacksSecondFamily(current)) await this.#addSecondFamily(current);
    else await this.#review(current);
  }

  async #create(): Promise<void> {
    const wanted = { metadata: { name: NAME }, spec: { cidrs: [...this.#cidrs] } } as ServiceCIDR;
    await this.#client.ensure(SERVICE_CIDRS, wanted);
    const created = (await this.#client.get(SERVICE_CIDRS, '', NAME)) as ServiceCIDR | undefined;
    if (created !== undefined) await this.#review(created);
  }

  /** A cluster of one family may become one of two. */
  #lacksSecondFamily({ spec }: ServiceCIDR): boolean {
    return this.#cidrs.length === 2 && spec.cidrs?.length === 1 && spec.cidrs[0] === this.#cidrs[0];
  }

  async #addSecondFamily(current: ServiceCIDR): Promise<void> {
    const cidrs = [...this.#cidrs];
    try {
      await this.#client.update(SERVICE_CIDRS, '', NAME, (object) => Object.assign(object, { spec: { cidrs } }));
    } catch (error) {
      const why = error instanceof ApiError ? error.message : String(error);
      const message = `The default ServiceCIDR can not be upgraded from ${cidrs[0]} to dual stack [${cidrs.join(' ')}] : ${why}`;
      await this.#tellOnce(current, 'KubernetesDefaultServiceCIDRError', message);
      this.#onFailure(error);
    }
  }

  async #review(current: ServiceCIDR): Promise<void> {
    // What is being deleted is the controller manager's.
    if (current.metadata.deletionTimestamp !== undefined) return;
    const { cidrs = [] } = current.spec;
    const ready = current.status.conditions?.find(({ type }) => type === 'Ready');
    if (cidrs.join() !== this.#cidrs.join()) {
      const message = `The default ServiceCIDR [${cidrs.join(' ')}] does not match the controller flag configurations [${this.#cidrs.join(' ')}]`;
      await this.#tellOnce(current, 'KubernetesDefaultServiceCIDRInconsistent', message);
    } else if (ready?.status === 'False') {
      await this.#tellOnce(current, ready.reason, `Configuration matches, but ${ready.message}`);
    } else if (ready?.status !== 'True') {
      await this.#declareReady(current);
    }
  }

  async #declareReady(current: ServiceCIDR): Promise<void> {
    const ready = {
      type: 'Ready',
      status: 'True',
      message: 'Kubernetes default Service CIDR is ready',
      lastTransitionTime: timeNow(),
    };
    try {
      const applied = { metadata: { name: NAME }, status: { conditions: [ready] } };
      await this.#client.applyStatus(SERVICE_CIDRS, CONTROLLER, applied);
    } catch (error) {
      const message = 'The default ServiceCIDR Status can not be set to Ready=True';
      await this.#tellOnce(current, 'KubernetesDefaultServiceCIDRError', message);
      throw error;
    }
  }

  async #tellOnce(about: ServiceCIDR, reason: string, message: string): Promise<void> {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    const regarding = referenceTo('networking.k8s.io/v1', 'ServiceCIDR', about);
    try {
      await this.#client.create(EVENTS, coreWarning(CONTROLLER, regarding, reason, message));
    } catch (error) {
      this.#onFailure(error);
    }
  }
}
