import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { KeelsonContext } from '../http/context.js';
import { isIdentityHeader } from './identity-headers.js';
import type { ForwardedHeaders } from './proxied-answer.js';

/** Of one connection only (RFC 9110 7.6.1); `expect` was answered by this server already. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** This server says itself who may ask from where. */
const CORS: ReadonlySet<string> = new Set([
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
]);

/** The headers of a request that concern the other server: neither those of the connection nor what a client says of its identity. */
export function requestHeaders({ rawHeaders, headers: { connection } }: IncomingMessage): ForwardedHeaders {
  const named = namedIn(connection);
  const forwarded: ForwardedHeaders = {};
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] as string).toLowerCase();
    if (name.startsWith(':') || name === 'host' || HOP_BY_HOP.has(name) || named.has(name) || isIdentityHeader(name)) continue;
    add(forwarded, name, rawHeaders[at + 1] as string);
  }
  return forwarded;
}

function add(headers: ForwardedHeaders, name: string, value: string): void {
  const known = headers[name];
  if (known === undefined) headers[name] = value;
  // Node takes one value of it only.
  else if (name !== 'content-length') headers[name] = [known, value].flat();
}

/** Those of the client, and what a proxy adds to them. */
export function forwardedHeaders({ state, req }: KeelsonContext): ForwardedHeaders {
  const headers = requestHeaders(req);
  return {
    ...headers,
    'x-forwarded-for': [headers['x-forwarded-for'] ?? [], peerAddress(req)].flat().join(', '),
    ...(state.auditId !== '' && { 'audit-id': state.auditId }),
  };
}

function peerAddress({ socket }: IncomingMessage): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '');
}

/** Whether a request has a body to hand on. */
export function hasBody({ state: { stream }, req: { headers } }: KeelsonContext): boolean {
  if (stream !== undefined) return !stream.endAfterHeaders;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** The headers of an answer that concern the client. */
export function* answerHeaders(headers: IncomingHttpHeaders): Iterable<readonly [name: string, value: string | string[]]> {
  const named = namedIn(headers.connection);
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name.startsWith(':') || HOP_BY_HOP.has(name) || named.has(name) || CORS.has(name)) continue;
    yield [name, value];
  }
}

/** A connection's own headers, as its sender lists them. */
function namedIn(connection: string | undefined): ReadonlySet<string> {
  return new Set(connection === undefined ? [] : connection.split(',').map((name) => name.trim().toLowerCase()));
}
