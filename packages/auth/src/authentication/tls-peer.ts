import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { TLSSocket } from 'node:tls';

/** The TLS connection a request came over: the same object for all its requests. Undefined for plain connections. */
export function tlsConnectionOf(request: IncomingMessage | Http2ServerRequest): TLSSocket | undefined {
  // On HTTP/2 `request.socket` is a new object for each stream; the session's is one, but a proxy without `in`.
  const socket = ('stream' in request ? request.stream.session?.socket : request.socket) as Partial<TLSSocket> | undefined;
  return typeof socket?.getPeerX509Certificate === 'function' ? (socket as TLSSocket) : undefined;
}
