import { once } from 'node:events';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2, constants } from 'node:http2';
import { request } from 'node:https';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { authority } from './certificates.js';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As on the wire, names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly text: string;
}

export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  /** Client certificate. */
  readonly identity?: Identity;
}

/** One request over HTTP/1.1 on a connection of its own. */
export async function askHttp1(port: number, path: string, { method = 'GET', headers = {}, body, identity }: Asked = {}): Promise<Answer> {
  const sent = request({
    host: '127.0.0.1',
    port,
    path,
    method,
    headers,
    ca: authority,
    agent: false,
    ...clientCertificate(identity),
  });
  sent.end(body);
  const [res] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
  let text = '';
  for await (const chunk of res.setEncoding('utf8')) text += chunk;
  return { status: res.statusCode ?? 0, headers: res.headers, rawHeaders: res.rawHeaders, text };
}

const clientCertificate = (identity?: Identity) => identity && { cert: identity.certificate, key: identity.key };

export async function openHttp2(port: number, identity?: Identity): Promise<ClientHttp2Session> {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: authority, ...clientCertificate(identity) });
  session.on('error', () => undefined);
  await once(session, 'connect');
  return session;
}

/** One request on an open HTTP/2 connection. */
export async function askHttp2(
  session: ClientHttp2Session,
  path: string,
  { method = 'GET', headers = {}, body }: Asked = {},
): Promise<Answer> {
  const stream = session.request({ ':path': path, ':method': method, ...headers }, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const [answered] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }];
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return { status: answered[constants.HTTP2_HEADER_STATUS as ':status'], headers: answered, rawHeaders: [], text };
}

/** A bare TLS connection, for what well-behaved clients do not send. */
export async function openTls(port: number, protocol = 'http/1.1', identity?: Identity): Promise<TLSSocket> {
  const socket = connectTls({
    host: '127.0.0.1',
    port,
    ca: authority,
    ALPNProtocols: [protocol],
    servername: 'localhost',
    ...clientCertificate(identity),
  });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

/** Until a connection is over, whether it failed or not. */
export function closed(connection: { once(event: 'close', listener: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => connection.once('close', resolve));
}

/** Everything the server sends until it closes the connection. */
export async function readToEnd(socket: TLSSocket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await closed(socket);
  return text;
}
