import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { type WebSocket, WebSocketServer } from 'ws';

/** What kubectl calls the protocol of a console over a WebSocket: the first byte of a message is the number of its stream. */
const CONSOLE_PROTOCOL = 'v5.channel.k8s.io';
const [STDIN, STDOUT, STDERR, OUTCOME, CLOSED] = [0, 1, 2, 3, 255];

/** A kubelet's endpoints as far as an API server uses them, for containers that echo. */
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
    const consoles = new WebSocketServer({
      noServer: true,
      handleProtocols: (asked) => (asked.has(CONSOLE_PROTOCOL) ? CONSOLE_PROTOCOL : false),
    });
    server.on('connection', (socket) => kubelet.#sockets.add(socket));
    server.on('request', (request, response) => void kubelet.#answer(request, response));
    server.on('upgrade', (request, socket, head) => {
      kubelet.#note(request);
      if (request.headers.upgrade === 'echo') echo(socket, head);
      else consoles.handleUpgrade(request, socket, head, (webSocket) => serveConsole(webSocket, request));
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

/** `echo <words>` says its words, `cat` what it reads; anything else fails. */
function serveConsole(webSocket: WebSocket, request: IncomingMessage): void {
  const query = new URL(request.url ?? '', 'https://kubelet').searchParams;
  const [program, ...words] = query.getAll('command');
  const say = (stream: number, what: string | Buffer) => webSocket.send(Buffer.concat([Buffer.of(stream), Buffer.from(what)]));
  const end = (outcome: object) => {
    say(OUTCOME as number, JSON.stringify({ metadata: {}, ...outcome }));
    webSocket.close(1000);
  };
  if (program === 'echo') {
    say(STDOUT as number, `${words.join(' ')}\n`);
    end({ status: 'Success' });
  } else if (program === 'cat') {
    webSocket.on('message', (message: Buffer) => {
      if (message[0] === STDIN) say(STDOUT as number, message.subarray(1));
      else if (message[0] === CLOSED) end({ status: 'Success' });
    });
  } else {
    say(STDERR as number, `${program}: not found\n`);
    end({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      message: 'command terminated with non-zero exit code: exit status 127',
      details: { causes: [{ reason: 'ExitCode', message: '127' }] },
    });
  }
}
