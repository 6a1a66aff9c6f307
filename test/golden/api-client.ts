import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';

/** A server to send requests to, and the identities recorded requests use. */
export interface GoldenServer {
  readonly url: string;
  /** Certificate of the authority, PEM. Without it, the server's certificate is not checked. */
  readonly ca?: string | undefined;
  readonly adminToken: string;
  readonly aliceToken: string;
  /** The etcd behind the server; without it, cases that need it are left out. */
  readonly etcd?: EtcdAddress | undefined;
}

export interface EtcdAddress {
  readonly url: string;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
}

/** An answer as it came. */
export interface RawAnswer {
  readonly code: number;
  /** Names in lower case; values of equal names in order. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
}

const answerTimeoutMs = 60_000;

/** Sends requests over connections it keeps, HTTP/1.1. */
export class ApiClient {
  readonly #origin: URL;
  readonly #agent: Agent;

  constructor(server: GoldenServer, connections: number) {
    this.#origin = new URL(server.url);
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: connections,
      ...(server.ca === undefined ? { rejectUnauthorized: false } : { ca: server.ca }),
    });
  }

  async send(apiRequest: ApiRequest): Promise<RawAnswer> {
    const answer = await this.open(apiRequest, AbortSignal.timeout(answerTimeoutMs));
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return rawAnswer(answer, Buffer.concat(chunks));
  }

  /** Sends a request and gives the answer at its head, for streams. */
  async open(apiRequest: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
    for (;;) {
      const sent = this.#request(apiRequest, signal);
      try {
        return await head(sent, apiRequest.body);
      } catch (error) {
        // The server may have closed a kept connection just now: then it has not read the request.
        if (!sent.reusedSocket || signal.aborted) throw error;
      }
    }
  }

  #request({ method, path, headers, body }: ApiRequest, signal: AbortSignal): ClientRequest {
    const length = body === undefined ? {} : { 'Content-Length': String(body.length) };
    const options: RequestOptions = {
      host: this.#origin.hostname,
      port: this.#origin.port || 443,
      servername: this.#origin.hostname === '127.0.0.1' ? '' : this.#origin.hostname,
      method,
      path,
      headers: { ...headers, ...length },
      agent: this.#agent,
      signal,
    };
    return request(options);
  }

  close(): void {
    this.#agent.destroy();
  }
}

function head(sent: ClientRequest, body: Buffer | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}

export function rawAnswer(answer: IncomingMessage, body: Buffer): RawAnswer {
  const headers = new Map<string, string[]>();
  for (let at = 0; at + 1 < answer.rawHeaders.length; at += 2) {
    const name = (answer.rawHeaders[at] as string).toLowerCase();
    // Node reads header values as Latin-1, Kubernetes writes warnings in UTF-8.
    const value = Buffer.from(answer.rawHeaders[at + 1] as string, 'latin1').toString();
    headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  return { code: answer.statusCode ?? 0, headers, body };
}
