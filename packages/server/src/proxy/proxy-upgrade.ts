import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { KeelsonContext } from '../http/context.js';
import { UpgradeResponse } from '../http/upgrade-response.js';
import { sendAnswer } from './send-answer.js';

/** What another server makes of a request that asks to leave HTTP. */
export type UpgradeAnswer =
  | { readonly answer: IncomingMessage; readonly socket: Duplex; readonly head: Buffer }
  | { readonly answer: IncomingMessage; readonly socket?: undefined };

/** Whether the client wants to leave HTTP, and can. */
export function isUpgrade({ state, req }: KeelsonContext): boolean {
  return state.upgrade !== undefined && /\bupgrade\b/i.test(req.headers.connection ?? '');
}

/** Sends `asked`, which has no body. Rejects when there is no answer. */
export function askForUpgrade(asked: ClientRequest): Promise<UpgradeAnswer> {
  return new Promise((resolve, reject) => {
    // After the answer the sockets tell of what goes wrong.
    asked.on('error', reject);
    asked.once('response', (answer) => resolve({ answer }));
    asked.once('upgrade', (answer, socket, head) => resolve({ answer, socket, head }));
    asked.end();
  });
}

/**
 * Once another server agrees that a request leaves HTTP (WebSocket, SPDY), both connections are one, of which this server knows
 * no more than its bytes. A refusal is the client's to see; an answer that neither agrees nor refuses is none, which `fail` tells.
 */
export async function followUpgrade(ctx: KeelsonContext, upgraded: UpgradeAnswer, fail: (why: string) => void): Promise<void> {
  if (upgraded.socket !== undefined) {
    join(ctx, upgraded);
    return;
  }
  const { answer } = upgraded;
  const { statusCode: code = 0, headers } = answer;
  if (code >= 400) {
    await sendAnswer(ctx, { code, headers, body: answer, isWhole: () => answer.complete }, { rejectRedirects: false });
    return;
  }
  answer.destroy();
  fail(`invalid upgrade response: status code ${code}`);
}

/** The connection lasts until one side ends it, or this server stops: no deadline concerns it. */
function join({ res, state }: KeelsonContext, { answer, socket, head }: UpgradeAnswer & { socket: Duplex }): void {
  if (!(res instanceof UpgradeResponse)) throw new Error('a request that left HTTP has no connection');
  const client = res.takeOver();
  state.longRunning = true;
  const end = () => {
    client.socket.destroy();
    socket.destroy();
  };
  for (const one of [client.socket, socket]) one.on('error', end).once('close', end);
  state.onAbort(end);
  client.socket.write(headOf(answer), 'latin1');
  if (head.length > 0) client.socket.write(head);
  if (client.head.length > 0) socket.write(client.head);
  client.socket.pipe(socket);
  socket.pipe(client.socket);
}

/** An answer's head as it came. */
function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
