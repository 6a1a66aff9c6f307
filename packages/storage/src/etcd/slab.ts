/** A value of at least this share of a slab gets memory of its own. */
const LARGE_SHARE = 4;

const EMPTY = Buffer.alloc(0);

/**
 * Copies values out of network messages, many into one allocation. A value keeps its slab alive, so slabs are small
 * where values are replaced one by one (watches) and large where they come and go together (lists).
 */
export class Slab {
  readonly #slabBytes: number;
  #slab: Buffer = EMPTY;
  #used = 0;

  constructor(slabBytes: number) {
    this.#slabBytes = slabBytes;
  }

  /** A copy of `source` from `start` to `end`, owned by the receiver. */
  copy(source: Uint8Array, start: number, end: number): Buffer {
    const target = this.#take(end - start);
    target.set(source.subarray(start, end));
    return target;
  }

  #take(length: number): Buffer {
    if (length === 0) return EMPTY;
    if (length * LARGE_SHARE >= this.#slabBytes) return Buffer.allocUnsafeSlow(length);
    if (this.#used + length > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(this.#slabBytes);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += length;
    return this.#slab.subarray(start, this.#used);
  }
}
