import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import type { ComponentHealth } from '@keelson/api';
import { readBeginning } from '@keelson/machinery';

const TIMEOUT_MS = 20_000;
/** What is shown of an answer. */
const LONGEST_ANSWER_BYTES = 10 * 1024;

/**
 * Asks a component at one of its secure ports for its health, as kube-apiserver asks those on its own machine: whatever
 * certificate it shows. Texts are those of kube-apiserver.
 */
export async function probeHealth(port: number, signal = AbortSignal.timeout(TIMEOUT_MS)): Promise<ComponentHealth> {
  const url = `https://127.0.0.1:${port}/healthz`;
  try {
    const asked = get(url, { rejectUnauthorized: false, agent: false, signal });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const text = String(await readBeginning(answer, LONGEST_ANSWER_BYTES));
    const { statusCode = 0 } = answer;
    if (statusCode >= 200 && statusCode < 400) return { healthy: true, message: text };
    return { healthy: false, message: `HTTP probe failed with statuscode: ${statusCode}` };
  } catch (error) {
    return { healthy: false, message: `Get "${url}": ${reason(error, port)}` };
  }
}

function reason(error: unknown, port: number): string {
  const { code, name, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return `dial tcp 127.0.0.1:${port}: connect: connection refused`;
  if (name === 'AbortError' || name === 'TimeoutError') return 'context deadline exceeded';
  return message;
}
