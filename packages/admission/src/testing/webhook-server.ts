import 'reflect-metadata/lite';
import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { admission } from '@keelson/schema';
import * as x509 from '@peculiar/x509';

export type Review = admission.v1.AdmissionReview & { readonly request: admission.v1.AdmissionRequest };
type Response = Partial<admission.v1.AdmissionResponse>;

/** What a webhook does with a request: answers with a response, or as it likes when it gives none. */
export type Answer = (
  review: Review,
  response: ServerResponse,
  request: IncomingMessage,
) => Response | undefined | Promise<Response | undefined>;

/** The name of the service that the server may also stand behind. */
export const SERVICE = { namespace: 'hooks', name: 'checks' };

/** A real admission webhook on the loopback interface. */
export class WebhookServer {
  /** Base64, as configurations have it. */
  readonly caBundle: string;
  /** The bodies of all requests, in their order. */
  readonly reviews: Review[] = [];
  answer: Answer;
  readonly port: number;
  readonly #server: Server;

  private constructor(server: Server, certificate: string, answer: Answer) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    this.caBundle = Buffer.from(certificate).toString('base64');
    this.answer = answer;
  }

  static async start(answer: Answer = allow): Promise<WebhookServer> {
    const { key, certificate } = await issue();
    const server = createServer({ key, cert: certificate });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const webhook = new WebhookServer(server, certificate, answer);
    server.on('request', (request, response) => void webhook.#receive(request, response));
    return webhook;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}/review`;
  }

  get clientConfig(): { url: string; caBundle: string } {
    return { url: this.url, caBundle: this.caBundle };
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const review = JSON.parse(await text(request)) as Review;
    this.reviews.push(review);
    const answer = await this.answer(review, response, request);
    if (answer === undefined) return;
    const { apiVersion, kind } = review;
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ apiVersion, kind, response: { uid: review.request.uid, allowed: true, ...answer } }));
  }
}

const allow: Answer = () => ({});

/** A response that asks for a patch. */
export function patchOf(...operations: readonly object[]): Response {
  return { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(operations)).toString('base64') };
}

export function patching(...operations: readonly object[]): Answer {
  return () => patchOf(...operations);
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
let issued: Promise<{ readonly key: string; readonly certificate: string }> | undefined;

/** A certificate that vouches for itself, for the loopback address and the service. */
function issue() {
  issued ??= makeCertificate();
  return issued;
}

async function makeCertificate() {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=webhook',
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 86_400_000),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.SubjectAlternativeNameExtension([
        { type: 'ip', value: '127.0.0.1' },
        { type: 'dns', value: `${SERVICE.name}.${SERVICE.namespace}.svc` },
      ]),
    ],
  });
  const exported = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return { key: `-----BEGIN PRIVATE KEY-----\n${exported}\n-----END PRIVATE KEY-----\n`, certificate: certificate.toString('pem') };
}
