import type { NodePortMetrics } from './allocation-metrics.js';
import { formatPortRange, type NodePortLedger } from './node-port-ledger.js';
import type { PortBitmap } from './port-bitmap.js';

/** A port that was asked for cannot be had. */
export class PortAllocationError extends Error {
  override readonly name = 'PortAllocationError';

  constructor(
    readonly port: number,
    /** Which of the ports that were asked for it is. */
    readonly index: number,
    message: string,
  ) {
    super(message);
  }
}

/** No port is left. */
export class PortRangeFullError extends Error {
  override readonly name = 'PortRangeFullError';
}

/** What a write wants of the range, in the order in which it is taken: this port, or any. */
export type PortWish = readonly (number | undefined)[];

/** Gives out node ports, each once in the cluster: servers need not know of each other. */
export class NodePortAllocator {
  readonly #ledger: NodePortLedger;
  readonly #first: number;
  readonly #size: number;
  readonly #metrics: NodePortMetrics | undefined;

  constructor(ledger: NodePortLedger, metrics?: NodePortMetrics) {
    const { first, last } = ledger.range;
    this.#ledger = ledger;
    this.#first = first;
    this.#size = last - first + 1;
    this.#metrics = metrics;
    metrics?.watch(async () => {
      const { count } = await ledger.read('any');
      return { allocated: count, available: this.#size - count };
    });
  }

  /** Takes all that is wished for, in that order, or throws and takes nothing. */
  async take(wish: PortWish): Promise<number[]> {
    if (wish.length === 0) return [];
    let chosen: number[] = [];
    try {
      await this.#ledger.change((bitmap) => {
        chosen = wish.map((port, i) => (port === undefined ? this.#takeAny(bitmap) : this.#takeNamed(bitmap, port, i)));
        return true;
      });
    } catch (error) {
      if (error instanceof PortAllocationError) this.#metrics?.failed('static');
      if (error instanceof PortRangeFullError) this.#metrics?.failed('dynamic');
      throw error;
    }
    for (const port of wish) this.#metrics?.taken(port === undefined ? 'dynamic' : 'static');
    return chosen;
  }

  /** What `take` would give, without taking it. Numbers from outside the range are as good as others, for they mean nothing. */
  async pretend(wish: PortWish): Promise<number[]> {
    const named = wish.some((port) => port !== undefined);
    const bitmap = named ? await this.#ledger.read() : undefined;
    const chosen = new Set<number>();
    let highest = 0;
    return wish.map((port, i) => {
      const isTaken = port !== undefined && (chosen.has(port) || bitmap?.has(port - this.#first));
      if (isTaken) throw new PortAllocationError(port, i, alreadyAllocated);
      const taken = port ?? (i === 0 ? lastReal : highest) + 1;
      highest = Math.max(highest, taken);
      chosen.add(taken);
      return taken;
    });
  }

  async release(ports: readonly number[]): Promise<void> {
    const bits = ports.map((port) => port - this.#first).filter((bit) => bit >= 0 && bit < this.#size);
    if (bits.length === 0) return;
    await this.#ledger.change((bitmap) => {
      const taken = bits.filter((bit) => bitmap.has(bit));
      for (const bit of taken) bitmap.clear(bit);
      return taken.length > 0;
    });
  }

  #takeNamed(bitmap: PortBitmap, port: number, index: number): number {
    const bit = port - this.#first;
    if (bit < 0 || bit >= this.#size) {
      const valid = formatPortRange(this.#ledger.range);
      throw new PortAllocationError(port, index, `provided port is not in the valid range. The range of valid ports is ${valid}`);
    }
    if (bitmap.has(bit)) throw new PortAllocationError(port, index, alreadyAllocated);
    bitmap.set(bit);
    return port;
  }

  /** The lower part of the range is left to those who name their ports, as long as the upper one lasts (KEP-3668). */
  #takeAny(bitmap: PortBitmap): number {
    const size = this.#size;
    const reserved = staticSize(size);
    const random = (from: number, to: number) => from + Math.floor(Math.random() * (to - from));
    const bit = bitmap.findFree(reserved, size, random(reserved, size)) ?? bitmap.findFree(0, reserved, random(0, reserved));
    if (bit === undefined) throw new PortRangeFullError('range is full');
    bitmap.set(bit);
    return this.#first + bit;
  }
}

const alreadyAllocated = 'provided port is already allocated';

/** Pretended ports are numbered from behind here. */
const lastReal = 32_768;

/** A thirty-second of the range, but not less than 16 ports nor more than 128; ranges of 16 have no such part. */
function staticSize(size: number): number {
  return size <= 16 ? 0 : Math.min(Math.max(16, Math.floor(size / 32)), 128);
}
