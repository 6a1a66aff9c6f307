/** One name for each thing that compiled code refers to. */
export class Scope {
  readonly #names = new Map<unknown, string>();

  /** The name under which compiled code finds `value`. */
  name(value: unknown): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = `$${this.#names.size}`;
    this.#names.set(value, name);
    return name;
  }

  /**
   * Makes a function of its text. The text comes from the compilers of this folder and the schema tables alone; names
   * of fields enter it as JSON strings. Nothing a client sends ever does.
   */
  compile<F>(text: string): F {
    const names = [...this.#names.values()];
    const make = new Function(...names, `'use strict';return ${text}`) as (...values: unknown[]) => F;
    return make(...this.#names.keys());
  }
}
