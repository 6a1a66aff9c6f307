import type { TLSSocket } from 'node:tls';
import { HttpsServer } from './https-server.js';
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
  readonly #server: HttpsServer;
  readonly reviews: Reviewed[] = [];
  answer: (review: Reviewed) => Answer = () => ({ body: {} });

  private constructor(server: HttpsServer) {
    this.#server = server;
  }

  static async start(): Promise<ReviewServer> {
    const server = await HttpsServer.start(async (request, response) => {
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
    const webhook = new ReviewServer(server);
    return webhook;
  }

  get authority(): Credential {
    return this.#server.authority;
  }

  get url(): string {
    return this.#server.url;
  }

  /** A certificate that it knows clients by. */
  client(name: string): Promise<Credential> {
    return issue([{ CN: [name] }], this.authority);
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}
