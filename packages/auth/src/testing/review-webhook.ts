import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import type { RemoteAccess } from '@keelson/machinery';
import { HttpsServer } from './https-server.js';
import { type Credential, issue } from './issue.js';

/** A review as it was received. */
export interface ReceivedReview {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Common name of the client's certificate. */
  readonly client: string;
  readonly review: ReceivedReview;
}

/** The status to answer with; undefined when it answers by itself, or never. */
export type ReviewAnswer = (review: ReceivedReview, response: ServerResponse) => object | undefined;

/** A webhook on loopback that reviews tokens or access: HTTPS, for clients that its authority knows. */
export class ReviewWebhook {
  readonly received: Received[] = [];
  answer: ReviewAnswer;
  readonly #client: Credential;
  readonly #server: HttpsServer;

  private constructor(server: HttpsServer, client: Credential, answer: ReviewAnswer) {
    this.#server = server;
    this.#client = client;
    this.answer = answer;
  }

  static async start(answer: ReviewAnswer): Promise<ReviewWebhook> {
    const server = await HttpsServer.start(async (request, response) => {
      const review = JSON.parse(await text(request)) as ReceivedReview;
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      webhook.received.push({ path: request.url ?? '', headers: request.headers, client: String(subject?.CN), review });
      const status = webhook.answer(review, response);
      if (status === undefined) return;
      const { apiVersion, kind } = review;
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ apiVersion, kind, metadata: {}, spec: {}, status }));
    });
    const webhook = new ReviewWebhook(server, await issue([{ CN: ['apiserver'] }], server.authority), answer);
    return webhook;
  }

  get authority(): Credential {
    return this.#server.authority;
  }

  get url(): string {
    return `${this.#server.url}/review`;
  }

  get access(): RemoteAccess {
    const { cert, key } = this.#client;
    const certificateAuthority = this.authority.cert;
    return { server: this.url, insecureSkipTlsVerify: false, certificateAuthority, clientCertificate: cert, clientKey: key };
  }

  /** Says where it is and how a client is known to it, as a kubeconfig file. */
  get kubeconfig(): string {
    const base64 = (pem: string) => Buffer.from(pem).toString('base64');
    const { cert, key } = this.#client;
    return JSON.stringify({
      clusters: [{ name: 'webhook', cluster: { server: this.url, 'certificate-authority-data': base64(this.authority.cert) } }],
      users: [{ name: 'apiserver', user: { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) } }],
      contexts: [{ name: 'webhook', context: { cluster: 'webhook', user: 'apiserver' } }],
      'current-context': 'webhook',
    });
  }

  close(): Promise<void> {
    return this.#server.stop();
  }
}
