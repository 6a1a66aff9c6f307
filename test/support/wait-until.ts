import { setTimeout as sleep } from 'node:timers/promises';

const giveUpMs = 30_000;

/** Waits until `probe` gives a value; fails when it does not in time. */
export async function waitUntil<T>(what: string, probe: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const endMs = performance.now() + giveUpMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > endMs) throw new Error(`waited in vain for ${what}`);
    await sleep(50);
  }
}
