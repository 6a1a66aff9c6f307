import { API_SERVICES, type APIService, isAvailable } from '@keelson/aggregator';
import { DEFINITIONS, type Definition } from '@keelson/extensions';
import { hasReason, type KubeObject, type ObjectReceiver, semanticallyEqual } from '@keelson/machinery';
import type { LoopbackClient, QueueMetrics, ServedGroupVersion } from '@keelson/server';
import { WorkQueue } from '../work-queue.js';
import { builtInApiServices, customApiServices, type WantedApiService } from './wanted-api-services.js';

const MANAGED = 'kube-aggregator.kubernetes.io/automanaged';

interface Mirror {
  start(): Promise<void>;
  stop(): void;
}

/**
 * Keeps an APIService for everything that this server serves itself: those of built-in versions are looked at once, when the server starts,
 * those of custom resources come and go with them. An APIService without the label of such ones is left alone.
 */
export class ApiServiceRegistration {
  readonly #client: LoopbackClient;
  readonly #builtIn: ReadonlyMap<string, WantedApiService>;
  /** Built-in ones that have not yet been seen to be available. */
  readonly #missing: Set<string>;
  readonly #current = new Map<string, APIService>();
  /** What each definition wants. */
  readonly #custom = new Map<string, ReadonlyMap<string, WantedApiService>>();
  readonly #atStart = new Set<string>();
  readonly #settledOnce = new Set<string>();
  readonly #queue: WorkQueue;
  readonly #mirrors: readonly Mirror[];
  #started = false;

  constructor(client: LoopbackClient, served: readonly ServedGroupVersion[], onFailure: (error: unknown) => void, queues?: QueueMetrics) {
    this.#client = client;
    this.#builtIn = builtInApiServices(served);
    this.#missing = new Set(this.#builtIn.keys());
    this.#queue = new WorkQueue({ work: (name) => this.#settle(name), onFailure, instruments: queues?.of('autoregister') });
    const mirror = <T extends KubeObject>(gvr: typeof API_SERVICES, receiver: ObjectReceiver<T>) =>
      client.mirror<T>(gvr, receiver, onFailure);
    this.#mirrors = [
      mirror<Definition>(DEFINITIONS, {
        set: (definition) => this.#define(definition.metadata.name ?? '', customApiServices(definition)),
        delete: ({ metadata }) => this.#define(metadata.name ?? '', new Map()),
      }),
      mirror<APIService>(API_SERVICES, {
        set: (apiService) => this.#changed(apiService),
        delete: ({ metadata: { name = '' } }) => {
          this.#current.delete(name);
          this.#add(name);
        },
      }),
    ];
  }

  /** Names of built-in APIServices that have not been seen to be available since the start. */
  get missing(): readonly string[] {
    return [...this.#missing].sort();
  }

  /** Resolves when every APIService has been looked at: nothing is deleted before it is known what is wanted. */
  async start(): Promise<void> {
    await Promise.all(this.#mirrors.map((mirror) => mirror.start()));
    for (const name of this.#current.keys()) this.#atStart.add(name);
    this.#started = true;
    const custom = [...this.#custom.values()].flatMap((wanted) => [...wanted.keys()]);
    for (const name of new Set([...this.#builtIn.keys(), ...this.#current.keys(), ...custom])) this.#queue.add(name);
    await this.#queue.idle();
  }

  async stop(): Promise<void> {
    for (const mirror of this.#mirrors) mirror.stop();
    await this.#queue.stop();
  }

  #define(definition: string, wanted: ReadonlyMap<string, WantedApiService>): void {
    const before = this.#custom.get(definition)?.keys() ?? [];
    if (wanted.size === 0) this.#custom.delete(definition);
    else this.#custom.set(definition, wanted);
    for (const name of new Set([...before, ...wanted.keys()])) this.#add(name);
  }

  #changed(apiService: APIService): void {
    const name = apiService.metadata.name ?? '';
    this.#current.set(name, apiService);
    if (isAvailable(apiService)) this.#missing.delete(name);
    this.#add(name);
  }

  #add(name: string): void {
    if (this.#started) this.#queue.add(name);
  }

  #wanted(name: string): WantedApiService | undefined {
    const builtIn = this.#builtIn.get(name);
    if (builtIn !== undefined) return builtIn;
    for (const wanted of this.#custom.values()) if (wanted.has(name)) return wanted.get(name);
    return undefined;
  }

  async #settle(name: string): Promise<void> {
    try {
      await this.#reconcile(name);
    } catch (error) {
      // Made, changed or deleted meanwhile: it will be heard of.
      if (!hasReason(error, 'AlreadyExists', 'Conflict', 'NotFound')) throw error;
    }
    this.#settledOnce.add(name);
  }

  async #reconcile(name: string): Promise<void> {
    const wanted = this.#wanted(name);
    const current = this.#current.get(name);
    const settled = this.#settledOnce.has(name);
    if (wanted?.management === 'onstart' && settled) return;
    if (current === undefined) {
      if (wanted !== undefined) await this.#create(name, wanted);
      return;
    }
    const management = current.metadata.labels?.[MANAGED];
    if (management !== 'true' && management !== 'onstart') return;
    if (management === 'onstart' && (settled || !this.#atStart.has(name))) return;
    if (wanted === undefined) await this.#client.delete(API_SERVICES, current);
    else if (!semanticallyEqual(current.spec, wanted.spec)) await this.#update(current, wanted);
  }

  async #create(name: string, { spec, management }: WantedApiService): Promise<void> {
    await this.#client.create(API_SERVICES, { metadata: { name, labels: { [MANAGED]: management } }, spec } as unknown as APIService);
  }

  async #update({ metadata: { name = '', resourceVersion = '' } }: APIService, { spec }: WantedApiService): Promise<void> {
    await this.#client.update(API_SERVICES, '', name, (object) => {
      object.metadata.resourceVersion = resourceVersion;
      (object as APIService).spec = { ...spec };
    });
  }
}
