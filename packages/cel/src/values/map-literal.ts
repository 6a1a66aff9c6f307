import { findEntry, type Mapping, mapKeys } from './collections.js';
import { display } from './display.js';
import { EvaluationError } from './evaluation-error.js';
import { losslessInt } from './int.js';
import { CelMap, type CelValue, Double, Uint } from './value.js';

/** A map that an expression made. Anything can be a key; numbers of different types are the same one when they are equal. */
export class MapLiteral extends CelMap {
  readonly #entries = new Map<CelValue, readonly [CelValue, CelValue]>();

  get size(): number {
    return this.#entries.size;
  }

  find(key: CelValue): CelValue | undefined {
    return this.#entries.get(identity(key))?.[1];
  }

  *keys(): Generator<CelValue> {
    for (const [key] of this.#entries.values()) yield key;
  }

  /** Throws where the key is there already. */
  insert(key: CelValue, value: CelValue): void {
    if (this.find(key) !== undefined) throw new EvaluationError(`insert failed: key ${display(key)} already exists`);
    this.set(key, value);
  }

  insertAll(map: Mapping): void {
    for (const key of mapKeys(map)) this.insert(key, findEntry(map, key) ?? null);
  }

  /** For building only. */
  set(key: CelValue, value: CelValue): void {
    this.#entries.set(identity(key), [key, value]);
  }

  delete(key: CelValue): void {
    this.#entries.delete(identity(key));
  }
}

function identity(key: CelValue): CelValue {
  // A double that is no int is not equal to any: none of them is a number with a fraction, or so large.
  if (key instanceof Double) return losslessInt(key.value) ?? key.value;
  if (!(key instanceof Uint)) return key;
  return key.value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(key.value) : key.value;
}
