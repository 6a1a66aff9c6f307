import { once } from 'node:events';
import { type IncomingMessage, Agent as PlainAgent, request as requestPlain } from 'node:http';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type Status } from '@keelson/machinery';
import type { ClusterAccess } from '../kubeconfig/read-kubeconfig.js';

/** Waits between attempts: long enough together for a server to be replaced by another one. */
const BACKOFF_MS = [100, 250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000];
const ANSWER_TIMEOUT_MS = 90_000;

export interface KubeRequest {
  readonly method?: 'GET' | 'PATCH';
  /** With its query. */
  readonly path: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: string;
}

/** A client of a Kubernetes API. Requests are tried again while the server does not answer or has too much to do: they must bear it. */
export class KubeClient {
  readonly #access: ClusterAccess;
  readonly #agent: Agent | PlainAgent;
  readonly #backoffMs: readonly number[];

  constructor(access: ClusterAccess, backoffMs: readonly number[] = BACKOFF_MS) {
    this.#access = access;
    this.#backoffMs = backoffMs;
    const { server, certificateAuthority, clientCertificate, clientKey, tlsServerName, insecureSkipTlsVerify } = access;
    this.#agent = server.startsWith('http:')
      ? new PlainAgent({ keepAlive: true })
      : new Agent({
          keepAlive: true,
          rejectUnauthorized: !insecureSkipTlsVerify,
          ...(certificateAuthority !== undefined && { ca: certificateAuthority }),
          ...(clientCertificate !== undefined && { cert: clientCertificate }),
          ...(clientKey !== undefined && { key: clientKey }),
          ...(tlsServerName !== undefined && { servername: tlsServerName }),
        });
  }

  get server(): string {
    return this.#access.server;
  }

  /** The answer's JSON; throws `ApiError` for what the server refuses. */
  async json<T>(asked: KubeRequest): Promise<T> {
    for (const waitMs of this.#backoffMs) {
      try {
        return await this.#once<T>(asked);
      } catch (error) {
        if (!isPassing(error)) throw error;
        await sleep(Math.max(waitMs, retryAfterMs(error)));
      }
    }
    return this.#once<T>(asked);
  }

  close(): void {
    this.#agent.destroy();
  }

  async #once<T>(asked: KubeRequest): Promise<T> {
    const answer = await this.#send(asked);
    const body = await text(answer);
    const code = answer.statusCode ?? 0;
    if (code < 200 || code > 299) throw failure(asked, answer, body);
    return JSON.parse(body) as T;
  }

  async #send({ method = 'GET', path, accept = 'application/json', contentType, body }: KubeRequest): Promise<IncomingMessage> {
    const { server, authorization } = this.#access;
    const url = `${server.replace(/\/+$/, '')}${path}`;
    const send = url.startsWith('http:') ? requestPlain : request;
    const sent = send(url, {
      method,
      agent: this.#agent,
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      headers: {
        Accept: accept,
        'User-Agent': 'keelson',
        ...(authorization !== undefined && { Authorization: authorization }),
        ...(contentType !== undefined && { 'Content-Type': contentType }),
      },
    });
    // After the answer has begun, its reader is told.
    sent.on('error', () => undefined);
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return answer;
  }
}

/** An answer in the form of Kubernetes, or what another server on the way says. */
function failure({ method = 'GET', path }: KubeRequest, { statusCode = 0, headers }: IncomingMessage, body: string): ApiError {
  const status = statusOf(body);
  const {
    reason = '',
    message = `${method} ${path.replace(/\?.*/, '')}: ${statusCode} ${body.trim().slice(0, 200)}`.trimEnd(),
    details,
  } = status;
  const seconds = Number(headers['retry-after'] ?? details?.retryAfterSeconds);
  const error = new ApiError(statusCode, reason, message, { ...details, ...(seconds > 0 && { retryAfterSeconds: seconds }) });
  if (status.metadata?.continue !== undefined) error.status.metadata.continue = status.metadata.continue;
  return error;
}

function statusOf(body: string): Partial<Status> {
  try {
    const value = JSON.parse(body) as Partial<Status> | null;
    return value?.kind === 'Status' ? value : {};
  } catch {
    return {};
  }
}

/** What Node calls connections that break, and requests that take too long. */
const brokenConnection = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ABORT_ERR',
]);

/** Whether the same request may succeed a little later. */
function isPassing(error: unknown): boolean {
  if (error instanceof ApiError) return error.code === 429 || error.code >= 500;
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && brokenConnection.has(code);
}

function retryAfterMs(error: unknown): number {
  return error instanceof ApiError ? (error.status.details?.retryAfterSeconds ?? 0) * 1000 : 0;
}
