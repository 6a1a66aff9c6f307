import { hash } from 'node:crypto';
import {
  ApiError,
  type AuthorizationAttributes,
  type AuthorizationDecision,
  type Authorizer,
  type Backoff,
  ExpiringLruMap,
  RemoteError,
  retry,
  reviewBackoff,
} from '@keelson/machinery';
import type { authorization } from '@keelson/schema';
import type { WebhookConfiguration } from '../configuration/authorizer-configuration.js';
import { reviewSpec } from './review-spec.js';

type Spec = authorization.v1.SubjectAccessReviewSpec;
type Status = authorization.v1.SubjectAccessReviewStatus;

/** Who is asked. Rejects when there is no answer, or none that says anything. */
export interface AccessReviewer {
  review(spec: Spec, signal: AbortSignal): Promise<Status>;
}

/** Whether a webhook is asked about something at all. Throws when that cannot be said. */
export interface MatchConditions {
  match(spec: Spec): boolean;
}

/** Told what comes of asking, for metrics. */
export interface WebhookObserver {
  /** Of one attempt. */
  onEvaluation(result: WebhookResult, durationMs: number): void;
  /** That others decide, for want of an answer. */
  onFailOpen(result: WebhookResult): void;
}

export type WebhookResult = 'success' | 'timeout' | 'error';

export interface WebhookAuthorizerOptions extends Pick<WebhookConfiguration, 'authorizedTtlMs' | 'unauthorizedTtlMs' | 'onFailure'> {
  readonly reviewer: AccessReviewer;
  readonly conditions?: MatchConditions;
  readonly observer: WebhookObserver;
  readonly backoff?: Backoff;
}

const MAX_ENTRIES = 8192;
/** For all attempts together: requests wait for them, and hardly any longer than this. */
const DECISION_TIMEOUT_MS = 60_000;

/**
 * `--authorization-mode=Webhook`: asks another server by a SubjectAccessReview, and keeps its answers for a while.
 * Requests that ask the same at the same time wait for one answer.
 */
export class WebhookAuthorizer implements Authorizer {
  readonly #options: WebhookAuthorizerOptions;
  readonly #cache = new ExpiringLruMap<string, AuthorizationDecision>(MAX_ENTRIES);
  readonly #underWay = new Map<string, Promise<AuthorizationDecision>>();

  constructor(options: WebhookAuthorizerOptions) {
    this.#options = options;
  }

  authorize(attributes: AuthorizationAttributes): Promise<AuthorizationDecision> | AuthorizationDecision {
    const spec = reviewSpec(attributes);
    try {
      if (this.#options.conditions?.match(spec) === false) return noOpinion;
    } catch (error) {
      return { decision: this.#options.onFailure, error };
    }
    // Keys are of one length, however much a client makes of its request.
    const key = hash('sha256', JSON.stringify(spec), 'base64');
    return this.#cache.get(key) ?? this.#underWay.get(key) ?? this.#share(key, spec);
  }

  #share(key: string, spec: Spec): Promise<AuthorizationDecision> {
    const decision = this.#decide(key, spec).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, decision);
    return decision;
  }

  async #decide(key: string, spec: Spec): Promise<AuthorizationDecision> {
    const { authorizedTtlMs, unauthorizedTtlMs, onFailure, observer, backoff = reviewBackoff } = this.#options;
    try {
      const signal = AbortSignal.timeout(DECISION_TIMEOUT_MS);
      const status = await retry(() => this.#ask(spec, signal), backoff, { signal });
      const decision = decisionOf(status);
      this.#cache.set(key, decision, status.allowed ? authorizedTtlMs : unauthorizedTtlMs);
      return decision;
    } catch (error) {
      if (onFailure === 'noOpinion') observer.onFailOpen(resultOf(error));
      return { decision: onFailure, error };
    }
  }

  async #ask(spec: Spec, signal: AbortSignal): Promise<Status> {
    const { reviewer, observer } = this.#options;
    const begunAtMs = performance.now();
    try {
      const status = await reviewer.review(spec, signal);
      observer.onEvaluation('success', performance.now() - begunAtMs);
      return status;
    } catch (error) {
      observer.onEvaluation(resultOf(error), performance.now() - begunAtMs);
      throw error;
    }
  }
}

const noOpinion: AuthorizationDecision = { decision: 'noOpinion' };

function decisionOf({ allowed, denied, reason }: Status): AuthorizationDecision {
  const told = reason ? { reason } : {};
  if (allowed && denied)
    return { decision: 'deny', ...told, error: new Error('webhook subject access review returned both allow and deny response') };
  if (denied) return { decision: 'deny', ...told };
  return { decision: allowed ? 'allow' : 'noOpinion', ...told };
}

function resultOf(error: unknown): WebhookResult {
  const isLate = error instanceof RemoteError ? error.timedOut : error instanceof ApiError && error.code === 504;
  return isLate ? 'timeout' : 'error';
}
