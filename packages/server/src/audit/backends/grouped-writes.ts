import type { Appendable } from './log-output.js';

/** Lines that somebody waits for together. */
interface Waiting {
  readonly lines: readonly Buffer[];
  readonly bytes: number;
  resolve(): void;
  reject(error: unknown): void;
}

/** Lines that make a group larger than this are worth a write of their own: nobody copies them then. */
const MAX_GROUP_BYTES = 64 * 1024;

/**
 * Everything that comes within one turn of the event loop, and while a write is under way, leaves with one write: it
 * costs the same for one line and for many.
 */
export class GroupedWrites {
  readonly #target: Appendable;
  readonly #maxBytes: number;
  #waiting: Waiting[] = [];
  #writing = false;

  constructor(target: Appendable) {
    this.#target = target;
    this.#maxBytes = Math.min(MAX_GROUP_BYTES, target.maxBytes);
  }

  write(lines: readonly Buffer[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const bytes = lines.reduce((sum, { length }) => sum + length, 0);
      this.#waiting.push({ lines, bytes, resolve, reject });
      if (this.#writing) return;
      this.#writing = true;
      setImmediate(() => void this.#writeAll());
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#writeGroup(this.#nextGroup());
    this.#writing = false;
  }

  #nextGroup(): readonly Waiting[] {
    let count = 1;
    let length = this.#waiting[0]?.bytes ?? 0;
    for (; count < this.#waiting.length; count++) {
      length += this.#waiting[count]?.bytes ?? 0;
      if (length > this.#maxBytes) break;
    }
    return this.#waiting.splice(0, count);
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    try {
      for (const bytes of this.#pieces(group.flatMap(({ lines }) => lines))) await this.#target.append(bytes);
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  /** What is appended at once: several small lines, or a large one. */
  *#pieces(lines: readonly Buffer[]): Iterable<Buffer> {
    let first = 0;
    let length = 0;
    for (const [at, line] of lines.entries()) {
      if (at > first && length + line.length > this.#maxBytes) {
        yield joined(lines.slice(first, at));
        first = at;
        length = 0;
      }
      length += line.length;
    }
    if (first < lines.length) yield joined(lines.slice(first));
  }
}

function joined(lines: readonly Buffer[]): Buffer {
  return lines.length === 1 ? (lines[0] as Buffer) : Buffer.concat(lines);
}
