import { once } from 'node:events';
import { createServer, request as http1Request } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type ConnectionOptions, connect, createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import type { AuthenticationRequest } from '@keelson/machinery';
import { type Credential, issue } from './issue.js';

/** These lose the chain of a connection before anybody can read it: nodejs/node#65579. */
export const losesChains = /^v(24\.21\.0|26\.8\.\d+)$/.test(process.version);

/** A port that asks for client certificates, and its clients. */
export class CertificatePort {
  readonly #tls: TlsServer;
  readonly #ca: string;

  private constructor(tls: TlsServer, ca: string) {
    this.#tls = tls;
    this.#ca = ca;
  }

  /** Takes certificates of these authorities, the first of which is the server's, and hands each request to `inspect`. */
  static async listen(authorities: readonly [Credential, ...Credential[]], inspect: (request: AuthenticationRequest) => unknown) {
    const answer = (request: AuthenticationRequest): string => {
      try {
        return JSON.stringify(inspect(request) ?? null);
      } catch (error) {
        return JSON.stringify({ failure: error instanceof Error ? error.message : String(error) });
      }
    };
    const http1 = createServer((request, response) => response.end(answer(request)));
    const http2 = createHttp2Server((request, response) => response.end(answer(request)));
    const { cert, key } = await issue([{ CN: ['127.0.0.1'] }], authorities[0], 'server', 1000);
    const ca = authorities.map((authority) => authority.cert);
    const tls = createTlsServer({ cert, key, ca, ALPNProtocols: ['h2', 'http/1.1'], requestCert: true, rejectUnauthorized: false });
    tls.on('secureConnection', (socket) => (socket.alpnProtocol === 'h2' ? http2 : http1).emit('connection', socket));
    tls.listen(0, '127.0.0.1');
    await once(tls, 'listening');
    return new CertificatePort(tls, authorities[0].cert);
  }

  async dial(credential: Credential | undefined, options: ConnectionOptions = {}): Promise<TLSSocket> {
    const socket = this.#connect(credential, options);
    await once(socket, 'secureConnect');
    return socket;
  }

  /** The answer to one request on a connection of its own. */
  async ask(credential?: Credential): Promise<unknown> {
    const socket = await this.dial(credential);
    try {
      return await askOn(socket);
    } finally {
      socket.destroy();
    }
  }

  /** The same, and the session that the connection leaves behind. */
  async askForSession(credential: Credential, options: ConnectionOptions): Promise<{ answer: unknown; session: Buffer }> {
    const socket = this.#connect(credential, options);
    const session = once(socket, 'session');
    const answer = await askOn(socket);
    const [ticket] = await session;
    socket.destroy();
    return { answer, session: ticket };
  }

  close(): void {
    this.#tls.close();
  }

  #connect(credential: Credential | undefined, options: ConnectionOptions): TLSSocket {
    const { port } = this.#tls.address() as AddressInfo;
    const own = credential && { cert: credential.cert, key: credential.key };
    return connect({ port, host: '127.0.0.1', ca: this.#ca, ALPNProtocols: ['http/1.1'], ...own, ...options });
  }
}

export async function askOn(socket: TLSSocket): Promise<unknown> {
  const outgoing = http1Request({ createConnection: () => socket, headers: { connection: 'keep-alive' } }).end();
  const [response] = await once(outgoing, 'response');
  return JSON.parse((await response.toArray()).join(''));
}
