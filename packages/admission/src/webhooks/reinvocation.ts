import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '@keelson/machinery';
import type { Webhook } from './webhook.js';

/**
 * Which webhooks are to see an object again because it was changed after they saw it. Only those that were asked in
 * the first round, and want it.
 */
export class Reinvocation {
  #seenBefore = new Set<Webhook>();
  readonly #again = new Set<Webhook>();
  #left: KubeObject | undefined;

  includes(webhook: Webhook): boolean {
    return this.#again.has(webhook);
  }

  /** A webhook has seen the object as it is now. */
  seen(webhook: Webhook): void {
    if (webhook.reinvocable) this.#seenBefore.add(webhook);
  }

  /** The object is no longer what those before have seen. */
  changed(): void {
    for (const webhook of this.#seenBefore) this.#again.add(webhook);
    this.#seenBefore = new Set();
  }

  /** Webhooks are done with the object for this round. */
  leave(object: KubeObject | undefined): void {
    this.#left = this.#seenBefore.size > 0 ? structuredClone(object) : undefined;
  }

  /** They are to see it again; other plugins may have changed it meanwhile. */
  comeBack(object: KubeObject | undefined): void {
    if (this.#seenBefore.size > 0 && !isDeepStrictEqual(this.#left, object)) this.changed();
  }
}
