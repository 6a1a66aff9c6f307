import type { Readable } from 'node:stream';
import { WebSocket } from 'ws';
import { acceptWebSocket } from './accept-websocket.js';
import type { KeelsonContext } from './context.js';

const BASE64 = 'base64.binary.k8s.io';
const PROTOCOLS: ReadonlySet<string> = new Set(['', 'binary.k8s.io', BASE64]);

/** Sends a stream as messages, after an empty one that says it has begun, for who cannot read streams: bytes, or base64 where that is asked for. */
export async function streamOverWebSocket(ctx: KeelsonContext, body: Readable): Promise<void> {
  const accepted = acceptWebSocket(ctx, (offered) => offered.find((protocol) => PROTOCOLS.has(protocol)));
  if (accepted === undefined) {
    body.destroy();
    return;
  }
  const { socket, protocol } = accepted;
  const leave = () => body.destroy();
  socket.once('close', leave);
  const send = (piece: Buffer) =>
    new Promise<void>((resolve) => socket.send(protocol === BASE64 ? piece.toString('base64') : piece, () => resolve()));
  try {
    await send(Buffer.alloc(0));
    for await (const piece of body as AsyncIterable<Buffer>) {
      if (socket.readyState !== WebSocket.OPEN) return;
      ctx.state.responseBytes += piece.length;
      await send(piece);
    }
    socket.close();
  } catch {
    // Cut off, so that nobody takes it for the whole.
    socket.terminate();
  } finally {
    socket.off('close', leave);
  }
}
