import type { GroupVersionResource } from '@keelson/machinery';
import type { LoopbackClient } from '@keelson/server';

const NAMESPACES: GroupVersionResource = { group: '', version: 'v1', resource: 'namespaces' };
const SYSTEM_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];
const CHECK_MS = 60_000;

/** Keeps the namespaces there that everything else takes for granted: makes them at the start, and again if one is gone. */
export class SystemNamespaces {
  readonly #client: LoopbackClient;
  readonly #onFailure: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(client: LoopbackClient, onFailure: (error: unknown) => void) {
    this.#client = client;
    this.#onFailure = onFailure;
  }

  /** Resolves when all of them exist. */
  async start(): Promise<void> {
    await this.#ensure();
    this.#timer = setInterval(() => this.#ensure().catch(this.#onFailure), CHECK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #ensure(): Promise<void> {
    await Promise.all(SYSTEM_NAMESPACES.map((name) => this.#client.ensure(NAMESPACES, { metadata: { name } })));
  }
}
