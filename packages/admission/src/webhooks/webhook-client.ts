import { X509Certificate } from 'node:crypto';
import { posix } from 'node:path';
import { askPatiently, type RemoteAccess, type RemoteAnswer, RemoteServer, type ServiceResolver } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';

type ClientConfig = admissionregistration.v1.WebhookClientConfig;

/** How the server makes itself known to a webhook at `host:port`. */
export type WebhookCredentials = (target: string) => Partial<RemoteAccess>;

export interface ReviewCall {
  readonly body: string;
  readonly timeoutMs: number;
  /** Ends it with the request that it is for. */
  readonly signal: AbortSignal;
}

const HEADERS = {
  Accept: 'application/json, */*',
  'Content-Type': 'application/json',
  'User-Agent': 'kube-apiserver-admission',
};

/** Asks a webhook, at a URL or behind a service; again after a while when it says so and there is time. */
export class WebhookClient {
  readonly #endpoint: Endpoint;
  readonly #services: ServiceResolver;
  readonly #server: RemoteServer;

  /** Throws when the configuration is none that anybody could be asked by. */
  constructor(config: ClientConfig, services: ServiceResolver, credentials: WebhookCredentials) {
    this.#endpoint = endpointOf(config);
    this.#services = services;
    const { host, target, service } = this.#endpoint;
    const dialer = service === undefined ? services.egress.controlPlane : services.egress.cluster;
    const { observer } = services.egress;
    const certificateAuthority = authorityOf(config);
    this.#server = new RemoteServer({
      insecureSkipTlsVerify: false,
      ...credentials(target),
      server: `https://${host}`,
      ...(dialer && { dialer }),
      ...(observer && { observer }),
      ...(certificateAuthority !== undefined && { certificateAuthority }),
    });
  }

  /** Rejects with the words of a client of Kubernetes when there is no answer. */
  async send({ body, timeoutMs, signal }: ReviewCall): Promise<RemoteAnswer> {
    const { host, path, service } = this.#endpoint;
    const asked = timeoutMs > 0 ? `${path}?timeout=${Math.ceil(timeoutMs / 1000)}s` : path;
    const headers = { Host: host, ...HEADERS };
    const attempt = async (leftMs: number) => {
      const dial = service && (await this.#resolve(service, `https://${host}${asked}`));
      return this.#server.send({ path: asked, body, timeoutMs: leftMs, signal, headers, ...(dial && { dial }) });
    };
    return askPatiently(attempt, { timeoutMs, signal });
  }

  async #resolve({ namespace, name, port }: Service, url: string) {
    try {
      return await this.#services.resolve(namespace, name, port);
    } catch (error) {
      throw new Error(`Post ${JSON.stringify(url)}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }
}

interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

interface Endpoint {
  /** With its port, where one is given. */
  readonly host: string;
  readonly path: string;
  /** The host with its port, by which credentials are found. */
  readonly target: string;
  readonly service?: Service;
}

const HTTPS_PORT = 443;

function endpointOf({ url, service }: ClientConfig): Endpoint {
  if (service !== undefined) {
    const { namespace, name, port = HTTPS_PORT, path = '' } = service;
    const host = `${name}.${namespace}.svc:${port}`;
    return { host, path: cleanPath(path), target: host, service: { namespace, name, port } };
  }
  if (url === undefined || url === '') throw new Error('webhook configuration must have either service or URL');
  if (!URL.canParse(url)) throw new Error(`Unparsable URL: ${url}`);
  const { pathname, port } = new URL(url);
  // As written: its port may be the one that URLs are not shown with.
  const host = /^https?:\/\/([^/?#]+)/i.exec(url)?.[1] ?? '';
  return { host, path: cleanPath(pathname), target: port === '' && !host.endsWith(`:${HTTPS_PORT}`) ? `${host}:${HTTPS_PORT}` : host };
}

function cleanPath(path: string): string {
  const clean = posix.join('/', path);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

/** PEM; undefined: the authorities of the system. */
function authorityOf({ caBundle = '' }: ClientConfig): string | undefined {
  if (caBundle === '') return undefined;
  const pem = Buffer.from(caBundle, 'base64').toString();
  try {
    void new X509Certificate(pem);
  } catch (cause) {
    throw new Error('unable to load root certificates: unable to parse bytes as PEM block', { cause });
  }
  return pem;
}
