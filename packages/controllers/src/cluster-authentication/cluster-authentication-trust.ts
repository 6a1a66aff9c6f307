import { ApiError, type GroupVersionResource, type KubeObject } from '@keelson/machinery';
import type { LoopbackClient } from '@keelson/server';
import { RepeatedTask } from '../repeated-task.js';
import { type ClusterAuthentication, combinedWith } from './cluster-authentication.js';

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

const configMaps: GroupVersionResource = { group: '', version: 'v1', resource: 'configmaps' };
const namespace = 'kube-system';
const name = 'extension-apiserver-authentication';
const CHECK_MS = 10_000;

/**
 * Keeps the ConfigMap `kube-system/extension-apiserver-authentication`, by which extension API servers and controllers know
 * users as this server does.
 */
export class ClusterAuthenticationTrust {
  readonly #client: LoopbackClient;
  readonly #own: () => ClusterAuthentication;
  readonly #check: RepeatedTask;

  /** `own` is asked each time: authorities are replaced while the server runs. */
  constructor(client: LoopbackClient, own: () => ClusterAuthentication, onFailure: (error: unknown) => void) {
    this.#client = client;
    this.#own = own;
    this.#check = new RepeatedTask(() => this.#reconcile(), CHECK_MS, onFailure);
  }

  /** Resolves when it says what it should. */
  start(): Promise<void> {
    return this.#check.start();
  }

  stop(): Promise<void> {
    return this.#check.stop();
  }

  /** To be called when what `own` tells has changed. */
  publish(): void {
    this.#check.nextWithin(0);
  }

  async #reconcile(): Promise<void> {
    const current = (await this.#client.get(configMaps, namespace, name, { at: 'any' })) as ConfigMap | undefined;
    const data = combinedWith(current?.data ?? {}, this.#own());
    if (isSame(data, current?.data ?? {})) return;
    if (current === undefined) await this.#client.ensure(configMaps, { metadata: { namespace, name }, data } as ConfigMap);
    else await this.#update(current);
  }

  async #update(current: ConfigMap): Promise<void> {
    try {
      await this.#client.update(configMaps, namespace, name, (stored: ConfigMap) => {
        stored.data = combinedWith(stored.data ?? {}, this.#own());
      });
    } catch (error) {
      // Years of rotation have filled it: only what is of today comes back, at the next round.
      if (isTooLarge(error)) await this.#client.delete(configMaps, current);
      throw error;
    }
  }
}

function isSame(one: Record<string, string>, other: Record<string, string>): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}

function isTooLarge(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 413 || (error.code === 422 && error.message.includes('Too long')));
}
