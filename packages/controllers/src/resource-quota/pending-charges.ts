import { type Amounts, pick, sum } from '@keelson/admission/quota-measuring';
import { Quantity } from '@keelson/machinery';

/** No write takes longer from when it was charged until its object is there: that is as long as a request may take. */
const MAX_MS = 60_000;
/** Charges of this time are kept as one. */
const GRAIN_MS = 1_000;

interface Charge {
  readonly atMs: number;
  amounts: Amounts;
}

/**
 * What a quota was charged with and is not there yet: its object is on its way to the store. An object that comes takes
 * up the oldest charges, whoever made them. A charge whose object never came, for its write failed, is given up in the end.
 */
export class PendingCharges {
  readonly #nowMs: () => number;
  /** Oldest first. */
  readonly #charges: Charge[] = [];

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  add(amounts: Amounts): void {
    if (amounts.size === 0) return;
    const nowMs = this.#nowMs();
    const last = this.#charges.at(-1);
    if (last !== undefined && nowMs - last.atMs < GRAIN_MS) last.amounts = sum(last.amounts, amounts);
    else this.#charges.push({ atMs: nowMs, amounts });
  }

  /** An object has come that uses this, or one has grown by it. */
  settle(amounts: Amounts): void {
    let rest: Amounts = amounts;
    for (const charge of this.#charges) {
      const before: Amounts = charge.amounts;
      charge.amounts = less(before, rest);
      rest = less(rest, before);
    }
  }

  total(): Amounts {
    const nowMs = this.#nowMs();
    while (this.#charges[0] !== undefined && nowMs - this.#charges[0].atMs >= MAX_MS + GRAIN_MS) this.#charges.shift();
    return this.#charges.reduce<Amounts>((total, { amounts }) => sum(total, amounts), new Map());
  }

  clear(): void {
    this.#charges.length = 0;
  }
}

/** What is left of `amounts` after `taken`: nothing below zero, and no zeros. */
function less(amounts: Amounts, taken: Amounts): Amounts {
  const left = new Map([...amounts].map(([name, quantity]) => [name, quantity.sub(taken.get(name) ?? Quantity.zero)]));
  return pick(left, (_, { sign }) => sign > 0);
}
