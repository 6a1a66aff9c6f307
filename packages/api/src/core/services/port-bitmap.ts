/** Which ports of a range are taken, in the form Kubernetes stores it: a big-endian number whose bit n is the port n behind the first. */
export class PortBitmap {
  readonly #bytes: Uint8Array;
  readonly size: number;

  private constructor(bytes: Uint8Array, size: number) {
    this.#bytes = bytes;
    this.size = size;
  }

  static empty(size: number): PortBitmap {
    return new PortBitmap(new Uint8Array(Math.ceil(size / 8)), size);
  }

  /** Reads the stored number; bits beyond the range are dropped. */
  static decode(base64: string, size: number): PortBitmap {
    const bitmap = PortBitmap.empty(size);
    const stored = Buffer.from(base64, 'base64').reverse();
    bitmap.#bytes.set(stored.subarray(0, bitmap.#bytes.length));
    return bitmap;
  }

  /** How many bits are set. */
  get count(): number {
    let count = 0;
    for (let bit = 0; bit < this.size; bit++) if (this.has(bit)) count++;
    return count;
  }

  has(bit: number): boolean {
    return ((this.#bytes[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }

  set(bit: number): void {
    this.#bytes[bit >> 3] = (this.#bytes[bit >> 3] ?? 0) | (1 << (bit & 7));
  }

  clear(bit: number): void {
    this.#bytes[bit >> 3] = (this.#bytes[bit >> 3] ?? 0) & ~(1 << (bit & 7));
  }

  /** A free bit of [from, to), looked for from `start` on and around; undefined when there is none. */
  findFree(from: number, to: number, start: number): number | undefined {
    for (let i = 0; i < to - from; i++) {
      const bit = from + ((start - from + i) % (to - from));
      if (!this.has(bit)) return bit;
    }
    return undefined;
  }

  /** The number without leading zero bytes. */
  encode(): string {
    const bigEndian = Buffer.from(this.#bytes).reverse();
    const first = bigEndian.findIndex((byte) => byte !== 0);
    return first < 0 ? '' : bigEndian.subarray(first).toString('base64');
  }
}
