import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Credential, issue } from './issue.js';

export interface Reviewed {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Common name of the client's certificate. */
  readonly client: string | undefined;
  readonly body: unknown;
}

/** An answer; undefined breaks the connection off. */
export type Answer = { readonly code?: number; readonly headers?: Record<string, string>; readonly body: unknown } | undefined;

/** A webhook on loopback: HTTPS, with an answer for each review. */
export class ReviewServer {
  readonly authority: Credential;
  readonly reviews: Reviewed[] = [];
  answer: (review: Reviewed) => Answer = () => ({ body: {} });
  readonly #server: Server;

  private constructor(authority: Credential, server: Server) {
    this.authority = authority;
    this.#server = server;
  }

  static async start(): Promise<ReviewServer> {
    const authority = await issue([{ CN: ['webhook authority'] }], undefined, 'ca');
    const { cert, key } = await issue([{ CN: ['127.0.0.1'] }], authority, 'server');
    const server = createServer({ cert, key, ca: authority.cert, requestCert: true, rejectUnauthorized: false });
    const webhook = new ReviewServer(authority, server);
    server.on('request', async (request, response) => {
      const { CN } = (request.socket as TLSSocket).getPeerCertificate().subject ?? {};
      const body: unknown = JSON.parse((await request.toArray()).join(''));
      const review = { path: request.url ?? '', headers: request.headers, client: CN === undefined ? undefined : String(CN), body };
      webhook.reviews.push(review);
      const answer = webhook.answer(review);
      if (answer === undefined) return request.socket.destroy();
      const { code = 200, headers = {}, body: said } = answer;
      const type = { 'content-type': typeof said === 'string' ? 'text/plain' : 'application/json' };
      return response.writeHead(code, { ...type, ...headers }).end(typeof said === 'string' ? said : JSON.stringify(said));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return webhook;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A certificate that it knows clients by. */
  client(name: string): Promise<Credential> {
    return issue([{ CN: [name] }], this.authority);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
