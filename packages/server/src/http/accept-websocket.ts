import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { KeelsonContext } from './context.js';
import { reply } from './reply.js';
import { UpgradeResponse } from './upgrade-response.js';

/** What a client may say is of no interest to most; this much of it is read. */
const MOST_SAID_BYTES = 64 * 1024;

export interface AcceptedWebSocket {
  readonly socket: WebSocket;
  /** What carries it. Whole frames may be written to it. */
  readonly connection: Duplex;
  /** The subprotocol; empty where none was asked for. */
  readonly protocol: string;
}

/** Whether a client asks for a WebSocket, as browsers do for what others read as a stream. */
export function isWebSocketRequest({ req, res }: KeelsonContext): boolean {
  return res instanceof UpgradeResponse && req.headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * Opens a WebSocket, for the subprotocol that is chosen of those that the client offers: '' is to do without. Where none is chosen,
 * and where the handshake is wrong, that is answered, and there is no socket. `mostSaidBytes`: of one message of the client.
 */
export function acceptWebSocket(
  ctx: KeelsonContext,
  choose: (offered: readonly string[]) => string | undefined,
  mostSaidBytes = MOST_SAID_BYTES,
): AcceptedWebSocket | undefined {
  const { req, res, state } = ctx;
  const protocol = choose(offeredProtocols(req));
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
    maxPayload: mostSaidBytes,
    handleProtocols: () => protocol || false,
  });
  let accepted: AcceptedWebSocket | undefined;
  // At once: there is nothing to wait for.
  server.handleUpgrade(req, connection, head, (socket) => {
    const leave = () => socket.terminate();
    state.onAbort(leave);
    socket.on('error', leave);
    accepted = { socket, connection, protocol };
  });
  return accepted;
}

/** Its subprotocols, as a client names them; an empty one where it names none. */
export function offeredProtocols({ headers }: IncomingMessage): string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
}
