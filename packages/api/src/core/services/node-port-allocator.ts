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

/** What a write wants of the range. */
export interface PortWish {
  /** These, of all ports. */
  readonly named: readonly number[];
  /** So many more, whichever they are. */
  readonly any: number;
}

/** Gives out node ports, each once in the cluster: servers need not know of each other. */
export class NodePortAllocator {
  readonly #ledger: NodePortLedger;
  readonly #first: number;
  readonly #size: number;

  constructor(ledger: NodePortLedger) {
    const { first, last } = ledger.range;
    this.#ledger = ledger;
    this.#first = first;
    this.#size = last - first + 1;
  }

  /** Takes all that is wished for, or throws and takes nothing. Gives the ports of `any`. */
  async take(wish: PortWish): Promise<number[]> {
    if (wish.named.length === 0 && wish.any === 0) return [];
    let chosen: number[] = [];
    await this.#ledger.change((bitmap) => {
      chosen = this.#choose(bitmap, wish);
      return true;
    });
    return chosen;
  }

  /** What `take` would give, without taking it: numbers from outside the usual range, for they mean nothing. */
  async pretend({ named, any }: PortWish): Promise<number[]> {
    if (named.length > 0) {
      this.#choose(await this.#ledger.read(), { named, any: 0 });
    }
    const last = named.length > 0 ? Math.max(...named) : lastReal;
    return Array.from({ length: any }, (_, i) => last + 1 + i);
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

  #choose(bitmap: PortBitmap, { named, any }: PortWish): number[] {
    for (const [i, port] of named.entries()) this.#takeNamed(bitmap, port, i);
    return Array.from({ length: any }, () => this.#takeAny(bitmap));
  }

  #takeNamed(bitmap: PortBitmap, port: number, index: number): void {
    const bit = port - this.#first;
    if (bit < 0 || bit >= this.#size) {
      const valid = formatPortRange(this.#ledger.range);
      throw new PortAllocationError(port, index, `provided port is not in the valid range. The range of valid ports is ${valid}`);
    }
    if (bitmap.has(bit)) throw new PortAllocationError(port, index, 'provided port is already allocated');
    bitmap.set(bit);
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

/** Pretended ports are numbered from behind here. */
const lastReal = 32_768;

/** A thirty-second of the range, but not less than 16 ports nor more than 128; ranges of 16 have no such part. */
function staticSize(size: number): number {
  return size <= 16 ? 0 : Math.min(Math.max(16, Math.floor(size / 32)), 128);
}
