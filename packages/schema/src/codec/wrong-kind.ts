import { DecodeError } from '../kind.js';
import { jsonKind, numberText } from './json-kind.js';

/** Where in the types decoding is: the struct whose field is being read, and the names of the fields that led to it. */
export interface TypePlace {
  readonly struct: string;
  readonly fields: readonly string[];
}

/** A JSON value of another kind than its Go type reads, at a place in the types or, without one, on its own. */
export class WrongKind extends DecodeError {
  readonly #value: unknown;
  readonly #goType: string;

  constructor(value: unknown, goType: string, place?: TypePlace) {
    const number = /^(?:u?int|float)\d/.test(goType) ? numberText(value) : '';
    const where = place ? `struct field ${place.struct}.${place.fields.join('.')}` : 'value';
    super(`json: cannot unmarshal ${jsonKind(value)}${number} into Go ${where} of type ${goType}`);
    this.#value = value;
    this.#goType = goType;
  }

  /** The same as whoever called a reader of its own tells it: the caller's place takes the place of the reader's. */
  at(place: TypePlace | undefined): WrongKind {
    return place ? new WrongKind(this.#value, this.#goType, place) : this;
  }
}
