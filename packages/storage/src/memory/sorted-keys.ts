import { compareKeys } from '../history/key-order.js';

/** Chunks split at this size: small enough that inserting moves little, large enough that few are searched. */
const MAX_CHUNK = 512;

/** A set of keys in byte order: a list of sorted chunks. */
export class SortedKeys {
  #chunks: string[][] = [];

  /** Adds a key that is not there yet. */
  add(key: string): void {
    const index = Math.max(0, this.#chunkOf(key));
    const chunk = this.#chunks[index];
    if (chunk === undefined) {
      this.#chunks.push([key]);
      return;
    }
    chunk.splice(firstNotBelow(chunk, key), 0, key);
    if (chunk.length > MAX_CHUNK) this.#chunks.splice(index + 1, 0, chunk.splice(MAX_CHUNK / 2));
  }

  delete(key: string): void {
    const index = this.#chunkOf(key);
    const chunk = this.#chunks[index];
    if (chunk === undefined) return;
    const at = firstNotBelow(chunk, key);
    if (chunk[at] !== key) return;
    chunk.splice(at, 1);
    if (chunk.length === 0) this.#chunks.splice(index, 1);
  }

  /** Up to `limit` keys of `prefix`, only those behind `after` if it is given. */
  range(prefix: string, after: string | undefined, limit: number): string[] {
    const exclusive = after !== undefined && compareKeys(after, prefix) >= 0;
    const start = exclusive ? after : prefix;
    const keys: string[] = [];
    const first = Math.max(0, this.#chunkOf(start));
    for (let index = first; index < this.#chunks.length; index++) {
      const chunk = this.#chunks[index] ?? [];
      let at = index === first ? firstNotBelow(chunk, start) : 0;
      if (exclusive && chunk[at] === start) at++;
      for (const key of chunk.slice(at, at + limit - keys.length)) {
        if (!key.startsWith(prefix)) return keys;
        keys.push(key);
      }
      if (keys.length === limit) return keys;
    }
    return keys;
  }

  /** The last chunk that starts at or below `key`, or -1. */
  #chunkOf(key: string): number {
    return firstWhere(this.#chunks, (chunk) => compareKeys(chunk[0] ?? '', key) > 0) - 1;
  }
}

function firstNotBelow(keys: readonly string[], key: string): number {
  return firstWhere(keys, (candidate) => compareKeys(candidate, key) >= 0);
}

/** Index of the first item for which `holds`, which must stay true behind it; the length when there is none. */
function firstWhere<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(items[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
