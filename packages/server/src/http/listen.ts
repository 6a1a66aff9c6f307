import { type AddressInfo, createServer, isIP, type Server, type Socket } from 'node:net';
import {
  createSecureContext,
  createServer as createTlsServer,
  type PeerCertificate,
  type SecureContext,
  type SecureContextOptions,
  type TLSSocket,
  type Server as TlsServer,
} from 'node:tls';
import type { Log } from '../logging/log.js';
import type { RequestListener } from './app.js';
import { Http1Connections } from './http1-connections.js';
import { Http2Connections } from './http2-connections.js';
import { defaultHttpLimits, type HttpLimits } from './limits.js';
import { ServerNames } from './server-names.js';
import type { TlsMaterial, TlsPolicy } from './tls-material.js';

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

/**
 * One TLS port for HTTP/2 and HTTP/1.1, told apart by ALPN. The handshaken sockets go to two separate servers, since
 * Node's combined server neither closes idle HTTP/1.1 connections nor keeps their timeouts (nodejs/node#51493, #59783).
 */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #limits: HttpLimits;
  readonly #acceptor: Server;
  readonly #tls: TlsServer;
  /** Those that serve a certificate of their own to whoever names no server, by the address that was connected to. */
  #tlsByAddress: ReadonlyMap<string, TlsServer>;
  readonly #http1: Http1Connections;
  readonly #http2: Http2Connections;
  readonly #sockets = new Set<Socket>();
  readonly #awaitingEmpty: (() => void)[] = [];
  #serverNames: ServerNames;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#limits = { ...defaultHttpLimits, ...options.limits };
    this.#http1 = new Http1Connections(this.#limits, options.onRequest);
    this.#http2 = new Http2Connections(this.#limits, options.log, options.onRequest);
    this.#serverNames = serverNames(options.tls, options.tlsPolicy);
    this.#tls = this.#createTls(secureContext(options.tls, options.tlsPolicy));
    this.#tlsByAddress = this.#createTlsByAddress(options.tls);
    this.#acceptor = this.#createAcceptor();
  }

  /** Starts accepting. Rejects when the port is taken. */
  async listen(): Promise<AddressInfo> {
    const { host, port, log } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#acceptor.once('error', reject);
      this.#acceptor.listen({ host, port }, () => {
        this.#acceptor.off('error', reject);
        resolve();
      });
    });
    this.#acceptor.on('error', (error) => log.error('listener failed', { error }));
    this.#http1.start();
    return this.address;
  }

  get address(): AddressInfo {
    const address = this.#acceptor.address();
    if (address === null || typeof address === 'string') throw new Error('the listener is not listening');
    return address;
  }

  /** Open connections, those still in their handshake included. */
  get connections(): number {
    return this.#sockets.size;
  }

  /**
   * New handshakes see the new certificates and authorities; open connections go on. Those whose certificate was refused
   * are asked to leave, since a handshake with the new authorities may accept it. Throws when the material is unusable.
   */
  useCertificates(material: TlsMaterial): void {
    const names = serverNames(material, this.#options.tlsPolicy);
    const byAddress = this.#createTlsByAddress(material);
    this.#tls.setSecureContext(secureContext(material, this.#options.tlsPolicy));
    this.#serverNames = names;
    this.#tlsByAddress = byAddress;
    this.#http1.leave(isRefused);
    this.#http2.leave(isRefused);
  }

  /** Refuses new connections; open ones go on. */
  stopAccepting(): void {
    if (this.#acceptor.listening) this.#acceptor.close();
  }

  /** Asks clients to leave: GOAWAY on HTTP/2, `Connection: close` on HTTP/1.1. What is being answered goes on. */
  goAway(): void {
    this.#http2.goAway();
    this.#http1.goAway();
  }

  /** Resolves when no connection is left. */
  empty(): Promise<void> {
    return this.#sockets.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#awaitingEmpty.push(resolve));
  }

  /** Stops accepting and ends every connection at once. */
  close(): void {
    this.stopAccepting();
    this.#http2.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#http1.close();
  }

  #createAcceptor(): Server {
    const server = createServer({ keepAlive: true, keepAliveInitialDelay: tcpKeepAliveMs, noDelay: true });
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      // Without a listener one failing socket would end the process (CVE-2025-59465).
      socket.on('error', (error) => this.#options.log.info(5, 'connection failed', { peer: socket.remoteAddress, error }));
      socket.once('close', () => this.#forget(socket));
      const address = socket.localAddress?.replace(/^::ffff:(?=[\d.]+$)/, '') ?? '';
      (this.#tlsByAddress.get(address) ?? this.#tls).emit('connection', socket);
    });
    return server;
  }

  /** Nobody can ask for an address by its name (RFC 6066, 3), so what is meant for one is for who connects to it. */
  #createTlsByAddress(material: TlsMaterial): ReadonlyMap<string, TlsServer> {
    const shared = secureContext(material, this.#options.tlsPolicy);
    const otherwise = createSecureContext(shared);
    const servers = new Map<string, TlsServer>();
    for (const { names, certificate, key } of material.named ?? []) {
      for (const name of names.filter((one) => isIP(one) !== 0 && !servers.has(one))) {
        servers.set(name, this.#createTls({ ...shared, cert: certificate, key }, otherwise));
      }
    }
    return servers;
  }

  /** `otherwise`: for clients that ask for a name that no certificate is meant for. */
  #createTls(context: SecureContextOptions, otherwise?: SecureContext): TlsServer {
    const { http2 = true, log, onHandshakeError } = this.#options;
    const server = createTlsServer({
      ...context,
      // Not addContext(): what it is given stays for ever, and knows no authorities of clients.
      SNICallback: (name, done) => done(null, this.#serverNames.find(name) ?? otherwise),
      ALPNProtocols: [...(http2 ? ['h2'] : []), 'http/1.1'],
      // Asked for, never required: without one there are tokens, and whether it is good is for authentication to say.
      requestCert: true,
      rejectUnauthorized: false,
      handshakeTimeout: this.#limits.handshakeTimeoutMs,
    });
    server.on('tlsClientError', (error, socket) => {
      onHandshakeError?.();
      log.info(3, 'TLS handshake error', { peer: socket.remoteAddress, error: error.message });
      socket.destroy();
    });
    server.on('secureConnection', (socket) => this.#handOver(socket));
    // A TLS socket reports malformed HTTP/1.1 to the server that accepted it.
    server.on('clientError', (error, socket) => this.#http1.refuse(error, socket));
    return server;
  }

  #forget(socket: Socket): void {
    this.#sockets.delete(socket);
    if (this.#sockets.size > 0) return;
    for (const resolve of this.#awaitingEmpty.splice(0)) resolve();
  }

  #handOver(socket: TLSSocket): void {
    socket.on('error', (error) => this.#options.log.info(5, 'TLS connection failed', { peer: socket.remoteAddress, error }));
    if (socket.alpnProtocol === 'h2') this.#http2.accept(socket);
    else this.#http1.accept(socket);
  }
}

/** Whether a connection came with a certificate that its handshake did not accept. */
function isRefused(socket: Socket): boolean {
  const connection = socket as TLSSocket;
  if (connection.authorized) return false;
  // Not getPeerX509Certificate(): it gives the whole chain once only, and that is for authentication to read.
  const certificate: Partial<PeerCertificate> | null = connection.getPeerCertificate();
  return certificate?.raw !== undefined;
}

const serverNames = ({ named = [], ...material }: TlsMaterial, policy?: TlsPolicy): ServerNames =>
  new ServerNames(named, secureContext(material, policy));

function secureContext(material: TlsMaterial, policy: TlsPolicy = {}): SecureContextOptions {
  return {
    cert: material.certificate,
    key: material.key,
    ...(material.clientAuthorities && { ca: material.clientAuthorities as (string | Buffer)[] }),
    minVersion: policy.minVersion ?? 'TLSv1.2',
    ...(policy.ciphers !== undefined && { ciphers: policy.ciphers }),
  };
}
