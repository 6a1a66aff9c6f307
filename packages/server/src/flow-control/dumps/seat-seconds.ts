/** Seat-milliseconds as people are shown seat-seconds. */
export function formatSeatSeconds(seatMs: number): string {
  const units = Math.round(seatMs * 1e5);
  const seconds = Math.trunc(units / 1e8);
  const rest = String(Math.abs(units % 1e8)).padStart(8, '0');
  return `${units < 0 && seconds === 0 ? '-' : ''}${seconds}.${rest}ss`;
}
