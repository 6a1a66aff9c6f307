/**
 * A number whose JSON text is no integer of 64 bits, such as `1.0`, together with that text: what reads an integer refuses
 * it, whatever its value. Bodies and patches of built-in kinds have them until they are read, objects never.
 */
export class Decimal extends Number {
  readonly #text: string;

  constructor(text: string) {
    super(text);
    this.#text = text;
  }

  override toString(): string {
    return this.#text;
  }
}
