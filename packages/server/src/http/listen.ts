import { createServer as createHttp1Server, type Server as Http1Server, type IncomingMessage } from 'node:http';
import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer, type SecureContextOptions, type TLSSocket, type Server as TlsServer } from 'node:tls';
import type { Log } from '../logging/log.js';
import type { RequestListener } from './app.js';
import { guardSession } from './http2-guard.js';
import { LastResponse } from './last-response.js';
import { defaultHttpLimits, type HttpLimits } from './limits.js';
import type { TlsMaterial, TlsPolicy } from './tls-material.js';
import { requestOfUnknownMethod } from './unknown-method.js';
import { UpgradeResponse } from './upgrade-response.js';

export interface ListenerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls: TlsMaterial;
  readonly tlsPolicy?: TlsPolicy;
  /** False: HTTP/1.1 only. @default true */
  readonly http2?: boolean;
  readonly limits?: Partial<HttpLimits>;
  readonly log: Log;
  readonly onRequest: RequestListener;
  /** Told of every handshake that fails, for metrics. */
  readonly onHandshakeError?: () => void;
}

/** Peers that vanish without a word are noticed by TCP after about this long. */
const tcpKeepAliveMs = 15_000;
/** How often slow headers are looked for. */
const slowHeadersCheckMs = 5_000;
/** How often connections that have become idle are closed on the way out. */
const idleSweepMs = 200;

/**
 * One TLS port for HTTP/2 and HTTP/1.1, told apart by ALPN. The handshaken sockets go to two separate servers, since
 * Node's combined server neither closes idle HTTP/1.1 connections nor keeps their timeouts (nodejs/node#51493, #59783).
 */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #limits: HttpLimits;
  readonly #tls: TlsServer;
  readonly #http1: Http1Server;
  readonly #http2: Http2Server;
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #awaitingEmpty: (() => void)[] = [];
  #goingAway = false;
  #idleSweep: NodeJS.Timeout | undefined;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#limits = { ...defaultHttpLimits, ...options.limits };
    this.#http1 = this.#createHttp1();
    this.#http2 = this.#createHttp2();
    this.#tls = this.#createTls();
  }

  /** Starts accepting. Rejects when the port is taken. */
  async listen(): Promise<AddressInfo> {
    const { host, port, log } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#tls.once('error', reject);
      this.#tls.listen({ host, port }, () => {
        this.#tls.off('error', reject);
        resolve();
      });
    });
    this.#tls.on('error', (error) => log.error('listener failed', { error }));
    // The HTTP/1.1 server never listens itself, but it looks for slow connections only once it hears that it does.
    this.#http1.emit('listening');
    return this.address;
  }

  get address(): AddressInfo {
    const address = this.#tls.address();
    if (address === null || typeof address === 'string') throw new Error('the listener is not listening');
    return address;
  }

  /** Open connections, those still in their handshake included. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** New handshakes see the new certificates and authorities; open connections go on. Throws when they are unusable. */
  useCertificates(material: TlsMaterial): void {
    this.#tls.setSecureContext(secureContext(material, this.#options.tlsPolicy));
    this.#addNamed(material);
  }

  /** Refuses new connections; open ones go on. */
  stopAccepting(): void {
    if (this.#tls.listening) this.#tls.close();
  }

  /** Asks clients to leave: GOAWAY on HTTP/2, `Connection: close` on HTTP/1.1. What is being answered goes on. */
  goAway(): void {
    this.#goingAway = true;
    for (const session of this.#sessions) session.close();
    // Answers whose headers were sent before this moment did not say that their connection ends.
    this.#idleSweep ??= setInterval(() => this.#http1.closeIdleConnections(), idleSweepMs).unref();
    this.#http1.closeIdleConnections();
  }

  /** Resolves when no connection is left. */
  empty(): Promise<void> {
    return this.#sockets.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#awaitingEmpty.push(resolve));
  }

  /** Stops accepting and ends every connection at once. */
  close(): void {
    this.stopAccepting();
    clearInterval(this.#idleSweep);
    for (const session of this.#sessions) session.destroy();
    for (const socket of this.#sockets) socket.destroy();
    // Stops the HTTP/1.1 server's check for slow connections.
    this.#http1.close(() => undefined);
  }

  #createTls(): TlsServer {
    const { tls, tlsPolicy, http2 = true, log, onHandshakeError } = this.#options;
    const server = createTlsServer({
      ...secureContext(tls, tlsPolicy),
      ALPNProtocols: [...(http2 ? ['h2'] : []), 'http/1.1'],
      // Asked for, never required: without one there are tokens, and whether it is good is for authentication to say.
      requestCert: true,
      rejectUnauthorized: false,
      handshakeTimeout: this.#limits.handshakeTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelay: tcpKeepAliveMs,
      noDelay: true,
    });
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      // Without a listener one failing socket would end the process (CVE-2025-59465).
      socket.on('error', (error) => log.info(5, 'connection failed', { peer: socket.remoteAddress, error }));
      socket.once('close', () => this.#forget(socket));
    });
    server.on('tlsClientError', (error, socket) => {
      onHandshakeError?.();
      log.info(3, 'TLS handshake error', { peer: socket.remoteAddress, error: error.message });
      socket.destroy();
    });
    server.on('secureConnection', (socket) => this.#handOver(socket));
    // A TLS socket reports malformed HTTP/1.1 to the server that accepted it.
    server.on('clientError', (error, socket) => this.#answerClientError(error, socket));
    this.#addNamed(tls, server);
    return server;
  }

  #forget(socket: Socket): void {
    this.#sockets.delete(socket);
    if (this.#sockets.size > 0) return;
    for (const resolve of this.#awaitingEmpty.splice(0)) resolve();
  }

  #handOver(socket: TLSSocket): void {
    socket.on('error', (error) => this.#options.log.info(5, 'TLS connection failed', { peer: socket.remoteAddress, error }));
    if (socket.alpnProtocol === 'h2') this.#http2.emit('connection', socket);
    else this.#http1.emit('connection', socket);
  }

  #createHttp1(): Http1Server {
    const { onRequest } = this.#options;
    const { maxHeaderBytes, headersTimeoutMs, idleTimeoutMs } = this.#limits;
    const server = createHttp1Server({
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: headersTimeoutMs,
      // Bodies are bounded by the deadline of their request, which long-running ones do not have.
      requestTimeout: 0,
      keepAliveTimeout: idleTimeoutMs,
      connectionsCheckingInterval: slowHeadersCheckMs,
    });
    // Beyond its default of 2000 Node drops headers silently, and a dropped Impersonate-* header changes who asks.
    server.maxHeadersCount = 0;
    server.on('clientError', (error, socket) => this.#answerClientError(error, socket as Socket));
    server.on('request', (req, res) => {
      if (this.#goingAway) res.setHeader('Connection', 'close');
      onRequest(req, res);
    });
    server.on('upgrade', (req: IncomingMessage, socket: Socket, head: Buffer) => onRequest(req, new UpgradeResponse(req, socket, head)));
    return server;
  }

  /** Malformed or too slow HTTP/1.1: said in one line, and the connection ends. */
  #answerClientError(error: ClientError, socket: Socket): void {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const { code = '' } = error;
    if (code === 'HPE_INVALID_METHOD' && this.#answerUnknownMethod(error, socket)) return;
    const status = clientErrorStatus[code] ?? '400 Bad Request';
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
    this.#options.onRequest(request, response);
    return true;
  }

  #createHttp2(): Http2Server {
    const { log, onRequest } = this.#options;
    const limits = this.#limits;
    const server = createHttp2Server({
      maxSessionMemory: limits.maxSessionMemoryMb,
      maxSessionInvalidFrames: 100,
      maxSettings: 32,
      maxHeaderListPairs: 2000,
      settings: {
        maxConcurrentStreams: limits.maxConcurrentStreams,
        initialWindowSize: limits.streamWindowBytes,
        maxHeaderListSize: limits.maxHeaderBytes,
        enablePush: false,
      },
    });
    server.on('session', (session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
      guardSession(session, limits, log);
      if (this.#goingAway) session.close();
    });
    server.on('sessionError', (error) => log.info(4, 'HTTP/2 connection failed', { error }));
    server.on('request', onRequest as never);
    return server;
  }

  #addNamed({ named = [] }: TlsMaterial, server = this.#tls): void {
    for (const { names, certificate, key } of named) {
      for (const name of names) server.addContext(name, { cert: certificate, key });
    }
  }
}

function secureContext(material: TlsMaterial, policy: TlsPolicy = {}): SecureContextOptions {
  return {
    cert: material.certificate,
    key: material.key,
    ...(material.clientAuthorities && { ca: material.clientAuthorities as (string | Buffer)[] }),
    minVersion: policy.minVersion ?? 'TLSv1.2',
    ...(policy.ciphers !== undefined && { ciphers: policy.ciphers }),
  };
}

interface ClientError extends NodeJS.ErrnoException {
  /** What the HTTP parser was reading. */
  readonly rawPacket?: Buffer;
  /** How far it came. */
  readonly bytesParsed?: number;
}

const clientErrorStatus: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};
