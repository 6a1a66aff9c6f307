import type { IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { KeelsonContext } from './context.js';
import { reply } from './reply.js';
import { UpgradeResponse } from './upgrade-response.js';

/** What a client may say is of no interest; this much of it is read. */
const MOST_SAID_BYTES = 64 * 1024;

export interface AcceptedWebSocket {
  readonly socket: WebSocket;
  /** The subprotocol; empty where none was asked for. */
  readonly protocol: string;
}

/** Whether a client asks for a WebSocket, as browsers do for what others read as a stream. */
export function isWebSocketRequest({ req, res }: KeelsonContext): boolean {
  return res instanceof UpgradeResponse && req.headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * Opens a WebSocket for the first of the client's subprotocols that is among `protocols`, whose '' stands for none at all. Answers 403,
 * and is undefined, where there is none.
 */
export async function acceptWebSocket(ctx: KeelsonContext, protocols: readonly string[]): Promise<AcceptedWebSocket | undefined> {
  const { req, res, state } = ctx;
  const protocol = offeredProtocols(req).find((offered) => protocols.includes(offered));
  if (protocol === undefined) {
    reply(ctx, 403, 'text/plain; charset=utf-8', '');
    return undefined;
  }
  if (!(res instanceof UpgradeResponse)) throw new Error('a request that leaves HTTP has no connection');
  ctx.respond = false;
  state.longRunning = true;
  const { socket: connection, head } = res.takeOver();
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MOST_SAID_BYTES,
    handleProtocols: () => protocol || false,
  });
  return new Promise((resolve, reject) => {
    // A handshake that is wrong is refused by the library.
    connection.once('close', () => reject(new Error('the client has gone')));
    server.handleUpgrade(req, connection, head, (socket) => {
      const leave = () => socket.terminate();
      state.onAbort(leave);
      socket.on('error', leave);
      resolve({ socket, protocol });
    });
  });
}

function offeredProtocols({ headers }: IncomingMessage): string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
}
