import type { AnyServer, Outcome } from './any-server.js';

export interface ConfigMap {
  readonly metadata: { readonly name: string; readonly resourceVersion?: string };
  readonly data: { readonly n: string };
}

export interface ConfigMapList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly ConfigMap[];
}

export const revisionOf = ({ metadata }: { readonly metadata: { readonly resourceVersion?: string } }) => Number(metadata.resourceVersion);

/** Of nobody but the workload. */
export class ConfigMaps {
  readonly path: string;
  readonly #servers: AnyServer;

  constructor(servers: AnyServer, namespace: string) {
    this.#servers = servers;
    this.path = `/api/v1/namespaces/${namespace}/configmaps`;
  }

  /** In a cluster that is whole. */
  async create(name: string, n: number): Promise<ConfigMap> {
    const { code, body } = await this.#servers.send<ConfigMap>('POST', this.path, { metadata: { name }, data: { n: String(n) } });
    if (code !== 201 || body === undefined) throw new Error(`${name} was not created: ${code}`);
    return body;
  }

  read(name: string): Promise<Outcome<ConfigMap>> {
    return this.#servers.send('GET', `${this.path}/${name}`);
  }

  list(port?: number): Promise<Outcome<ConfigMapList>> {
    return this.#servers.send('GET', this.path, undefined, port);
  }

  /** Only over the state that was read. */
  replace(read: ConfigMap, n: number): Promise<Outcome<ConfigMap>> {
    return this.#servers.send('PUT', `${this.path}/${read.metadata.name}`, { ...read, data: { n: String(n) } });
  }
}
