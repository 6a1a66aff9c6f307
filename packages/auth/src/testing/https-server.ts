import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Credential, issue } from './issue.js';

/** A server on loopback with a certificate of an authority, its own unless it is given one, which it knows clients by, too. */
export class HttpsServer {
  readonly authority: Credential;
  readonly #server: Server;

  private constructor(authority: Credential, server: Server) {
    this.authority = authority;
    this.#server = server;
  }

  static async start(onRequest: RequestListener, given?: Credential): Promise<HttpsServer> {
    const authority = given ?? (await issue([{ CN: ['test authority'] }], undefined, 'ca'));
    const { cert, key } = await issue([{ CN: ['127.0.0.1'] }], authority, 'server');
    const server = createServer({ cert, key, ca: authority.cert, requestCert: true, rejectUnauthorized: false }, onRequest);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HttpsServer(authority, server);
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
