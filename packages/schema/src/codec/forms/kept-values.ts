import { deepFreeze } from '@keelson/machinery';

/** Texts kept in each of two generations. */
const maxTexts = 512;
const maxTextChars = 8192;

/**
 * JSON values that several objects share, found again by their text. What is not asked for while as many others as a
 * generation holds are is forgotten. A value is frozen before a second reader gets it, and then put into text once.
 */
export class KeptValues {
  readonly #texts = new WeakMap<object, string>();
  #young = new Map<string, object>();
  #old = new Map<string, object>();

  /** What `parse` makes of the text, now or earlier. */
  read(text: string, parse: (text: string) => unknown): unknown {
    const known = this.#young.get(text) ?? this.#old.get(text);
    const value = known === undefined ? parse(text) : deepFreeze(known);
    if (typeof value === 'object' && value !== null && text.length <= maxTextChars) this.#keep(text, value);
    return value;
  }

  /** What `format` makes of the value, now or earlier. */
  textOf(value: unknown, format: (value: unknown) => string): string {
    if (typeof value !== 'object' || value === null || !Object.isFrozen(value)) return format(value);
    let text = this.#texts.get(value);
    if (text === undefined) {
      text = format(value);
      this.#texts.set(value, text);
    }
    return text;
  }

  #keep(text: string, value: object): void {
    if (this.#young.has(text)) return;
    if (this.#young.size >= maxTexts) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, value);
  }
}
