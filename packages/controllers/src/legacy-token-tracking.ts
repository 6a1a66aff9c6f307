import { hasReason } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import { RepeatedTask } from './repeated-task.js';

type ConfigMap = core.v1.ConfigMap;

const CHECK_MS = 60_000;
/** It is not made again sooner: servers that delete it, as those of early releases do, are to win. */
const CREATION_MS = 30 * 60_000;
const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' };
const NAMESPACE = 'kube-system';
const NAME = 'kube-apiserver-legacy-service-account-token-tracking';

/** Says in a ConfigMap since when the use of legacy tokens is noted: whoever cleans up unused ones must know (KEP-2799). */
export class LegacyTokenTracking {
  readonly #client: LoopbackClient;
  readonly #task: RepeatedTask;
  #createdAtMs = Number.NEGATIVE_INFINITY;

  constructor(client: LoopbackClient, onFailure: (error: unknown) => void) {
    this.#client = client;
    this.#task = new RepeatedTask(() => this.#check(), CHECK_MS, onFailure);
  }

  /** Resolves when it is there. */
  start(): Promise<void> {
    return this.#task.start();
  }

  stop(): Promise<void> {
    return this.#task.stop();
  }

  async #check(): Promise<void> {
    const found = (await this.#client.get(CONFIG_MAPS, NAMESPACE, NAME, { at: 'any' })) as ConfigMap | undefined;
    const since = new Date().toISOString().slice(0, 10);
    if (found === undefined) await this.#create(since);
    else if (!isDate(found.data?.since))
      await this.#client.update(CONFIG_MAPS, NAMESPACE, NAME, (current) => begin(current as ConfigMap, since));
  }

  async #create(since: string): Promise<void> {
    if (performance.now() < this.#createdAtMs + CREATION_MS) return;
    try {
      await this.#client.create(CONFIG_MAPS, { metadata: { name: NAME, namespace: NAMESPACE }, data: { since } } as ConfigMap);
      this.#createdAtMs = performance.now();
    } catch (error) {
      if (!hasReason(error, 'AlreadyExists')) throw error;
    }
  }
}

/** Unless somebody else has. In place. */
function begin(current: ConfigMap, since: string): void {
  if (!isDate(current.data?.since)) current.data = { ...current.data, since };
}

function isDate(text = ''): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}
