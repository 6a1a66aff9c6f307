import { plainFailure } from '@keelson/machinery';
import { acceptWebSocket, type ForwardedHeaders, forwardedHeaders, type KeelsonContext } from '@keelson/server';
import { createWebSocketStream } from 'ws';
import type { Destination } from '../destinations/destination.js';
import { followOrFail, hostOf, upgradeAnswer } from '../hand-on.js';
import { askForSpdy, chosenVersion, isSpdy } from './kubelet-spdy.js';
import { MOST_MESSAGE_BYTES, tunnelOf } from './web-socket-protocols.js';

/** Connects a client that sends frames of SPDY in messages of a WebSocket to a kubelet, which speaks SPDY alone. `protocols`: any of these. */
export async function tunnelSpdy(
  ctx: KeelsonContext,
  destination: Destination,
  query: string,
  protocols: readonly string[],
): Promise<void> {
  const asked = askForSpdy(destination, { query, versions: protocols, headers: tunneledHeaders(ctx), signal: ctx.state.signal });
  const upgraded = await upgradeAnswer(ctx, destination, asked);
  if (upgraded.socket === undefined) return followOrFail(ctx, upgraded);
  const { socket, head, answer } = upgraded;
  if (!isSpdy(answer)) {
    socket.destroy();
    throw plainFailure('unable to upgrade: missing upgrade headers in response');
  }
  socket.on('error', () => socket.destroy());
  const chosen = chosenVersion(answer);
  const accepted = acceptWebSocket(ctx, () => (chosen === '' ? '' : tunnelOf(chosen)), MOST_MESSAGE_BYTES);
  if (accepted === undefined) {
    socket.destroy();
    return;
  }
  const frames = createWebSocketStream(accepted.socket);
  const end = () => {
    frames.destroy();
    socket.destroy();
  };
  for (const one of [frames, socket]) one.on('error', end).once('close', end);
  if (head.length > 0) frames.write(head);
  frames.pipe(socket);
  socket.pipe(frames);
}

/** Of the WebSocket nothing concerns the kubelet. */
function tunneledHeaders(ctx: KeelsonContext): ForwardedHeaders {
  const headers = Object.entries(forwardedHeaders(ctx)).filter(([name]) => !name.startsWith('sec-websocket-'));
  return { ...Object.fromEntries(headers), host: hostOf(ctx) };
}
