import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;
/** Half a minute where this process gets the processor when it wants it, and longer where others keep it from that. */
const POLLS = 600;

/** Waits until `probe` gives a value; fails when it has not after many looks. */
export async function waitUntil<T>(what: string, probe: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let left = POLLS; left > 0; left--) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    await sleep(POLL_MS);
  }
  throw new Error(`waited in vain for ${what}`);
}
