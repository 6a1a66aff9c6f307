import type { Appendable } from './log-output.js';

interface Waiting {
  readonly bytes: Buffer;
  resolve(): void;
  reject(error: unknown): void;
}

const MAX_GROUP_BYTES = 1024 * 1024;

/** Everything that comes while one write is under way leaves with the next one: a write costs the same for one line and for many. */
export class GroupedWrites {
  readonly #target: Appendable;
  readonly #maxBytes: number;
  #waiting: Waiting[] = [];
  #writing = false;

  constructor(target: Appendable) {
    this.#target = target;
    this.#maxBytes = Math.min(MAX_GROUP_BYTES, target.maxBytes);
  }

  write(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes, resolve, reject });
      if (!this.#writing) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) await this.#writeGroup(this.#nextGroup());
    this.#writing = false;
  }

  #nextGroup(): readonly Waiting[] {
    let count = 1;
    let length = this.#waiting[0]?.bytes.length ?? 0;
    for (; count < this.#waiting.length; count++) {
      length += this.#waiting[count]?.bytes.length ?? 0;
      if (length > this.#maxBytes) break;
    }
    return this.#waiting.splice(0, count);
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    try {
      await this.#target.append(group.length === 1 ? (group[0] as Waiting).bytes : Buffer.concat(group.map(({ bytes }) => bytes)));
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
