import { type GroupVersionResource, hasReason, type KubeObject, semanticallyEqual } from '@keelson/machinery';
import type { Log, LoopbackClient } from '@keelson/server';
import { AUTO_UPDATE } from './bootstrap-policy.js';

/** What sets one kind of the policy's objects apart. */
export interface PolicyKind<T extends KubeObject> {
  readonly gvr: GroupVersionResource;
  /** Gives the object fields anew that have what it lacks of the wanted one; more than wanted stays. */
  addMissing(object: T, wanted: T): void;
  /** True when the object has to be deleted first: what is wrong with it cannot be changed. */
  mustBeReplaced?(object: T, wanted: T): boolean;
}

/** So often an object that comes and goes is looked at before the failure is reported. */
const ATTEMPTS = 3;
const NAMESPACES: GroupVersionResource = { group: '', version: 'v1', resource: 'namespaces' };

/** Makes an object, or adds to the one that is there what it lacks, unless that says that the server is to keep off. */
export class PolicyReconciler {
  readonly #client: LoopbackClient;
  readonly #log: Log;
  /** Those that are seen to, for all that is in them. */
  readonly #namespaces = new Map<string, Promise<void>>();

  constructor(client: LoopbackClient, log: Log) {
    this.#client = client;
    this.#log = log;
  }

  async reconcile<T extends KubeObject>(kind: PolicyKind<T>, wanted: T): Promise<void> {
    const { namespace = '', name = '' } = wanted.metadata;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      // What the cache does not show yet makes the write fail; the store itself is asked then.
      const freshness = attempt === 1 ? ({ at: 'any' } as const) : ({ at: 'consistent' } as const);
      const current = (await this.#client.get(kind.gvr, namespace, name, freshness)) as T | undefined;
      if (await this.#settle(kind, wanted, current)) return;
    }
    throw new Error(`${kind.gvr.resource} ${JSON.stringify(name)} of the bootstrap policy comes and goes`);
  }

  /** False when somebody else made or deleted it at the same time. */
  async #settle<T extends KubeObject>(kind: PolicyKind<T>, wanted: T, current: T | undefined): Promise<boolean> {
    if (current === undefined) return this.#create(kind, wanted);
    const mustBeReplaced = kind.mustBeReplaced?.(current, wanted) ?? false;
    if (!mustBeReplaced && semanticallyEqual(completed(kind, current, wanted), current)) return true;
    if (isProtected(current)) {
      this.#log.warn('the bootstrap policy is not applied to a protected object', { resource: kind.gvr.resource, ...named(wanted) });
      return true;
    }
    if (!mustBeReplaced) return this.#update(kind, wanted);
    await this.#client.delete(kind.gvr, current);
    return this.#create(kind, wanted);
  }

  async #create<T extends KubeObject>({ gvr }: PolicyKind<T>, wanted: T): Promise<boolean> {
    const { namespace } = wanted.metadata;
    if (namespace !== undefined) await this.#ensureNamespace(namespace);
    return unless('AlreadyExists', () => this.#client.create(gvr, wanted));
  }

  async #ensureNamespace(name: string): Promise<void> {
    const ensured = this.#namespaces.get(name) ?? this.#client.ensure(NAMESPACES, { metadata: { name } });
    this.#namespaces.set(name, ensured);
    try {
      await ensured;
    } finally {
      // It may be deleted before the next round.
      this.#namespaces.delete(name);
    }
  }

  async #update<T extends KubeObject>(kind: PolicyKind<T>, wanted: T): Promise<boolean> {
    const { namespace = '', name = '' } = wanted.metadata;
    let isAnother = false;
    const change = (object: KubeObject) => {
      const current = object as T;
      isAnother = kind.mustBeReplaced?.(current, wanted) ?? false;
      if (!isAnother && !isProtected(current)) complete(kind, current, wanted);
    };
    const isThere = await unless('NotFound', () => this.#client.update(kind.gvr, namespace, name, change));
    return isThere && !isAnother;
  }
}

/** What is as it should be is shared with the current object, so that comparing the two is quick. */
function completed<T extends KubeObject>(kind: PolicyKind<T>, current: T, wanted: T): T {
  const object = { ...current, metadata: { ...current.metadata } };
  complete(kind, object, wanted);
  return object;
}

function complete<T extends KubeObject>(kind: PolicyKind<T>, object: T, wanted: T): void {
  const { metadata } = object;
  metadata.labels = { ...wanted.metadata.labels, ...metadata.labels };
  metadata.annotations = { ...wanted.metadata.annotations, ...metadata.annotations };
  kind.addMissing(object, wanted);
}

function isProtected({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[AUTO_UPDATE] === 'false';
}

function named({ metadata: { namespace, name } }: KubeObject): { readonly name: string } {
  return { name: namespace === undefined ? (name ?? '') : `${namespace}/${name}` };
}

/** False where the call fails for this reason. */
async function unless(reason: 'AlreadyExists' | 'NotFound', call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (hasReason(error, reason)) return false;
    throw error;
  }
}
