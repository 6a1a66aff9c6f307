import { isDeepStrictEqual } from 'node:util';
import type { AdmissionAttributes, KubeObject } from '@keelson/machinery';

/** Who may want to see an object again. */
export interface Reinvocable {
  readonly reinvocable: boolean;
}

/**
 * Which webhooks or policies are to see an object again because it was changed after they saw it. Only those that saw it
 * in the first round, and want it.
 */
export class Reinvocation<T> {
  #seenBefore = new Set<T>();
  readonly #again = new Set<T>();
  #left: KubeObject | undefined;

  includes(one: T): boolean {
    return this.#again.has(one);
  }

  /** One of them has seen the object as it is now. */
  seen(one: T, { reinvocable }: Reinvocable): void {
    if (reinvocable) this.#seenBefore.add(one);
  }

  /** The object is no longer what those before have seen. */
  changed(): void {
    for (const one of this.#seenBefore) this.#again.add(one);
    this.#seenBefore = new Set();
  }

  /** They are done with the object for this round. */
  leave(object: KubeObject | undefined): void {
    this.#left = this.#seenBefore.size > 0 ? structuredClone(object) : undefined;
  }

  /** They are to see it again; other plugins may have changed it meanwhile. */
  comeBack(object: KubeObject | undefined): void {
    if (this.#seenBefore.size > 0 && !isDeepStrictEqual(this.#left, object)) this.changed();
  }
}

/** Of requests under way, from their first round to the second. */
export class Reinvocations<T> {
  readonly #ofRequests = new WeakMap<AdmissionAttributes, Reinvocation<T>>();

  /** For the round that a request is in. */
  of(attributes: AdmissionAttributes): Reinvocation<T> {
    let reinvocation = this.#ofRequests.get(attributes);
    if (reinvocation === undefined) {
      reinvocation = new Reinvocation();
      this.#ofRequests.set(attributes, reinvocation);
    }
    if (attributes.round > 0) reinvocation.comeBack(attributes.object);
    return reinvocation;
  }
}
