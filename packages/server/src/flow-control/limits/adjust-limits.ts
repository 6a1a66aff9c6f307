import type { PriorityLevel } from '../priority-level.js';
import { allocateSeats } from './allocate-seats.js';

/**
 * Sets the limit of each level for the next period (KEP-1040, borrowing): seats go where they were wanted of late, and
 * what a level has used of its own it keeps. Gives the fraction of what they aim at that levels got whom no bound keeps
 * from it.
 */
export function adjustLimits(levels: readonly PriorityLevel[], nominalSum: number, seats: number, nowMs: number): number {
  for (const { demand } of levels) demand.turn(nowMs);
  const exempt = levels.filter(({ isExempt }) => isExempt);
  const others = levels.filter(({ isExempt }) => !isExempt);
  const left = exempt.reduce((rest, level) => rest - leastOf(level), nominalSum);
  const lowestSum = others.reduce((sum, { bounds }) => sum + bounds.lowest, 0);
  const leastSum = others.reduce((sum, level) => sum + leastOf(level), 0);
  for (const level of exempt) setLimit(level, leastOf(level), seats, nowMs);
  for (const level of others) level.target = Math.max(leastOf(level), level.demand.smoothed);
  if (left <= leastSum) {
    // What is exempt takes so much that the others share what they cannot do without.
    const part = left <= lowestSum ? 0 : (left - lowestSum) / (leastSum - lowestSum);
    for (const level of others) {
      const { lowest } = level.bounds;
      setLimit(level, lowest + Math.round((leastOf(level) - lowest) * part), seats, nowMs);
    }
    return 0;
  }
  const wishes = others.map((level) => ({ target: level.target, lowest: leastOf(level), highest: level.bounds.highest }));
  const allocation = allocateSeats(nominalSum, wishes);
  for (const [at, level] of others.entries())
    setLimit(level, allocation === undefined ? level.queues.limit : Math.round(allocation.seats[at] as number), seats, nowMs);
  return allocation?.fairFraction ?? 0;
}

/** What a level is left at least: what it used of its own, or all that it used when nothing limits it. */
function leastOf({ isExempt, bounds, demand }: PriorityLevel): number {
  const used = isExempt ? demand.highest : Math.min(bounds.nominal, demand.highest);
  return Math.max(bounds.lowest, used);
}

function setLimit(level: PriorityLevel, limit: number, seats: number, nowMs: number): void {
  level.setLimit(limit, limit > 0 ? limit : Math.max(1, Math.round(seats / 10)), nowMs);
}
