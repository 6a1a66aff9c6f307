import { formatGroupResource, type GroupResource, type GroupVersionResource, hasReason, type KubeObject } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import { MeasuredQuota } from './measured-quota.js';

type ResourceQuota = core.v1.ResourceQuota;

export const QUOTAS: GroupVersionResource = { group: '', version: 'v1', resource: 'resourcequotas' };

/** Ends a change of a quota that is not the one that was measured. */
const OTHERWISE = new Error('the quota was written meanwhile');

interface Tracked {
  readonly resource: GroupResource;
  readonly version: GroupVersionResource;
  readonly objects: Map<string, KubeObject>;
  readonly mirror: { start(): Promise<void>; stop(): void };
  synced: boolean;
}

/** The quotas of one namespace, and the objects that they count: followed as long as there are such quotas. */
export class NamespaceQuotas {
  readonly #client: LoopbackClient;
  readonly #namespace: string;
  readonly #onChange: () => void;
  readonly #onFailure: (error: unknown) => void;
  readonly #nowMs: () => number;
  readonly #quotas = new Map<string, MeasuredQuota>();
  /** Those whose objects have all been told of. */
  readonly #complete = new Set<MeasuredQuota>();
  readonly #tracked = new Map<string, Tracked>();

  /** `onChange`: something may have to be written. */
  constructor(client: LoopbackClient, namespace: string, onChange: () => void, onFailure: (error: unknown) => void, nowMs: () => number) {
    this.#client = client;
    this.#namespace = namespace;
    this.#onChange = onChange;
    this.#onFailure = onFailure;
    this.#nowMs = nowMs;
  }

  get isEmpty(): boolean {
    return this.#quotas.size === 0;
  }

  set(quota: ResourceQuota): void {
    const { name = '' } = quota.metadata;
    const known = this.#quotas.get(name);
    if (known?.isSame(quota)) {
      known.observe(quota);
    } else {
      this.#forget(known);
      const measured = new MeasuredQuota(quota, this.#nowMs);
      this.#quotas.set(name, measured);
      for (const { resource, objects } of this.#track()) for (const [key, object] of objects) measured.measure(resource, key, object);
      this.#completeAll();
    }
    this.#onChange();
  }

  delete(name: string): void {
    this.#forget(this.#quotas.get(name));
    this.#quotas.delete(name);
    this.#track();
  }

  /** Other resources are served than before. */
  followServed(): void {
    this.#track();
    this.#onChange();
  }

  stop(): void {
    for (const { mirror } of this.#tracked.values()) mirror.stop();
    this.#tracked.clear();
  }

  /** Measures again what time alone changes: pods that should be gone count no more. */
  refresh(): void {
    for (const { resource, objects } of this.#tracked.values()) {
      for (const [name, object] of objects) {
        if (object.metadata.deletionTimestamp === undefined) continue;
        this.#measure(resource, name, object);
      }
    }
  }

  /** Writes what is not as it should be, unless somebody was faster: then there will be news. */
  async write(): Promise<void> {
    for (const quota of this.#quotas.values()) {
      const wanted = quota.wantedStatus((resource) => this.#tracked.get(formatGroupResource(resource))?.synced === true);
      if (wanted !== undefined) await this.#write(quota.name, quota.revision, wanted);
    }
  }

  async #write(name: string, revision: string, { hard, used }: core.v1.ResourceQuotaStatus): Promise<void> {
    try {
      await this.#client.updateStatus(QUOTAS, this.#namespace, name, (stored) => {
        if (stored.metadata.resourceVersion !== revision) throw OTHERWISE;
        Object.assign((stored as ResourceQuota).status, { hard, used });
      });
    } catch (error) {
      if (error !== OTHERWISE && !hasReason(error, 'NotFound')) throw error;
    }
  }

  #forget(quota: MeasuredQuota | undefined): void {
    if (quota !== undefined) this.#complete.delete(quota);
  }

  /** Follows what the quotas count and is served, and nothing else; gives what is followed. */
  #track(): Iterable<Tracked> {
    const wanted = new Map([...this.#quotas.values()].flatMap(({ resources }) => resources).map((one) => [formatGroupResource(one), one]));
    for (const key of this.#tracked.keys()) if (!wanted.has(key)) this.#leave(key);
    for (const [key, resource] of wanted) {
      const version = this.#client.served.preferred(resource);
      if (version?.version === this.#tracked.get(key)?.version.version) continue;
      this.#leave(key);
      if (version !== undefined) this.#follow(key, resource, version);
    }
    return this.#tracked.values();
  }

  /** Whatever is told of it later is told anew. */
  #leave(key: string): void {
    const tracked = this.#tracked.get(key);
    if (tracked === undefined) return;
    tracked.mirror.stop();
    this.#tracked.delete(key);
    for (const name of tracked.objects.keys()) this.#measure(tracked.resource, name, undefined);
  }

  #measure(resource: GroupResource, name: string, object: KubeObject | undefined): void {
    for (const quota of this.#quotas.values()) quota.measure(resource, name, object);
  }

  #follow(key: string, resource: GroupResource, version: GroupVersionResource): void {
    const objects: Tracked['objects'] = new Map();
    const tell = (name: string, object: KubeObject | undefined) => {
      if (object === undefined) objects.delete(name);
      else objects.set(name, object);
      this.#measure(resource, name, object);
      this.#onChange();
    };
    const receiver = {
      set: (object: KubeObject) => tell(object.metadata.name ?? '', object),
      delete: ({ metadata }: KubeObject) => tell(metadata.name ?? '', undefined),
    };
    const tracked: Tracked = {
      resource,
      version,
      objects,
      mirror: this.#client.mirror(version, receiver, this.#onFailure, this.#namespace),
      synced: false,
    };
    this.#tracked.set(key, tracked);
    for (const quota of this.#quotas.values()) if (quota.resources.some((one) => formatGroupResource(one) === key)) this.#forget(quota);
    void tracked.mirror.start().then(() => {
      tracked.synced = true;
      this.#completeAll();
    });
  }

  #completeAll(): void {
    for (const quota of this.#quotas.values()) {
      const followed = quota.resources.flatMap((resource) => this.#tracked.get(formatGroupResource(resource)) ?? []);
      if (this.#complete.has(quota) || !followed.every(({ synced }) => synced)) continue;
      quota.complete();
      this.#complete.add(quota);
      this.#onChange();
    }
  }
}
