import { ApiError } from '../errors/api-error.js';
import { pause } from './pause.js';
import { RemoteError } from './remote-error.js';

/** How often something is tried at most, and after what pauses. */
export interface Backoff {
  readonly attempts: number;
  readonly firstPauseMs: number;
  /** Each pause is this many times as long as the one before. */
  readonly factor: number;
  /** Pauses are longer by up to this part of theirs, so that those who failed together do not come back together. */
  readonly jitter: number;
}

/** What Kubernetes uses for webhooks that say who somebody is and what they may do. */
export const reviewBackoff: Backoff = { attempts: 5, firstPauseMs: 500, factor: 1.5, jitter: 0.2 };

export interface RetryOptions {
  /** Which failures may be gone soon. */
  readonly mayPass?: (error: unknown) => boolean;
  /** Ends the pauses: nothing is tried any more. */
  readonly signal?: AbortSignal;
}

/**
 * Tries until it succeeds or fails for a reason that will stay; rejects with the last failure. Who says when to ask again is
 * heard by `askPatiently`.
 */
export async function retry<T>(
  attempt: () => Promise<T>,
  { attempts, firstPauseMs, factor, jitter }: Backoff,
  { mayPass = isTransient, signal }: RetryOptions = {},
): Promise<T> {
  let pauseMs = firstPauseMs;
  for (let left = attempts - 1; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || !mayPass(error)) throw error;
      if (!(await pause(pauseMs * (1 + Math.random() * jitter), signal))) throw error;
    }
    pauseMs *= factor;
  }
}

const TRANSIENT_REASONS: ReadonlySet<string> = new Set(['InternalError', 'ServerTimeout', 'Timeout', 'TooManyRequests']);

/** Whether what another server failed with may be gone soon: it says so, or broke the connection. */
export function isTransient(error: unknown): boolean {
  if (error instanceof RemoteError) return error.reset;
  if (!(error instanceof ApiError)) return false;
  return TRANSIENT_REASONS.has(error.reason) || (error.status.details?.retryAfterSeconds ?? 0) > 0;
}
