import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import type { RemoteAccess } from '@keelson/machinery';
import { type Credential, issue } from './issue.js';

/** A review as it was received. */
export interface ReceivedReview {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface Received {
  readonly path: string;
  /** Common name of the client's certificate. */
  readonly client: string;
  readonly review: ReceivedReview;
}

/** The status to answer with; undefined when it answers by itself, or never. */
export type ReviewAnswer = (review: ReceivedReview, response: ServerResponse) => object | undefined;

/** A webhook on loopback that reviews tokens or access: HTTPS, for clients that its authority knows. */
export class ReviewWebhook {
  readonly authority: Credential;
  readonly received: Received[] = [];
  answer: ReviewAnswer;
  readonly #client: Credential;
  readonly #server: Server;

  private constructor(authority: Credential, client: Credential, server: Server, answer: ReviewAnswer) {
    this.authority = authority;
    this.#client = client;
    this.#server = server;
    this.answer = answer;
  }

  static async start(answer: ReviewAnswer): Promise<ReviewWebhook> {
    const authority = await issue([{ CN: ['webhook authority'] }], undefined, 'ca');
    const { cert, key } = await issue([{ CN: ['127.0.0.1'] }], authority, 'server');
    const client = await issue([{ CN: ['apiserver'] }], authority);
    const server = createServer({ cert, key, ca: authority.cert, requestCert: true });
    const webhook = new ReviewWebhook(authority, client, server, answer);
    server.on('request', async (request, response) => {
      const review = JSON.parse(await text(request)) as ReceivedReview;
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      webhook.received.push({ path: request.url ?? '', client: String(subject?.CN), review });
      const status = webhook.answer(review, response);
      if (status === undefined) return;
      const { apiVersion, kind } = review;
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ apiVersion, kind, metadata: {}, spec: {}, status }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return webhook;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}/review`;
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

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
