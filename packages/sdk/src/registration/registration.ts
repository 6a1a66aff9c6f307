import { setTimeout as sleep } from 'node:timers/promises';
import { RepeatedTask } from '@keelson/controllers';
import { ApiError, type JsonObject, type KubeClient, type Log } from '@keelson/machinery';
import { resourcePath } from '../cluster/resource-path.js';
import { apiServices, type ServedGroup } from './api-service.js';
import { type Backend, serviceObjects, servicePort } from './service-objects.js';
import type { ServiceReference } from './service-reference.js';

/** What others have changed or deleted comes back after this time at the latest. */
const APPLY_EVERY_MS = 60_000;
const AVAILABLE_WITHIN_MS = 30_000;
const AVAILABLE_POLL_MS = 50;
const MANAGER = 'keelson-sdk';

interface ApiServiceStatus {
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
  /** PEM; asked each time. */
  bundle(): string;
  readonly log: Log;
}

/** Tells the cluster where the extension is and whom to trust to be it, and keeps telling it. */
export class Registration {
  readonly #options: RegistrationOptions;
  readonly #apply: RepeatedTask;
  readonly #port: number;

  constructor(options: RegistrationOptions) {
    this.#options = options;
    this.#port = servicePort(options.backend, options.servicePort);
    this.#apply = new RepeatedTask(
      () => this.apply(),
      APPLY_EVERY_MS,
      (error) => options.log.error('the extension could not be registered', { error }),
    );
  }

  /** Resolves when it is registered for the first time. */
  start(): Promise<void> {
    return this.#apply.start();
  }

  /** Makes the cluster's objects say what is so now. */
  async apply(): Promise<void> {
    const { service, groups, bundle } = this.#options;
    const ca = bundle();
    for (const object of [
      ...this.#serviceObjects(),
      ...groups.flatMap((group) => apiServices(group, { ...service, port: this.#port }, ca)),
    ])
      await this.#applyOne(object);
  }

  /** Resolves when the cluster says so of all APIServices; rejects with what it says of one that it still does not reach. */
  async available(): Promise<void> {
    const { service, groups } = this.#options;
    const endMs = performance.now() + AVAILABLE_WITHIN_MS;
    for (const object of groups.flatMap((group) => apiServices(group, { ...service, port: this.#port }, ''))) {
      for (let why = await this.#unavailability(object); why !== undefined; why = await this.#unavailability(object)) {
        if (performance.now() > endMs) throw new Error(`${(object.metadata as JsonObject).name} is not available: ${why}`);
        await sleep(AVAILABLE_POLL_MS);
      }
    }
  }

  async #unavailability(object: JsonObject): Promise<string | undefined> {
    const { status } = await this.#options.client.get<ApiServiceStatus>(pathOf(object));
    const condition = status?.conditions?.find(({ type }) => type === 'Available');
    return condition?.status === 'True' ? undefined : (condition?.message ?? 'nobody has looked yet');
  }

  /** The address of this process is taken away; what others may use stays. */
  async stop(): Promise<void> {
    await this.#apply.stop();
    for (const object of this.#serviceObjects()) if (object.kind === 'EndpointSlice') await this.#delete(object);
  }

  #serviceObjects(): JsonObject[] {
    const { backend, service, replica } = this.#options;
    return backend === undefined ? [] : serviceObjects(service, this.#port, backend, replica);
  }

  async #applyOne(object: JsonObject): Promise<void> {
    await this.#options.client.patch(`${pathOf(object)}?fieldManager=${MANAGER}&force=true`, object, 'apply-patch+yaml');
  }

  async #delete(object: JsonObject): Promise<void> {
    try {
      await this.#options.client.delete(pathOf(object));
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 404)) throw error;
    }
  }
}

const PLURALS: Readonly<Record<string, string>> = { APIService: 'apiservices', EndpointSlice: 'endpointslices', Service: 'services' };

function pathOf({ apiVersion, kind, metadata }: JsonObject): string {
  const [version = '', group = ''] = String(apiVersion).split('/').reverse();
  const { namespace, name } = metadata as { readonly namespace?: string; readonly name: string };
  return resourcePath({ group, version, resource: PLURALS[String(kind)] ?? '' }, namespace, name);
}
