import type { ApiClient, RawAnswer } from './api-client.js';
import { newToken } from './variables.js';

type Labels = Readonly<Record<string, string>>;

/** Requests a player makes for itself: namespaces for cases, and removing what cases leave. */
export class Housekeeping {
  readonly #client: ApiClient;
  readonly #headers: Readonly<Record<string, string>>;
  #shared: Promise<string> | undefined;

  constructor(client: ApiClient, adminToken: string) {
    this.#client = client;
    this.#headers = { Accept: 'application/json', Authorization: `Bearer ${adminToken}`, 'User-Agent': 'client/1.0' };
  }

  /** The namespace that all cases of a run may use. */
  sharedNamespace(): Promise<string> {
    this.#shared ??= this.createNamespace({});
    return this.#shared;
  }

  /** Makes a namespace; the length of its name matters, some answers depend on it. */
  async createNamespace(labels: Labels): Promise<string> {
    const name = `cases-${newToken()}`;
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
    const answer = await this.#send('POST', '/api/v1/namespaces', body);
    if (answer.code !== 201) throw new Error(`cannot create a namespace: ${answer.code} ${answer.body.toString().slice(0, 300)}`);
    return name;
  }

  /** Deletes a namespace and finishes what a namespace controller would do, if one runs or not. */
  async deleteNamespace(name: string): Promise<void> {
    await this.#send('DELETE', `/api/v1/namespaces/${name}`);
    const finalized = { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: { finalizers: [] } };
    await this.#send('PUT', `/api/v1/namespaces/${name}/finalize`, finalized);
  }

  /** Deletes an object a case has left, finalizers or not. What the server answers does not matter. */
  async deleteObject(path: string): Promise<void> {
    const { code } = await this.#send('DELETE', `${path}?gracePeriodSeconds=0`);
    if (code >= 300) return;
    const patch = JSON.stringify({ metadata: { finalizers: null } });
    const left = await this.#send('GET', path);
    if (left.code !== 200) return;
    const headers = { ...this.#headers, 'Content-Type': 'application/merge-patch+json' };
    await this.#client.send({ method: 'PATCH', path, headers, body: Buffer.from(patch) });
  }

  async close(): Promise<void> {
    if (this.#shared !== undefined) await this.deleteNamespace(await this.#shared);
  }

  #send(method: string, path: string, body?: object): Promise<RawAnswer> {
    if (body === undefined) return this.#client.send({ method, path, headers: this.#headers });
    const headers = { ...this.#headers, 'Content-Type': 'application/json' };
    return this.#client.send({ method, path, headers, body: Buffer.from(JSON.stringify(body)) });
  }
}
