import type { ContestResult } from './contest.js';

const WIDTHS = [24, 14, 26, 10, 8, 16, 8, 6] as const;

function row(cells: readonly string[]): string {
  return cells.map((cell, at) => (at < 3 ? cell.padEnd(WIDTHS[at] ?? 0) : cell.padStart(WIDTHS[at] ?? 0))).join('');
}

export const contestHead = row(['comparison', 'scenario', 'server', 'CPU', 'ratio', 'rounds', 'aim', 'met']);

export function contestRow({ comparison, scenario, contender, microseconds, ratio, aim }: ContestResult): string {
  const cpu = `${microseconds.toFixed(1)} µs`;
  if (ratio === undefined) return row([comparison, scenario, contender, cpu]);
  const { value, least, greatest } = ratio;
  const judged = aim === undefined ? [] : [aim.toFixed(2), value <= aim ? 'yes' : 'NO'];
  return row([comparison, scenario, contender, cpu, value.toFixed(3), `${least.toFixed(2)} to ${greatest.toFixed(2)}`, ...judged]);
}
