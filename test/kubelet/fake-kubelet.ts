import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { acceptSpdy } from './spdy-endpoints.js';

/** A kubelet's endpoints as far as an API server uses them, for containers that echo. Of consoles it speaks SPDY alone. */
export class FakeKubelet {
  /** Method, path and query of what was asked. */
  readonly requests: string[] = [];
  /** Common name of the last client's certificate. */
  client = '';
  /** Headers of the last request to a path that is none of a kubelet's. */
  headers: IncomingMessage['headers'] = {};
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Takes clients of the authority in `pki` alone. */
  static async start(pki: string): Promise<FakeKubelet> {
    const file = (name: string) => readFileSync(`${pki}/${name}`);
    const server = createServer({ cert: file('apiserver.crt'), key: file('apiserver.key'), ca: file('ca.crt'), requestCert: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const kubelet = new FakeKubelet(server);
    server.on('connection', (socket) => kubelet.#sockets.add(socket));
    server.on('request', (request, response) => void kubelet.#answer(request, response));
    server.on('upgrade', (request, socket, head) => {
      kubelet.#note(request);
      if (request.headers.upgrade === 'echo') echo(socket, head);
      else if (request.headers.upgrade === 'SPDY/3.1') acceptSpdy(request, socket, head);
      else socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 19\r\n\r\nonly SPDY is spoken');
    });
    return kubelet;
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #note(request: IncomingMessage): void {
    this.requests.push(`${request.method} ${request.url}`);
    this.client = String((request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? '');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#note(request);
    const { pathname, searchParams } = new URL(request.url ?? '', 'https://kubelet');
    if (pathname.startsWith('/containerLogs/')) return log(pathname, searchParams, response);
    this.headers = request.headers;
    if (pathname === '/moved') response.writeHead(302, { Location: '/pods/' }).end();
    else if (pathname === '/page') response.setHeader('Content-Type', 'text/html; charset=utf-8').end('<a href="/logs/">logs</a>');
    else response.setHeader('Content-Type', 'text/plain').end(`${request.method} ${request.url} ${await text(request)}`);
  }
}

function log(pathname: string, query: URLSearchParams, response: ServerResponse): void {
  if (query.get('previous') === 'true') response.writeHead(400).end('previous terminated container "app" not found');
  else if (pathname.endsWith('/broken')) response.writeHead(500).end('the disk is on fire');
  else if (pathname.endsWith('/gone')) response.writeHead(404).end('no such container');
  else {
    response.write('first line\n');
    if (query.get('follow') !== 'true') response.end('last line\n');
  }
}

function echo(socket: Duplex, head: Buffer): void {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
  socket.write(head);
  socket.pipe(socket);
}
