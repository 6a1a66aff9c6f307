import { once } from 'node:events';
import { type Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as requestPlain } from 'node:http';
import { request } from 'node:https';
import { readBody } from '../http/read-body.js';
import type { DialAddress } from './dialing/dial-address.js';
import { plainAgent, secureAgent } from './dialing/dialing-agent.js';
import { proxyDialer } from './dialing/proxy-dialer.js';
import { proxyFor } from './proxy-settings.js';
import { type Hop, locationOf, MOST_HOPS, redirected } from './redirect.js';
import type { RemoteAccess } from './remote-access.js';
import { RemoteError } from './remote-error.js';
import { trusting } from './trusting.js';

export interface RemoteRequest {
  /** POST when there is a body, else GET. */
  readonly method?: string;
  /** Behind the server's URL, with its query. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** For everything, from the connection to the last byte of the answer; absent: no limit of its own. */
  readonly timeoutMs?: number;
  /** False: an answer that points elsewhere is the answer, for who must know where a request goes. */
  readonly followRedirects?: boolean;
  /** Ends it when the request that needs the answer ends. */
  readonly signal?: AbortSignal;
  /** Where the server really is, not at the URL's host and port but behind them, unless there is a proxy. */
  readonly dial?: DialAddress;
}

export interface RemoteAnswer {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer whose body is still to come; whoever opened it reads or destroys it. */
export interface OpenAnswer {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
}

/** What an answer may have at most: a patch of the largest object in base64, and then some. */
const MAX_ANSWER_BYTES = 16 << 20;
/** Idle connections are closed before most servers and balancers close them. */
const IDLE_MS = 50_000;

/**
 * Another server that is asked over HTTP/1.1 on kept connections: a webhook, an issuer, another API server. Throws
 * `RemoteError` when no complete answer came; what an answer's code means is for the caller to say, except that redirects are
 * followed unless he does that himself. HTTPS goes through the proxy that the environment names.
 */
export class RemoteServer {
  readonly #access: RemoteAccess;
  readonly #base: string;
  readonly #host: string;
  readonly #origin: string;
  /** Then it is the proxy that finds out where the server is. */
  readonly #proxied: boolean;
  readonly #agents: Agents;

  constructor(access: RemoteAccess) {
    this.#access = access;
    this.#base = access.server.replace(/\/+$/, '');
    this.#host = /^https?:\/\/([^/]*)/.exec(access.server)?.[1] ?? '';
    const url = new URL(access.server);
    this.#origin = url.origin;
    const proxy = access.proxy ?? (url.protocol === 'https:' ? proxyFor(url) : undefined);
    this.#proxied = proxy !== undefined;
    this.#agents = agentsFor(access, proxy);
  }

  get server(): string {
    return this.#access.server;
  }

  async send(asked: RemoteRequest): Promise<RemoteAnswer> {
    const url = `${this.#base}${asked.path ?? ''}` || this.#base;
    const limit = timeLimit(asked);
    const startedAtMs = performance.now();
    try {
      const answer = await this.#follow({ url, method: methodOf(asked), body: asked.body }, asked, limit);
      this.#observe(asked, startedAtMs, answer);
      return answer;
    } catch (error) {
      this.#observe(asked, startedAtMs, undefined);
      throw error;
    }
  }

  /** The same with the answer's body as it comes, for as long as it comes: watches. */
  async open(asked: RemoteRequest): Promise<OpenAnswer> {
    const url = `${this.#base}${asked.path ?? ''}`;
    try {
      const sent = this.#request({ url, method: methodOf(asked), body: asked.body }, asked, asked.signal);
      const answer = await begunAnswer(sent, asked.body);
      return { code: answer.statusCode ?? 0, headers: answer.headers, body: answer };
    } catch (error) {
      throw new RemoteError(methodOf(asked), url, error, false);
    }
  }

  /** Kept connections are closed, others when their answer is read; waiting for that keeps no process alive. */
  close(): void {
    for (const agent of [this.#agents.plain, this.#agents.secure]) {
      agent.maxFreeSockets = 0;
      for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
      for (const socket of Object.values(agent.sockets).flat()) socket?.unref();
    }
  }

  #observe(asked: RemoteRequest, startedAtMs: number, answer: RemoteAnswer | undefined): void {
    this.#access.observer?.({
      host: this.#host,
      method: methodOf(asked),
      code: answer?.code,
      durationMs: performance.now() - startedAtMs,
      sentBytes: Buffer.byteLength(asked.body ?? ''),
      receivedBytes: answer?.body.length ?? 0,
    });
  }

  /** Asks until it is pointed nowhere else. */
  async #follow(first: Hop, asked: RemoteRequest, limit: TimeLimit): Promise<RemoteAnswer> {
    let hop = first;
    const failed = (url: string, error: unknown) => new RemoteError(first.method, url, error, limit.isOver());
    for (let sent = 1; ; sent++) {
      const { url } = hop;
      try {
        const answer = await this.#attempt(hop, asked, limit.signal);
        const location = asked.followRedirects === false ? undefined : locationOf(answer);
        if (location === undefined) return answer;
        if (sent === MOST_HOPS) throw failed(location, new Error(`stopped after ${MOST_HOPS} redirects`));
        hop = redirected(hop, location, answer.code);
      } catch (error) {
        throw error instanceof RemoteError ? error : failed(url, error);
      }
    }
  }

  async #attempt(hop: Hop, asked: RemoteRequest, signal: AbortSignal | undefined): Promise<RemoteAnswer> {
    for (;;) {
      const sent = this.#request(hop, asked, signal);
      try {
        const answer = await begunAnswer(sent, hop.body);
        return { code: answer.statusCode ?? 0, headers: answer.headers, body: await readBody(answer, MAX_ANSWER_BYTES) };
      } catch (error) {
        // The other side closed a kept connection just as it was taken: the request was not seen.
        if (!(sent.reusedSocket && isClosed(error as Error)) || signal?.aborted) throw error;
      }
    }
  }

  #request({ url, method, referer }: Hop, { headers, dial }: RemoteRequest, signal: AbortSignal | undefined): ClientRequest {
    const { authorization, tlsServerName } = this.#access;
    const { host, hostname, origin, protocol } = new URL(url);
    const isPlain = protocol === 'http:';
    const open = isPlain ? requestPlain : request;
    const behind = this.#proxied || origin !== this.#origin ? undefined : dial;
    return open(url, {
      method,
      agent: isPlain ? this.#agents.plain : this.#agents.secure,
      headers: {
        Host: host,
        'User-Agent': 'keelson',
        ...(authorization !== undefined && { Authorization: authorization }),
        ...headers,
        ...(referer !== undefined && { Referer: referer }),
      },
      ...(signal && { signal }),
      ...(behind && { host: behind.host, hostname: behind.host, port: behind.port, servername: tlsServerName ?? hostname }),
    });
  }
}

const keepAlive = { keepAlive: true, timeout: IDLE_MS, scheduling: 'lifo' } as const;

/** Connections by their scheme: redirects may lead from one to the other. */
interface Agents {
  readonly plain: Agent;
  readonly secure: Agent;
}

function agentsFor(access: RemoteAccess, proxy: URL | undefined): Agents {
  const dialer = proxy === undefined ? access.dialer : proxyDialer(proxy, access.dialer);
  return { plain: plainAgent(keepAlive, access.dialer), secure: secureAgent({ ...keepAlive, ...tlsOptions(access) }, dialer) };
}

function tlsOptions({ certificateAuthority, clientCertificate, clientKey, tlsServerName, insecureSkipTlsVerify }: RemoteAccess) {
  return {
    rejectUnauthorized: !insecureSkipTlsVerify,
    ...(certificateAuthority !== undefined && trusting(certificateAuthority)),
    ...(clientCertificate !== undefined && { cert: clientCertificate }),
    ...(clientKey !== undefined && { key: clientKey }),
    ...(tlsServerName !== undefined && { servername: tlsServerName }),
  };
}

function methodOf({ method, body }: RemoteRequest): string {
  return method ?? (body === undefined ? 'GET' : 'POST');
}

async function begunAnswer(sent: ClientRequest, body: string | Buffer | undefined): Promise<IncomingMessage> {
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  // After the answer has begun, its reader is told.
  sent.on('error', () => undefined);
  sent.end(body);
  return (await answered)[0];
}

/** When a request is given up. */
interface TimeLimit {
  readonly signal: AbortSignal | undefined;
  /** Whether time has passed, rather than that whoever asked went away. */
  isOver(): boolean;
}

function timeLimit({ timeoutMs, signal }: RemoteRequest): TimeLimit {
  const timeout = timeoutMs === undefined ? undefined : timeoutSignal(timeoutMs);
  const isOver = () => (signal?.aborted ? isTimeout(signal) : timeout?.aborted === true);
  return { signal: timeout && signal ? AbortSignal.any([timeout, signal]) : (timeout ?? signal), isOver };
}

/** Nothing is sent any more when no time is left. */
function timeoutSignal(ms: number): AbortSignal {
  return ms > 0 ? AbortSignal.timeout(ms) : AbortSignal.abort();
}

/** Not that whoever asked went away. */
function isTimeout({ reason }: AbortSignal): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}

/** An answer that has begun may be cut off by the same code. */
function isClosed({ code, message }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNRESET' && message !== 'aborted';
}
