import { ApiError, type GroupVersionResource, type KubeObject } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import type { ControllerAccess } from '../controller-access.js';
import { type LoopSource, ObjectLoop } from '../object-loop.js';

const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' };

/** An object that every namespace has. */
export interface NamespaceObject {
  readonly resource: GroupVersionResource;
  readonly name: string;
  /** What metrics call its queue. */
  readonly queue: string;
  /** Absent: what is in it is for others to say. */
  readonly content?: NamespaceObjectContent;
}

export interface NamespaceObjectContent {
  isRight(object: KubeObject): boolean;
  /** In place. */
  correct(object: KubeObject): void;
}

/** Keeps an object in every namespace: makes it where it is missing, and puts it right where it is not as it should be. */
export class ObjectPerNamespace {
  readonly #client: LoopbackClient;
  readonly #object: NamespaceObject;
  readonly #loop: ObjectLoop;

  constructor({ objects, client, onFailure, queues }: ControllerAccess, object: NamespaceObject) {
    const { resource, name, queue } = object;
    const namespaces: LoopSource = { resource: NAMESPACES, keysOf: ({ metadata }, gone) => (gone ? [] : [metadata.name ?? '']) };
    const own: LoopSource = { resource, keysOf: ({ metadata }) => (metadata.name === name ? [metadata.namespace ?? ''] : []) };
    this.#client = client;
    this.#object = object;
    this.#loop = new ObjectLoop({
      objects,
      onFailure,
      sources: [namespaces, own],
      work: (namespace) => this.#reconcile(namespace),
      instruments: queues?.of(queue),
    });
  }

  /** Resolves when every namespace has been looked at. */
  start(): Promise<void> {
    return this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #reconcile(namespace: string): Promise<void> {
    const { resource, name, content } = this.#object;
    const { status } = ((await this.#client.get(NAMESPACES, '', namespace, { at: 'any' })) ?? {}) as Partial<core.v1.Namespace>;
    if (status?.phase !== 'Active') return;
    const found = await this.#client.get(resource, namespace, name, { at: 'any' });
    if (found === undefined) await this.#create(namespace);
    else if (content?.isRight(found) === false) await this.#client.update(resource, namespace, name, (current) => content.correct(current));
  }

  async #create(namespace: string): Promise<void> {
    const { resource, name, content } = this.#object;
    const object: KubeObject = { metadata: { name, namespace } };
    content?.correct(object);
    try {
      await this.#client.ensure(resource, object);
    } catch (error) {
      if (!isOfNamespaceThatGoes(error)) throw error;
    }
  }
}

function isOfNamespaceThatGoes(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const { kind, causes = [] } = error.status.details ?? {};
  return causes.some(({ reason }) => reason === 'NamespaceTerminating') || (error.reason === 'NotFound' && kind === 'namespaces');
}
