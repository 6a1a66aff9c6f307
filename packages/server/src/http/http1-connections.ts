import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { RequestListener } from './app.js';
import { Http1Response } from './http1-response.js';
import { LastResponse } from './last-response.js';
import type { HttpLimits } from './limits.js';
import { requestOfUnknownMethod } from './unknown-method.js';
import { UpgradeResponse } from './upgrade-response.js';

/** How often slow headers are looked for. */
const slowHeadersCheckMs = 5_000;
/** How often connections that have become idle are closed on the way out. */
const idleSweepMs = 200;

/** HTTP/1.1 on connections that others have accepted. */
export class Http1Connections {
  readonly #server: Server<typeof IncomingMessage, typeof Http1Response>;
  readonly #onRequest: RequestListener;
  readonly #sockets = new Set<Socket>();
  readonly #leaving = new WeakSet<Socket>();
  #goingAway = false;
  #idleSweep: NodeJS.Timeout | undefined;

  constructor({ maxHeaderBytes, headersTimeoutMs, idleTimeoutMs }: HttpLimits, onRequest: RequestListener) {
    this.#onRequest = onRequest;
    this.#server = createServer({
      ServerResponse: Http1Response,
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: headersTimeoutMs,
      // Bodies are bounded by the deadline of their request, which long-running ones do not have.
      requestTimeout: 0,
      keepAliveTimeout: idleTimeoutMs,
      connectionsCheckingInterval: slowHeadersCheckMs,
    });
    // Beyond its default of 2000 Node drops headers silently, and a dropped Impersonate-* header changes who asks.
    this.#server.maxHeadersCount = 0;
    this.#server.on('clientError', (error, socket) => this.refuse(error, socket as Socket));
    this.#server.on('request', (req, res) => {
      if (this.#goingAway || this.#leaving.has(req.socket)) res.setHeader('Connection', 'close');
      onRequest(req, res);
    });
    this.#server.on('upgrade', (req: IncomingMessage, socket: Socket, head: Buffer) =>
      onRequest(req, new UpgradeResponse(req, socket, head)),
    );
  }

  /** The server never listens itself, but it looks for slow connections only once it hears that it does. */
  start(): void {
    this.#server.emit('listening');
  }

  accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    this.#server.emit('connection', socket);
  }

  /** The next answer on these connections will be the last. */
  leave(which: (socket: Socket) => boolean): void {
    for (const socket of this.#sockets) if (which(socket)) this.#leaving.add(socket);
  }

  /** Answers say `Connection: close` from now on. */
  goAway(): void {
    this.#goingAway = true;
    // Answers whose headers were sent before this moment did not say that their connection ends.
    this.#idleSweep ??= setInterval(() => this.#server.closeIdleConnections(), idleSweepMs).unref();
    this.#server.closeIdleConnections();
  }

  /** Stops the check for slow connections. */
  close(): void {
    clearInterval(this.#idleSweep);
    this.#server.close(() => undefined);
  }

  /** Malformed or too slow: said in one line, and the connection ends. */
  refuse(error: ClientError, socket: Socket): void {
    const { code = '' } = error;
    if (code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    if (code === 'HPE_INVALID_METHOD' && this.#answerUnknownMethod(error, socket)) return;
    const status = refusals[code] ?? '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${status}`);
  }

  /** False when it is no request that could be answered. */
  #answerUnknownMethod({ rawPacket, bytesParsed }: ClientError, socket: Socket): boolean {
    const request = rawPacket && requestOfUnknownMethod(rawPacket, bytesParsed ?? 0, socket);
    if (request === undefined) return false;
    let response: LastResponse;
    try {
      response = new LastResponse(request, socket);
    } catch {
      return false; // an answer to an earlier request is still under way
    }
    this.#onRequest(request, response);
    return true;
  }
}

export interface ClientError extends NodeJS.ErrnoException {
  /** What the HTTP parser was reading. */
  readonly rawPacket?: Buffer;
  /** How far it came. */
  readonly bytesParsed?: number;
}

const refusals: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};
