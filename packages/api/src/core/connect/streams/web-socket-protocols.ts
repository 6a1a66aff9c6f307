import { isWebSocketRequest, type KeelsonContext, offeredProtocols } from '@keelson/server';

/** A console whose streams are channels of one WebSocket, and can be closed one by one (KEP-4006). */
export const CONSOLE_PROTOCOL = 'v5.channel.k8s.io';
/** Before the name of a SPDY protocol whose frames a WebSocket carries. */
const TUNNEL_PREFIX = 'SPDY/3.1+';
const TUNNEL_SUFFIX = '.k8s.io';

/** As Go's libraries take them. */
export const MOST_MESSAGE_BYTES = 32 * 1024 * 1024;

/** Whether a client asks for a console as a WebSocket. */
export function isConsoleSocket(ctx: KeelsonContext): boolean {
  return isWebSocketRequest(ctx) && offeredProtocols(ctx.req).includes(CONSOLE_PROTOCOL);
}

/** Those of SPDY that are to be tunneled. */
export function tunneledProtocols(ctx: KeelsonContext): string[] {
  if (!isWebSocketRequest(ctx)) return [];
  return offeredProtocols(ctx.req)
    .filter((protocol) => protocol.startsWith(TUNNEL_PREFIX) && protocol.endsWith(TUNNEL_SUFFIX))
    .map((protocol) => protocol.slice(TUNNEL_PREFIX.length));
}

export function tunnelOf(protocol: string): string {
  return `${TUNNEL_PREFIX}${protocol}`;
}
