import type { KubeObject, ObjectAccess } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import { ObjectLoop } from '../object-loop.js';
import { activeNamespaces, createInNamespace } from './namespaces.js';

type ConfigMap = core.v1.ConfigMap;

const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' };
const NAME = 'kube-root-ca.crt';
const KEY = 'ca.crt';
const ANNOTATION = 'kubernetes.io/description';
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Keeps a ConfigMap in every namespace by which pods know the API server: tokens are mounted together with it. */
export class RootCaPublisher {
  readonly #client: LoopbackClient;
  readonly #authority: string;
  readonly #loop: ObjectLoop;

  /** `authority`: certificates, PEM. */
  constructor(objects: ObjectAccess, client: LoopbackClient, authority: string, onFailure: (error: unknown) => void) {
    this.#client = client;
    this.#authority = authority;
    const namespaces = activeNamespaces(client);
    this.#loop = new ObjectLoop({
      objects,
      onFailure,
      sources: [
        namespaces.source,
        { resource: CONFIG_MAPS, keysOf: ({ metadata }) => (metadata.name === NAME ? [metadata.namespace ?? ''] : []) },
      ],
      work: async (namespace) => {
        if (await namespaces.has(namespace)) await this.#publish(namespace);
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

  async #publish(namespace: string): Promise<void> {
    const found = (await this.#client.get(CONFIG_MAPS, namespace, NAME, { at: 'any' })) as ConfigMap | undefined;
    if (found === undefined) await createInNamespace(this.#client, CONFIG_MAPS, this.#configMap(namespace));
    else if (!this.#isRight(found)) await this.#client.update(CONFIG_MAPS, namespace, NAME, (current) => this.#correct(current));
  }

  #configMap(namespace: string): ConfigMap {
    return { metadata: { name: NAME, namespace, annotations: { [ANNOTATION]: DESCRIPTION } }, data: { [KEY]: this.#authority } };
  }

  #isRight({ metadata, data = {} }: ConfigMap): boolean {
    return metadata.annotations?.[ANNOTATION] === DESCRIPTION && Object.keys(data).length === 1 && data[KEY] === this.#authority;
  }

  /** In place. What else is in the data goes; other annotations stay. */
  #correct(current: KubeObject): void {
    current.metadata.annotations = { ...current.metadata.annotations, [ANNOTATION]: DESCRIPTION };
    (current as ConfigMap).data = { [KEY]: this.#authority };
  }
}
