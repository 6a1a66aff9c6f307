import { LruMap } from '@keelson/machinery';
import type { KeyRange, ListOptions, ListPage, RangeSize } from '../resource-store.js';

/** Ranges whose size is remembered: everything, and as many namespaces. */
const MAX_RANGES = 256;

/** How much there was in a range when it was listed last, for what is not in memory. */
export class RememberedSizes {
  readonly #sizes = new LruMap<string, RangeSize>(MAX_RANGES);

  of({ path }: KeyRange): RangeSize | undefined {
    return this.#sizes.get(path);
  }

  /** A first page says how many follow; their bytes are taken to be like its own. */
  remember({ path, exact }: KeyRange, { selection, after }: ListOptions, { items, length, continueAfter, remaining }: ListPage): void {
    if (exact === true || selection !== undefined || after !== undefined) return;
    if (continueAfter !== undefined && remaining === undefined) return;
    let bytes = 0;
    for (const object of items) bytes += object.bytes.length;
    const objects = length + (remaining ?? 0);
    this.#sizes.set(path, { objects, bytes: length === 0 ? 0 : Math.round((bytes * objects) / length) });
  }
}
