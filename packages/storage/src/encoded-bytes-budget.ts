/** What the budget keeps account of: see `EncodedBodies`. */
export interface BudgetedBodies {
  slot: number;
  warm: boolean;
  bytes: number;
  drop(): void;
}

const DEFAULT_LIMIT_BYTES = 64 * 1024 * 1024;

/** Bounds the bytes of all encoded bodies by the clock algorithm: what was not asked for during a round is dropped first. */
export class EncodedBytesBudget {
  #limitBytes: number;
  #usedBytes = 0;
  #hand = 0;
  readonly #clock: BudgetedBodies[] = [];

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  get limitBytes(): number {
    return this.#limitBytes;
  }

  set limitBytes(limit: number) {
    this.#limitBytes = limit;
    this.#shrink();
  }

  charge(owner: BudgetedBodies, bytes: number): void {
    if (owner.slot < 0) {
      owner.slot = this.#clock.length;
      this.#clock.push(owner);
    }
    owner.bytes += bytes;
    this.#usedBytes += bytes;
    this.#shrink();
  }

  release(owner: BudgetedBodies): void {
    const last = this.#clock.length - 1;
    if (owner.slot < 0) return;
    const moved = this.#clock[last];
    if (moved !== undefined && moved !== owner) {
      moved.slot = owner.slot;
      this.#clock[owner.slot] = moved;
    }
    this.#clock.pop();
    this.#usedBytes -= owner.bytes;
    owner.slot = -1;
    owner.bytes = 0;
  }

  #shrink(): void {
    while (this.#usedBytes > this.#limitBytes) {
      if (this.#hand >= this.#clock.length) this.#hand = 0;
      const candidate = this.#clock[this.#hand];
      if (candidate === undefined) return;
      if (candidate.warm) {
        candidate.warm = false;
        this.#hand += 1;
      } else {
        candidate.drop(); // the last of the clock takes its place: the hand stays
      }
    }
  }
}

/** Of the process: bodies of all resources and event frames compete for the same bytes. */
export const encodedBytesBudget = new EncodedBytesBudget(DEFAULT_LIMIT_BYTES);
