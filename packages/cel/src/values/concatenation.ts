import { elementAt, type List, listSize } from './collections.js';
import { EvaluationError } from './evaluation-error.js';
import { CelList, type CelValue } from './value.js';

/** More than any two lists of a request have together. */
const MAX_SIZE = 2 ** 22;

/** Two lists as one. Nothing is copied: an expression could double a list at next to no cost. */
class Concatenation extends CelList {
  readonly size: number;
  readonly #first: List;
  readonly #second: List;

  constructor(first: List, second: List) {
    super();
    this.#first = first;
    this.#second = second;
    this.size = listSize(first) + listSize(second);
    if (this.size > MAX_SIZE) throw new EvaluationError(`a list cannot have more than ${MAX_SIZE} elements`);
  }

  at(index: number): CelValue {
    const size = listSize(this.#first);
    return index < size ? elementAt(this.#first, index) : elementAt(this.#second, index - size);
  }
}

export function concatenate(first: List, second: List): List {
  if (listSize(first) === 0) return second;
  return listSize(second) === 0 ? first : new Concatenation(first, second);
}
