/** What one of those who share wants, and the bounds of what it can be given: lowest ≤ target, lowest ≤ highest. */
export interface SeatWish {
  readonly target: number;
  readonly lowest: number;
  readonly highest: number;
}

export interface Allocation {
  readonly seats: readonly number[];
  /** The fraction of their targets that all get whom no bound keeps from it. */
  readonly fairFraction: number;
}

/** Nobody wants nothing at all: shares are in proportion to targets. */
const LEAST_TARGET = 0.001;

/**
 * Shares `total` so that everybody gets the same fraction of its target, within bounds (KEP-1040, borrowing). Undefined
 * when the bounds leave no room for that.
 */
export function allocateSeats(total: number, wishes: readonly SeatWish[]): Allocation | undefined {
  const wanted = wishes.map(({ target, lowest, highest }) => ({ target: Math.max(target, LEAST_TARGET), lowest, highest }));
  const at = (fraction: number) => wanted.map(({ target, lowest, highest }) => Math.max(lowest, Math.min(highest, fraction * target)));
  const fractions = wanted.flatMap(({ target, lowest, highest }) => [lowest / target, highest / target]).sort((a, b) => a - b);
  // Between two neighbouring fractions the sum grows evenly.
  let below = { fraction: 0, sum: sumOf(at(0)) };
  if (below.sum > total + TOLERANCE) return undefined;
  for (const fraction of fractions) {
    const above = { fraction, sum: sumOf(at(fraction)) };
    if (above.sum >= total - TOLERANCE) {
      const part = above.sum > below.sum ? (total - below.sum) / (above.sum - below.sum) : 1;
      const fairFraction = below.fraction + part * (above.fraction - below.fraction);
      return { seats: at(fairFraction), fairFraction };
    }
    below = above;
  }
  return undefined;
}

const TOLERANCE = 1e-7;

function sumOf(seats: readonly number[]): number {
  return seats.reduce((sum, one) => sum + one, 0);
}
