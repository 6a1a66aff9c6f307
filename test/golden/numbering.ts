/** Numbers values by their first appearance in a case: equal numbers are equal values. */
export class Numbering {
  readonly #name: string;
  readonly #numbers = new Map<string, number>();

  constructor(name: string) {
    this.#name = name;
  }

  placeholder(value: string): string {
    const number = this.#numbers.get(value) ?? this.#numbers.size + 1;
    this.#numbers.set(value, number);
    return `<${this.#name}${number}>`;
  }
}
