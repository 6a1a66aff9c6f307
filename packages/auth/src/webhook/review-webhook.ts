import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, formatGroupVersion, type RemoteAnswer, RemoteError, type RemoteServer } from '@keelson/machinery';
import { type AnswerScheme, decodeAnswer, type KindSchema } from '@keelson/schema';
import { type Backoff, waitsMs, webhookBackoff } from './backoff.js';

export interface ReviewWebhookOptions<T extends object> {
  readonly server: RemoteServer;
  /** In which version reviews are sent and expected. */
  readonly kind: KindSchema<T>;
  readonly scheme: AnswerScheme;
  readonly backoff?: Backoff;
  /** For one answer, from the connection to its last byte. */
  readonly timeoutMs?: number;
}

const ANSWER_TIMEOUT_MS = 30_000;

/** Asks another server for reviews: whose a token is, whether a request may be made. Tries again what may go better then. */
export class ReviewWebhook<T extends object> {
  readonly #options: ReviewWebhookOptions<T>;
  readonly #typeMeta: { readonly kind: string; readonly apiVersion: string };

  constructor(options: ReviewWebhookOptions<T>) {
    this.#options = options;
    this.#typeMeta = { kind: options.kind.kind, apiVersion: formatGroupVersion(options.kind) };
  }

  /** The review that is answered with, which may be nearly empty. Throws the last failure. */
  async ask(review: T, signal: AbortSignal): Promise<T> {
    const body = JSON.stringify({ ...this.#typeMeta, ...review });
    for (const waitMs of waitsMs(this.#options.backoff ?? webhookBackoff)) {
      try {
        return await this.#attempt(body, signal);
      } catch (error) {
        if (!isPassing(error) || !(await isOver(Math.max(waitMs, retryAfterMs(error)), signal))) throw error;
      }
    }
    return this.#attempt(body, signal);
  }

  async #attempt(body: string, signal: AbortSignal): Promise<T> {
    const { server, kind, scheme, timeoutMs = ANSWER_TIMEOUT_MS } = this.#options;
    const headers = { Accept: 'application/json, */*', 'Content-Type': 'application/json' };
    const answer = await server.send({ body, headers, timeoutMs, signal });
    try {
      return decodeAnswer(answer, kind, scheme).object;
    } catch (error) {
      throw withRetryAfter(error, answer);
    }
  }
}

/** False when there is no time left. */
async function isOver(waitMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(waitMs, undefined, { signal, ref: false });
    return true;
  } catch {
    return false;
  }
}

/** Whether the same may succeed a little later: the connection broke, or the other server says so. */
function isPassing(error: unknown): boolean {
  if (error instanceof RemoteError) return error.code === 'ECONNRESET' || error.code === 'EPIPE';
  if (!(error instanceof ApiError)) return false;
  const { reason = '' } = error.status;
  return ['InternalError', 'Timeout', 'TooManyRequests'].includes(reason) || error.code === 429 || retryAfterMs(error) > 0;
}

function retryAfterMs(error: unknown): number {
  return error instanceof ApiError ? (error.status.details?.retryAfterSeconds ?? 0) * 1000 : 0;
}

/** The header says it where the body does not. */
function withRetryAfter(error: unknown, { headers }: RemoteAnswer): unknown {
  const seconds = Number(headers['retry-after']);
  if (!(error instanceof ApiError) || !(seconds > 0) || retryAfterMs(error) > 0) return error;
  const { reason = '', details } = error.status;
  return new ApiError(error.code, reason, error.message, { ...details, retryAfterSeconds: seconds }, { cause: error });
}
