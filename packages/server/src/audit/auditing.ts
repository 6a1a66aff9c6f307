import type { UserInfo } from '@keelson/machinery';
import { replyInternalError } from '../filters/internal-error.js';
import type { Filter, KeelsonContext, Outcome, RequestState } from '../http/context.js';
import type { AuditMetrics } from '../metrics/audit-metrics.js';
import { attemptedCredentials } from './attempted-credentials.js';
import { AuditTrail, type AuditTrailOptions } from './audit-trail.js';
import type { AuditBackend } from './backends/audit-backend.js';
import type { AuditPolicy } from './policy/audit-policy.js';
import { watchResponse } from './response-watch.js';

export interface AuditingOptions {
  readonly policy: AuditPolicy;
  readonly backend: AuditBackend;
  readonly metrics: AuditMetrics;
  /** What a stopping server waits at most for its last events to leave. */
  readonly flushMs?: number;
}

const FLUSH_MS = 10_000;

/**
 * Records who asks for what, and what becomes of it. A request that the policy records nothing of has no trail
 * (`state.audit`), and nothing is done for it.
 */
export class Auditing {
  readonly #options: AuditingOptions;

  constructor(options: AuditingOptions) {
    this.#options = options;
  }

  /** Comes behind authentication: events name the user. */
  readonly filter: Filter = (ctx, next) => {
    const trail = this.#begin(ctx.state, ctx.state.user);
    if (trail === undefined) return next();
    const stored = trail.received();
    if (typeof stored === 'boolean') return stored ? serve(trail, ctx, next) : this.#refuse(ctx, trail);
    return stored.then((isStored) => {
      // It may have taken until nobody waited for an answer any more.
      if (ctx.state.aborted) throw ctx.state.abortReason;
      return isStored ? serve(trail, ctx, next) : this.#refuse(ctx, trail);
    });
  };

  /** Nobody is known by the credentials of this request. */
  unauthenticated(state: RequestState): void {
    this.#begin(state, undefined, true)?.expectedMessage(attemptedCredentials(state));
  }

  /** The request cannot be served, whoever asks. */
  refused(state: RequestState, why: string): void {
    this.#begin(state, undefined, true)?.expectedMessage(why);
  }

  close(): Promise<void> {
    return this.#options.backend.close(AbortSignal.timeout(this.#options.flushMs ?? FLUSH_MS));
  }

  #begin(state: RequestState, user: UserInfo | undefined, refused = false): AuditTrail | undefined {
    const { policy, backend, metrics } = this.#options;
    const rule = policy.ruleFor(state.info, user);
    metrics.levels[rule.level].add();
    if (rule.level === 'None') return undefined;
    const options: AuditTrailOptions = { rule, backend, metrics, user, refused };
    const trail = new AuditTrail(state, options);
    state.audit = trail;
    watchResponse(state.res, trail);
    return trail;
  }

  #refuse(ctx: KeelsonContext, trail: AuditTrail): undefined {
    this.#options.metrics.rejections.add();
    trail.abandon();
    replyInternalError(ctx, 'failed to store audit event');
  }
}

function serve(trail: AuditTrail, { state }: KeelsonContext, next: () => Outcome): Outcome {
  const fail = (error: unknown): never => {
    if (isPanic(error) && !state.aborted) trail.panicked(error);
    throw error;
  };
  try {
    const outcome = next();
    return outcome === undefined ? trail.storing : outcome.then(() => trail.storing, fail);
  } catch (error) {
    return fail(error);
  }
}

/** Errors that the language throws are mistakes of ours; all others are meant. */
function isPanic(error: unknown): error is Error {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError || error instanceof SyntaxError;
}
