import { TimeSlice } from '@keelson/machinery';
import type { StoredObject } from '../stored-object.js';

/** Not worth the work below this. */
const MIN_WASTED_BYTES = 4 * 1024 * 1024;
/** Wasted share of all slabs at which something is done. */
const MAX_WASTED_SHARE = 0.33;
/** A slab of which less than this is in use is given up. */
const SPARSE_SHARE = 0.5;
const NEW_SLAB_BYTES = 64 * 1024;

/**
 * Backends hand out values in slabs, and one value that stays keeps the whole slab in memory: after days of leases and
 * pods arriving together, the pods would hold on to the bytes of leases long replaced. Moves the values of sparse slabs
 * together, so that those can be freed. Returns the bytes moved.
 */
export async function compactSlabs(objects: () => Iterable<StoredObject>): Promise<number> {
  const slice = new TimeSlice();
  const used = new Map<ArrayBufferLike, number>();
  for (const { bytes: value } of objects()) {
    used.set(value.buffer, (used.get(value.buffer) ?? 0) + value.byteLength);
    if (slice.spent()) await slice.next();
  }
  if (!isWasteful(used)) return 0;
  const packer = new Packer();
  for (const object of objects()) {
    const { bytes: value } = object;
    const live = used.get(value.buffer);
    if (live !== undefined && live < value.buffer.byteLength * SPARSE_SHARE) object.moveTo(packer.copy(value));
    if (slice.spent()) await slice.next();
  }
  return packer.bytes;
}

function isWasteful(used: ReadonlyMap<ArrayBufferLike, number>): boolean {
  let held = 0;
  let live = 0;
  for (const [slab, bytes] of used) {
    held += slab.byteLength;
    live += bytes;
  }
  return held - live > MIN_WASTED_BYTES && held - live > held * MAX_WASTED_SHARE;
}

class Packer {
  bytes = 0;
  #slab = Buffer.alloc(0);
  #used = 0;

  copy(value: Buffer): Buffer {
    this.bytes += value.byteLength;
    if (value.byteLength > NEW_SLAB_BYTES / 4) {
      const own = Buffer.allocUnsafeSlow(value.byteLength);
      own.set(value);
      return own;
    }
    if (this.#used + value.byteLength > this.#slab.byteLength) {
      this.#slab = Buffer.allocUnsafeSlow(NEW_SLAB_BYTES);
      this.#used = 0;
    }
    const target = this.#slab.subarray(this.#used, this.#used + value.byteLength);
    target.set(value);
    this.#used += value.byteLength;
    return target;
  }
}
