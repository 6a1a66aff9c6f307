import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../errors/api-error.js';
import type { Status } from '../errors/status.js';
import type { KubeObject } from '../meta/object.js';
import type { RemoteAccess } from './remote-access.js';
import { RemoteError } from './remote-error.js';
import { type RemoteAnswer, RemoteServer } from './remote-server.js';

/** Waits between attempts: long enough together for a server to be replaced by another one. */
const BACKOFF_MS = [100, 250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000];
const ANSWER_TIMEOUT_MS = 90_000;

export interface KubeRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: string;
  /** Ends it, and the attempts that would follow. */
  readonly signal?: AbortSignal;
}

export type PatchType = 'json-patch+json' | 'merge-patch+json' | 'strategic-merge-patch+json' | 'apply-patch+yaml';

export interface WatchedEvent<T extends KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: T;
}

/** What a request for an object gives; undefined when there is no such object. */
export async function unlessAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  }
}

/** A client of a Kubernetes API. Requests are tried again while the server does not answer or has too much to do: they must bear it. */
export class KubeClient {
  readonly #remote: RemoteServer;
  readonly #backoffMs: readonly number[];

  constructor(access: RemoteAccess, backoffMs: readonly number[] = BACKOFF_MS) {
    this.#remote = new RemoteServer(access);
    this.#backoffMs = backoffMs;
  }

  get server(): string {
    return this.#remote.server;
  }

  /** The answer's JSON; throws `ApiError` for what the server refuses. */
  async json<T>(asked: KubeRequest): Promise<T> {
    for (const waitMs of this.#backoffMs) {
      try {
        return await this.#once<T>(asked);
      } catch (error) {
        if (!isPassing(error) || asked.signal?.aborted) throw error;
        await sleep(Math.max(waitMs, retryAfterMs(error)), undefined, { ...(asked.signal && { signal: asked.signal }) });
      }
    }
    return this.#once<T>(asked);
  }

  get<T>(path: string): Promise<T> {
    return this.json<T>({ path });
  }

  /** The same for what may be absent. */
  find<T>(path: string): Promise<T | undefined> {
    return unlessAbsent(this.get<T>(path));
  }

  /** Bodies are sent as JSON. */
  post<T>(path: string, body: object): Promise<T> {
    return this.json<T>({ method: 'POST', path, contentType: 'application/json', body: JSON.stringify(body) });
  }

  put<T>(path: string, body: object): Promise<T> {
    return this.json<T>({ method: 'PUT', path, contentType: 'application/json', body: JSON.stringify(body) });
  }

  /** `kind`: `merge-patch+json` unless it says otherwise. */
  patch<T>(path: string, body: object, kind: PatchType = 'merge-patch+json'): Promise<T> {
    return this.json<T>({ method: 'PATCH', path, contentType: `application/${kind}`, body: JSON.stringify(body) });
  }

  delete<T>(path: string): Promise<T> {
    return this.json<T>({ method: 'DELETE', path });
  }

  /** The events of a watch until it ends or `signal` is aborted; throws `ApiError` for what the server refuses or ends it with. */
  async *watch<T extends KubeObject>(path: string, signal: AbortSignal): AsyncGenerator<WatchedEvent<T>> {
    const { code, headers, body } = await this.#remote.open({ path, headers: { Accept: 'application/json' }, signal });
    // Reading tells of failures, too.
    body.on('error', () => undefined);
    if (code !== 200) throw failure({ path }, { code, headers, body: await buffer(body) });
    for await (const line of createInterface({ input: body, crlfDelay: Number.POSITIVE_INFINITY })) {
      const event = JSON.parse(line) as WatchedEvent<T> | { readonly type: 'ERROR'; readonly object: Status };
      if (event.type === 'ERROR') throw new ApiError(event.object.code ?? 500, event.object.reason ?? '', event.object.message ?? '');
      yield event;
    }
  }

  /** What the server says of itself at this moment. */
  async isReady(): Promise<boolean> {
    try {
      return (await this.#remote.send({ path: '/readyz', timeoutMs: ANSWER_TIMEOUT_MS })).code === 200;
    } catch {
      return false;
    }
  }

  close(): void {
    this.#remote.close();
  }

  async #once<T>(asked: KubeRequest): Promise<T> {
    const { method = 'GET', path, accept = 'application/json', contentType, body, signal } = asked;
    const answer = await this.#remote.send({
      method,
      path,
      timeoutMs: ANSWER_TIMEOUT_MS,
      headers: { Accept: accept, ...(contentType !== undefined && { 'Content-Type': contentType }) },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
    if (answer.code < 200 || answer.code > 299) throw failure(asked, answer);
    return JSON.parse(answer.body.toString()) as T;
  }
}

/** An answer in the form of Kubernetes, or what another server on the way says. */
function failure({ method = 'GET', path }: KubeRequest, answer: RemoteAnswer): ApiError {
  const { code, headers } = answer;
  const body = answer.body.toString();
  const status = statusOf(body);
  const {
    reason = '',
    message = `${method} ${path.replace(/\?.*/, '')}: ${code} ${body.trim().slice(0, 200)}`.trimEnd(),
    details,
  } = status;
  const seconds = Number(headers['retry-after'] ?? details?.retryAfterSeconds);
  const error = new ApiError(code, reason, message, { ...details, ...(seconds > 0 && { retryAfterSeconds: seconds }) });
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

/** What Node calls connections that break. */
const brokenConnection = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);

/** Whether the same request may succeed a little later. */
function isPassing(error: unknown): boolean {
  if (error instanceof ApiError) return error.code === 429 || error.code >= 500;
  return error instanceof RemoteError && (error.timedOut || brokenConnection.has(error.code ?? ''));
}

function retryAfterMs(error: unknown): number {
  return error instanceof ApiError ? (error.status.details?.retryAfterSeconds ?? 0) * 1000 : 0;
}
