import { findEntry, type Mapping, mapKeys } from './collections.js';
import { display } from './display.js';
import { EvaluationError } from './evaluation-error.js';
import { losslessInt } from './int.js';
import { CelMap, type CelValue, Double, Uint } from './value.js';

type Key = string | number | bigint | boolean;

/** A map that an expression made. Numbers of different types are the same key when they are equal. */
export class MapLiteral extends CelMap {
  readonly #entries = new Map<Key, readonly [CelValue, CelValue]>();

  get size(): number {
    return this.#entries.size;
  }

  find(key: CelValue): CelValue | undefined {
    const id = identity(key);
    return id === undefined ? undefined : this.#entries.get(id)?.[1];
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
    const id = identity(key);
    if (id === undefined) throw new EvaluationError('unsupported key type');
    this.#entries.set(id, [key, value]);
  }

  delete(key: CelValue): void {
    const id = identity(key);
    if (id !== undefined) this.#entries.delete(id);
  }
}

/** Undefined for what can be no key. */
function identity(key: CelValue): Key | undefined {
  switch (typeof key) {
    case 'string':
    case 'boolean':
    case 'number':
    case 'bigint':
      return key;
    default: {
      if (key instanceof Double) return losslessInt(key.value);
      if (!(key instanceof Uint)) return undefined;
      return key.value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(key.value) : key.value;
    }
  }
}
