import { elementAt, elements, isList, type List, listSize } from '../../values/collections.js';
import { concatenate } from '../../values/concatenation.js';
import { equal } from '../../values/equality.js';
import { noSuchOverload } from '../../values/evaluation-error.js';
import { CelList, CelMap, type CelValue } from '../../values/value.js';
import { escapeName } from '../escaped-name.js';

/** Where the elements of a list come from. */
export interface Elements {
  readonly size: number;
  /** `index` is within the list. */
  at(index: number): CelValue;
}

/** Such lists are compared with other lists only, and nothing else is added to them. */
function asList(value: CelValue): List {
  if (!isList(value)) throw noSuchOverload();
  return value;
}

function arrayOf(value: CelValue): CelValue[] {
  return [...elements(asList(value))];
}

function of(values: readonly CelValue[]): Elements {
  return { size: values.length, at: (index) => values[index] as CelValue };
}

/** A list that a schema describes. A sum of it is one of its kind. */
export class SchemaList extends CelList {
  constructor(protected readonly elements: Elements) {
    super();
  }

  get size(): number {
    return this.elements.size;
  }

  at(index: number): CelValue {
    return this.elements.at(index);
  }

  override get indexedByInt(): boolean {
    return true;
  }

  override equals(other: CelValue): boolean | undefined {
    asList(other);
    return undefined;
  }

  override plus(other: CelValue): SchemaList {
    const sum = concatenate(this, asList(other));
    return new SchemaList({ size: listSize(sum), at: (index) => elementAt(sum, index) });
  }
}

/** Two sets are the same whatever their order, and their sum is what is in either. */
export class SchemaSet extends SchemaList {
  override equals(other: CelValue): boolean {
    const others = arrayOf(other);
    const own = arrayOf(this);
    return others.length === own.length && others.every((one) => has(own, one));
  }

  override plus(other: CelValue): SchemaSet {
    const all = arrayOf(this);
    for (const one of arrayOf(other)) if (!has(all, one)) all.push(one);
    return new SchemaSet(of(all));
  }
}

function has(values: readonly CelValue[], value: CelValue): boolean {
  return values.some((one) => equal(one, value));
}

/** Items are known by their keys: of two items with the same keys a sum has the later one, in the place of the first. */
export class SchemaMapList extends SchemaList {
  readonly #keys: readonly string[];

  constructor(elements: Elements, keys: readonly string[]) {
    super(elements);
    this.#keys = keys;
  }

  override equals(other: CelValue): boolean {
    const others = arrayOf(other);
    const own = arrayOf(this);
    return others.length === own.length && others.every((one) => own.some((item) => this.#sameKeys(item, one) && equal(item, one)));
  }

  override plus(other: CelValue): SchemaMapList {
    const others = arrayOf(other);
    const own = arrayOf(this);
    const replaced = own.map((item) => others.find((one) => this.#sameKeys(item, one)) ?? item);
    const added = others.filter((one) => !own.some((item) => this.#sameKeys(item, one)));
    return new SchemaMapList(of([...replaced, ...added]), this.#keys);
  }

  #sameKeys(a: CelValue, b: CelValue): boolean {
    return this.#keys.every((key) => {
      const [left, right] = [a, b].map((one) => (one instanceof CelMap ? one.find(escapeName(key) ?? key) : undefined));
      return left === undefined || right === undefined ? left === right : equal(left, right);
    });
  }
}
