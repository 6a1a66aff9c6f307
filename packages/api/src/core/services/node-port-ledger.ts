import type { KubeObject } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { Resource } from '@keelson/server';
import type { StoredObject } from '@keelson/storage';
import { PortBitmap } from './port-bitmap.js';

type RangeAllocation = core.v1.RangeAllocation;

/** Both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** As the range is stored and told. */
export function formatPortRange({ first, last }: PortRange): string {
  return `${first}-${last}`;
}

const key = 'servicenodeports';

/** Which node ports are taken: one stored object for all servers of a cluster, laid out as kube-apiserver does. */
export class NodePortLedger {
  readonly #allocations: Resource;
  readonly range: PortRange;

  constructor(allocations: Resource, range: PortRange) {
    this.#allocations = allocations;
    this.range = range;
  }

  /** Bit n is the port n behind the first of the range. */
  async read(at: 'any' | 'consistent' = 'consistent'): Promise<PortBitmap> {
    const { object } = await this.#allocations.store.get(key, { at });
    return this.#decode(object);
  }

  /**
   * Stores what `change` makes of the bitmap, in place; false leaves the stored one as it is. Runs again when another
   * writer was faster. An unchanged bitmap is written only where none is stored, or one of another range.
   */
  async change(change: (bitmap: PortBitmap) => boolean | Promise<boolean>): Promise<void> {
    const { store, form } = this.#allocations;
    await store.update(key, async (current) => {
      const bitmap = this.#decode(current);
      if (!(await change(bitmap))) return { action: 'keep' };
      const allocation = { metadata: {}, range: formatPortRange(this.range), data: bitmap.encode() } as KubeObject;
      return { action: 'put', value: form.encode(allocation) };
    });
  }

  /** The stored bitmap, moved to where this server's range begins. */
  #decode(stored: StoredObject | undefined): PortBitmap {
    const { first, last } = this.range;
    const size = last - first + 1;
    if (stored === undefined) return PortBitmap.empty(size);
    const { range, data } = this.#allocations.form.decode(stored.value) as RangeAllocation;
    const [from = first, to = from + size - 1] = range.split('-').map(Number);
    if (from === first) return PortBitmap.decode(data ?? '', size);
    const theirs = PortBitmap.decode(data ?? '', to - from + 1);
    const ours = PortBitmap.empty(size);
    for (let bit = 0; bit < size; bit++) if (theirs.has(first + bit - from)) ours.set(bit);
    return ours;
  }
}
