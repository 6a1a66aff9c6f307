import type { Json } from '@keelson/machinery';

/**
 * A copy in which parts that are equal, with their members in the same order, are one object. Schemas repeat themselves, and are kept as
 * long as their objects are served. Nobody changes them.
 */
export function shareParts<T extends object>(value: T): T {
  return new SharedParts().of(value as Json) as T;
}

class SharedParts {
  /** By what they are made of. */
  readonly #parts = new Map<string, Json>();
  readonly #texts = new Map<string, string>();
  /** Numbers of what has been seen: equal parts have the same. */
  readonly #numbers = new Map<Json, number>();

  of(value: Json): Json {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value !== 'object' || value === null) return value;
    return Array.isArray(value) ? this.#list(value) : this.#object(value);
  }

  #text(text: string): string {
    const known = this.#texts.get(text) ?? text;
    this.#texts.set(text, known);
    return known;
  }

  #list(list: readonly Json[]): Json {
    const items = list.map((item) => this.of(item));
    return this.#known(`[${items.map((item) => this.#number(item)).join()}`, items);
  }

  #object(object: { readonly [name: string]: Json | undefined }): Json {
    const members = Object.entries(object).flatMap(([name, value]) =>
      value === undefined ? [] : [[this.#text(name), this.of(value)] as const],
    );
    const key = members.map(([name, value]) => `${this.#number(name)}:${this.#number(value)}`);
    return this.#known(`{${key.join()}`, Object.fromEntries(members));
  }

  #known(key: string, made: Json): Json {
    const known = this.#parts.get(key) ?? made;
    this.#parts.set(key, known);
    return known;
  }

  #number(value: Json): number {
    const number = this.#numbers.get(value) ?? this.#numbers.size;
    this.#numbers.set(value, number);
    return number;
  }
}
