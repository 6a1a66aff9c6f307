import { connectionFailure, plainFailure } from '@keelson/machinery';
import { acceptWebSocket, askForUpgrade, followUpgrade, forwardedHeaders, type KeelsonContext, type UpgradeAnswer } from '@keelson/server';
import { createWebSocketStream } from 'ws';
import { type Destination, requestTo } from './destination.js';
import { hostOf } from './hand-on.js';
import { MOST_MESSAGE_BYTES, tunnelOf } from './web-socket-protocols.js';

const VERSION_HEADER = 'x-stream-protocol-version';

/** Connects a client that sends frames of SPDY in messages of a WebSocket to a kubelet, which speaks SPDY alone. `protocols`: any of these. */
export async function tunnelSpdy(
  ctx: KeelsonContext,
  destination: Destination,
  query: string,
  protocols: readonly string[],
): Promise<void> {
  const { signal, aborted } = ctx.state;
  let upgraded: UpgradeAnswer;
  try {
    upgraded = await askForUpgrade(requestTo(destination, { method: 'POST', query, headers: spdyHeaders(ctx, protocols), signal }));
  } catch (error) {
    throw aborted ? error : plainFailure(`error dialing backend: ${connectionFailure(error, destination.host)}`);
  }
  if (upgraded.socket === undefined)
    return followUpgrade(ctx, upgraded, (why) => {
      throw plainFailure(why);
    });
  const { socket, head, answer } = upgraded;
  if (!/\bspdy\/3\.1\b/i.test(answer.headers.upgrade ?? '')) {
    socket.destroy();
    throw plainFailure('unable to upgrade: missing upgrade headers in response');
  }
  socket.on('error', () => socket.destroy());
  const chosen = String(answer.headers[VERSION_HEADER] ?? '').trim();
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
function spdyHeaders(ctx: KeelsonContext, protocols: readonly string[]) {
  const headers = Object.entries(forwardedHeaders(ctx)).filter(([name]) => !name.startsWith('sec-websocket-'));
  return {
    ...Object.fromEntries(headers),
    host: hostOf(ctx),
    connection: 'Upgrade',
    upgrade: 'SPDY/3.1',
    [VERSION_HEADER]: [...protocols],
  };
}
