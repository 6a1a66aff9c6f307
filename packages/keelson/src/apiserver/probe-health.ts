import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import type { ComponentHealth } from '@keelson/api';

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
    const text = await start(answer);
    const { statusCode = 0 } = answer;
    if (statusCode >= 200 && statusCode < 400) return { healthy: true, message: text };
    return { healthy: false, message: `HTTP probe failed with statuscode: ${statusCode}` };
  } catch (error) {
    return { healthy: false, message: `Get "${url}": ${reason(error, port)}` };
  }
}

/** The beginning of an answer, which ends there if it is longer. */
async function start(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= LONGEST_ANSWER_BYTES) break;
  }
  return Buffer.concat(pieces).subarray(0, LONGEST_ANSWER_BYTES).toString();
}

function reason(error: unknown, port: number): string {
  const { code, name, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return `dial tcp 127.0.0.1:${port}: connect: connection refused`;
  if (name === 'AbortError' || name === 'TimeoutError') return 'context deadline exceeded';
  return message;
}
