import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { DialAddress } from '@keelson/machinery';
import { type KeelsonContext, replyTextError, UpgradeResponse } from '@keelson/server';
import { hostPort, type RemoteApiService } from '../remote-api-service.js';
import { forwardedHeaders, forwardedPath } from './forwarded-request.js';
import { identityHeaders } from './identity-headers.js';
import { sendAnswer } from './send-answer.js';

/** What another server makes of a request that asks to leave HTTP. */
type UpgradeAnswer =
  | { readonly answer: IncomingMessage; readonly socket: Duplex; readonly head: Buffer }
  | { readonly answer: IncomingMessage; readonly socket?: undefined };

/**
 * Hands on a request that leaves HTTP (WebSocket, SPDY): once the extension server agrees, both connections are one, of which this
 * server knows no more than its bytes.
 */
export async function proxyUpgrade(ctx: KeelsonContext, remote: RemoteApiService, address: DialAddress): Promise<void> {
  const { state } = ctx;
  let upgraded: UpgradeAnswer;
  try {
    const connection = await remote.backend(address).openForUpgrade(state.signal);
    upgraded = await ask(ctx, address, connection);
  } catch (error) {
    if (state.aborted) throw error;
    replyTextError(ctx, 503, remote.dialFailure(error));
    return;
  }
  if (upgraded.socket !== undefined) join(ctx, upgraded);
  else await refuse(ctx, upgraded.answer);
}

function ask(ctx: KeelsonContext, address: DialAddress, connection: TLSSocket): Promise<UpgradeAnswer> {
  const { req, state } = ctx;
  const headers = {
    ...forwardedHeaders(ctx),
    ...identityHeaders(state.user),
    host: hostPort(address),
    connection: 'Upgrade',
    upgrade: req.headers.upgrade ?? '',
  };
  const asked = request({
    createConnection: () => connection,
    method: req.method,
    path: forwardedPath(ctx),
    headers,
    signal: state.signal,
  });
  return new Promise((resolve, reject) => {
    // After the answer the sockets tell of what goes wrong.
    asked.on('error', reject);
    asked.once('response', (answer) => resolve({ answer }));
    asked.once('upgrade', (answer, socket, head) => resolve({ answer, socket, head }));
    asked.end();
  });
}

/** A refusal is the client's to see; an answer that neither agrees nor refuses is none. */
async function refuse(ctx: KeelsonContext, answer: IncomingMessage): Promise<void> {
  const { statusCode: code = 0, headers } = answer;
  if (code >= 400) return sendAnswer(ctx, { code, headers, body: answer, isWhole: () => answer.complete }, { rejectRedirects: false });
  answer.destroy();
  replyTextError(ctx, 503, `invalid upgrade response: status code ${code}`);
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
