import type { GroupVersionResource } from '@keelson/machinery';
import type { LoopbackClient } from '@keelson/server';
import { RepeatedTask } from './repeated-task.js';

const NAMESPACES: GroupVersionResource = { group: '', version: 'v1', resource: 'namespaces' };
const SYSTEM_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];
const CHECK_MS = 60_000;

/** Keeps the namespaces there that everything else takes for granted: makes them at the start, and again if one is gone. */
export class SystemNamespaces {
  readonly #client: LoopbackClient;
  readonly #check: RepeatedTask;

  constructor(client: LoopbackClient, onFailure: (error: unknown) => void) {
    this.#client = client;
    this.#check = new RepeatedTask(() => this.#ensure(), CHECK_MS, onFailure);
  }

  /** Resolves when all of them exist. */
  start(): Promise<void> {
    return this.#check.start();
  }

  stop(): Promise<void> {
    return this.#check.stop();
  }

  async #ensure(): Promise<void> {
    await Promise.all(SYSTEM_NAMESPACES.map((name) => this.#client.ensure(NAMESPACES, { metadata: { name } })));
  }
}
