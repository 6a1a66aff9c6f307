import { setTimeout as sleep } from 'node:timers/promises';

/** False when it was ended before. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await sleep(ms, undefined, signal && { signal });
    return true;
  } catch {
    return false;
  }
}
