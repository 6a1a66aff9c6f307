import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_MS = 50;
const MAX_MS = 1000;

/** A pause that doubles with every attempt, with jitter: clients that failed together do not come back together. */
export function backoffMs(attempt: number): number {
  return Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(attempt, 10)) * (0.5 + Math.random() / 2);
}

/** Waits, but not longer than until the signal aborts. */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  await sleep(durationMs, undefined, { signal, ref: true }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
