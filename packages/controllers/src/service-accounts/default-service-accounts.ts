import type { KubeObject, ObjectAccess } from '@keelson/machinery';
import type { LoopbackClient } from '@keelson/server';
import { ObjectLoop } from '../object-loop.js';
import { activeNamespaces, createInNamespace } from './namespaces.js';

const SERVICE_ACCOUNTS = { group: '', version: 'v1', resource: 'serviceaccounts' };
const NAME = 'default';

/** Keeps a service account `default` in every namespace: pods that name none run under it. */
export class DefaultServiceAccounts {
  readonly #loop: ObjectLoop;

  constructor(objects: ObjectAccess, client: LoopbackClient, onFailure: (error: unknown) => void) {
    const namespaces = activeNamespaces(client);
    this.#loop = new ObjectLoop({
      objects,
      onFailure,
      sources: [
        namespaces.source,
        { resource: SERVICE_ACCOUNTS, keysOf: ({ metadata }, gone) => (gone && metadata.name === NAME ? [metadata.namespace ?? ''] : []) },
      ],
      work: async (namespace) => {
        const account: KubeObject = { metadata: { name: NAME, namespace } };
        if (await namespaces.has(namespace)) await createInNamespace(client, SERVICE_ACCOUNTS, account);
      },
    });
  }

  /** Resolves when every namespace has been looked at. */
  start(): Promise<void> {
    return this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }
}
