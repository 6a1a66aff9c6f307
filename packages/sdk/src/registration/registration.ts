import { setTimeout as sleep } from 'node:timers/promises';
import { RepeatedTask } from '@keelson/controllers';
import { hasReason, type JsonObject, type KubeClient, type KubeObject, type Log, unlessAbsent } from '@keelson/machinery';
import { apply } from '../cluster/apply.js';
import { resourcePath } from '../cluster/resource-path.js';
import { apiServices, type ServedGroup } from './api-service.js';
import { RENEW_EVERY_MS, ReplicaLeases } from './replica-leases.js';
import { type Backend, type ServiceObjects, serviceObjects, servicePort } from './service-objects.js';
import type { ServiceReference } from './service-reference.js';

/** What others have changed or deleted comes back after this time at the latest. */
const APPLY_EVERY_MS = 60_000;
const AVAILABLE_WITHIN_MS = 30_000;
const AVAILABLE_POLL_MS = 50;
/** Other replicas, and the cluster with what it says of availability, write at the same time. */
const ATTEMPTS = 10;
const API_SERVICES = { group: 'apiregistration.k8s.io', version: 'v1', resource: 'apiservices' };
const SLICES = { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' };

interface APIService extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[] };
}

export interface RegistrationOptions {
  readonly client: KubeClient;
  readonly service: ServiceReference;
  /** @default 443 */
  readonly servicePort: number | undefined;
  readonly groups: readonly ServedGroup[];
  /** Undefined: somebody else makes the Service. */
  readonly backend: Backend | undefined;
  /** Names the address of this process among those of others. */
  readonly replica: string;
  /** PEM of all who may have signed the certificate of a replica; asked each time. */
  bundle(): string | Promise<string>;
  readonly log: Log;
}

/** Tells the cluster where the extension is and whom to trust to be it, and keeps telling it. */
export class Registration {
  readonly #options: RegistrationOptions;
  readonly #apply: RepeatedTask;
  readonly #port: number;
  readonly #objects: ServiceObjects;
  /** Of processes with addresses of their own. */
  readonly #leases: ReplicaLeases | undefined;
  readonly #heartbeat: RepeatedTask;

  constructor(options: RegistrationOptions) {
    const { client, service, backend, replica, log } = options;
    this.#options = options;
    this.#port = servicePort(backend, options.servicePort);
    this.#objects = serviceObjects(service, this.#port, backend, replica);
    this.#leases = this.#objects.slice && new ReplicaLeases(client, service, replica);
    this.#apply = new RepeatedTask(
      () => this.apply(),
      APPLY_EVERY_MS,
      (error) => log.error('the extension could not be registered', { error }),
    );
    this.#heartbeat = new RepeatedTask(
      () => this.beat(new Date(), performance.now()),
      RENEW_EVERY_MS,
      (error) => log.error('the extension could not renew its lease', { error }),
    );
  }

  /** Resolves when it is registered for the first time. */
  async start(): Promise<void> {
    await this.#heartbeat.start();
    await this.#apply.start();
  }

  /** Makes the cluster's objects say what is so now. */
  async apply(): Promise<void> {
    if (this.#objects.service) await apply(this.#options.client, 'services', this.#objects.service);
    for (let left = ATTEMPTS; !(await this.#applyApiServices(left === 1)); left--);
  }

  /** The same at once, by itself, and again when it fails. */
  applySoon(): void {
    this.#apply.nextWithin(0);
  }

  /** Shows that this process is there, and takes away the addresses of those that have not done so for long. */
  async beat(now: Date, nowMs: number): Promise<void> {
    if (this.#leases === undefined || this.#objects.slice === undefined) return;
    const { client, log } = this.#options;
    await this.#leases.renew(now);
    await apply(client, SLICES.resource, this.#objects.slice);
    for (const name of await this.#leases.ended(nowMs)) {
      log.warn('a replica of the extension has been silent for too long: its address is taken away', { replica: name });
      await this.#leave(name);
    }
  }

  /** Resolves when the cluster says so of all APIServices; rejects with what it says of one that it still does not reach. */
  async available(): Promise<void> {
    const endMs = performance.now() + AVAILABLE_WITHIN_MS;
    for (const name of this.#apiServices('').map(nameOf)) {
      for (let why = await this.#unavailability(name); why !== undefined; why = await this.#unavailability(name)) {
        if (performance.now() > endMs) throw new Error(`${name} is not available: ${why}`);
        await sleep(AVAILABLE_POLL_MS);
      }
    }
  }

  /** The address of this process is taken away; what others may use stays. */
  async stop(): Promise<void> {
    await Promise.all([this.#apply.stop(), this.#heartbeat.stop()]);
    if (this.#objects.slice) await this.#leave(nameOf(this.#objects.slice));
  }

  #apiServices(ca: string): JsonObject[] {
    const { service, groups } = this.#options;
    return groups.flatMap((group) => apiServices(group, { ...service, port: this.#port }, ca));
  }

  /**
   * False when others have written meanwhile, unless it is the last try. What they know is asked for only after their writes were
   * read: so nobody takes away trust in an authority that he has not heard of yet.
   */
  async #applyApiServices(last: boolean): Promise<boolean> {
    const { client, bundle } = this.#options;
    const revisions = new Map<string, string | undefined>();
    for (const name of this.#apiServices('').map(nameOf)) revisions.set(name, (await this.#read(name))?.metadata.resourceVersion);
    try {
      for (const object of this.#apiServices(await bundle())) {
        const resourceVersion = revisions.get(nameOf(object));
        const metadata = { ...(object.metadata as JsonObject), ...(resourceVersion !== undefined && { resourceVersion }) };
        await apply(client, API_SERVICES.resource, { ...object, metadata });
      }
      return true;
    } catch (error) {
      if (!last && hasReason(error, 'Conflict')) return false;
      throw error;
    }
  }

  async #unavailability(name: string): Promise<string | undefined> {
    const condition = (await this.#read(name))?.status?.conditions?.find(({ type }) => type === 'Available');
    return condition?.status === 'True' ? undefined : (condition?.message ?? 'nobody has looked yet');
  }

  #read(name: string): Promise<APIService | undefined> {
    return this.#options.client.find<APIService>(resourcePath(API_SERVICES, undefined, name));
  }

  async #leave(name: string): Promise<void> {
    const { client, service } = this.#options;
    await unlessAbsent(client.delete(resourcePath(SLICES, service.namespace, name)));
    if (this.#leases) await unlessAbsent(this.#leases.delete(name));
  }
}

function nameOf({ metadata }: JsonObject): string {
  return String((metadata as JsonObject).name);
}
