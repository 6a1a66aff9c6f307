import { pause } from './pause.js';
import type { RemoteAnswer } from './remote-server.js';

const MOST_RETRIES = 10;

export interface PatientRequest {
  /** For all attempts together. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Asks again after a while where a server that has too much to do, or fails, says when. `attempt` is told how long there is
 * left, and says it when there is nothing left, or nobody waits any more.
 */
export async function askPatiently(
  attempt: (leftMs: number) => Promise<RemoteAnswer>,
  { timeoutMs, signal }: PatientRequest,
): Promise<RemoteAnswer> {
  const deadlineAtMs = performance.now() + timeoutMs;
  const leftMs = () => Math.max(Math.ceil(deadlineAtMs - performance.now()), 0);
  for (let retries = 0; ; retries++) {
    const answer = await attempt(leftMs());
    const againMs = retries < MOST_RETRIES ? retryAfterMs(answer) : undefined;
    if (againMs === undefined) return answer;
    const left = leftMs();
    await pause(Math.min(againMs, left), signal);
    if (againMs >= left) return attempt(0);
  }
}

function retryAfterMs({ code, headers }: RemoteAnswer): number | undefined {
  const asked = headers['retry-after'];
  return (code === 429 || code >= 500) && asked !== undefined && /^\d+$/.test(asked) ? Number(asked) * 1000 : undefined;
}
