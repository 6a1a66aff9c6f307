import type { core } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import { RepeatedTask } from '../repeated-task.js';
import { NamespaceQuotas, QUOTAS } from './namespace-quotas.js';

type ResourceQuota = core.v1.ResourceQuota;

/** Changes come together; and what one replica puts right another need not. */
const SETTLE_MS = 20;
/** Time alone changes what is used: charges whose object never came are given up, pods that should be gone count no more. */
const CHECK_MS = 30_000;

/** Measures what is used of quotas, as kube-controller-manager does in a whole cluster. */
export class ResourceQuotaController {
  readonly #client: LoopbackClient;
  readonly #onFailure: (error: unknown) => void;
  readonly #nowMs: () => number;
  readonly #namespaces = new Map<string, NamespaceQuotas>();
  readonly #changed = new Set<NamespaceQuotas>();
  readonly #mirror: { start(): Promise<void>; stop(): void };
  readonly #rounds: RepeatedTask;
  #ignoreServed: () => void = () => undefined;
  #servedChanged = false;
  #checkedAtMs = Number.NEGATIVE_INFINITY;

  constructor(client: LoopbackClient, onFailure: (error: unknown) => void, nowMs = () => performance.now()) {
    this.#client = client;
    this.#onFailure = onFailure;
    this.#nowMs = nowMs;
    this.#rounds = new RepeatedTask(() => this.#round(), CHECK_MS, onFailure);
    this.#mirror = client.mirror<ResourceQuota>(
      QUOTAS,
      { set: (quota) => this.#namespace(quota).set(quota), delete: (quota) => this.#delete(quota) },
      onFailure,
    );
  }

  /** Resolves after the first round. */
  async start(): Promise<void> {
    this.#ignoreServed = this.#client.served.onAnyChange(() => this.#serveOther());
    await this.#mirror.start();
    await this.#rounds.start();
  }

  async stop(): Promise<void> {
    this.#ignoreServed();
    this.#mirror.stop();
    for (const namespace of this.#namespaces.values()) namespace.stop();
    await this.#rounds.stop();
  }

  async #round(): Promise<void> {
    if (this.#servedChanged) this.#followServed();
    if (this.#nowMs() - this.#checkedAtMs >= CHECK_MS) this.#checkAll();
    for (const namespace of [...this.#changed]) {
      this.#changed.delete(namespace);
      try {
        await namespace.write();
      } catch (error) {
        this.#changed.add(namespace);
        throw error;
      }
    }
  }

  #serveOther(): void {
    this.#servedChanged = true;
    this.#rounds.nextWithin(SETTLE_MS);
  }

  #followServed(): void {
    this.#servedChanged = false;
    for (const namespace of this.#namespaces.values()) namespace.followServed();
  }

  #checkAll(): void {
    this.#checkedAtMs = this.#nowMs();
    for (const namespace of this.#namespaces.values()) {
      namespace.refresh();
      this.#changed.add(namespace);
    }
  }

  #namespace({ metadata: { namespace = '' } }: ResourceQuota): NamespaceQuotas {
    let quotas = this.#namespaces.get(namespace);
    if (quotas === undefined) {
      const made = new NamespaceQuotas(this.#client, namespace, () => this.#change(made), this.#onFailure, this.#nowMs);
      this.#namespaces.set(namespace, made);
      quotas = made;
    }
    return quotas;
  }

  #delete({ metadata: { namespace = '', name = '' } }: ResourceQuota): void {
    const quotas = this.#namespaces.get(namespace);
    quotas?.delete(name);
    if (!quotas?.isEmpty) return;
    quotas.stop();
    this.#namespaces.delete(namespace);
    this.#changed.delete(quotas);
  }

  #change(namespace: NamespaceQuotas): void {
    this.#changed.add(namespace);
    this.#rounds.nextWithin(SETTLE_MS);
  }
}
