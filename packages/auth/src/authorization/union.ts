import type { AuthorizationAttributes, AuthorizationDecision, Authorizer } from '@keelson/machinery';

/**
 * Authorizers in the order in which they are asked; the first that allows or denies wins. Nobody's opinion keeps the
 * reasons that were given. An authorizer that fails has no opinion, but its failure is thrown when nobody has one.
 */
export class UnionAuthorizer implements Authorizer {
  readonly #authorizers: readonly Authorizer[];

  constructor(authorizers: readonly Authorizer[]) {
    this.#authorizers = authorizers;
  }

  authorize(attributes: AuthorizationAttributes): Promise<AuthorizationDecision> | AuthorizationDecision {
    const opinions = new Opinions();
    for (let i = 0; i < this.#authorizers.length; i++) {
      const decision = opinions.ask(this.#authorizers[i], attributes);
      if (decision instanceof Promise) return this.#authorizeRest(attributes, i + 1, decision, opinions);
      if (opinions.settledBy(decision)) return decision;
    }
    return opinions.none();
  }

  async #authorizeRest(
    attributes: AuthorizationAttributes,
    next: number,
    pending: Promise<AuthorizationDecision | undefined>,
    opinions: Opinions,
  ): Promise<AuthorizationDecision> {
    let decision = await pending;
    for (let i = next; ; i++) {
      if (opinions.settledBy(decision)) return decision;
      if (i >= this.#authorizers.length) return opinions.none();
      decision = await opinions.ask(this.#authorizers[i], attributes);
    }
  }
}

/** What was said so far. */
class Opinions {
  readonly #reasons: string[] = [];
  readonly #failures: unknown[] = [];

  /** Undefined when the authorizer fails. */
  ask(
    authorizer: Authorizer | undefined,
    attributes: AuthorizationAttributes,
  ): Promise<AuthorizationDecision | undefined> | AuthorizationDecision | undefined {
    try {
      const decision = authorizer?.authorize(attributes);
      return decision instanceof Promise ? decision.catch((error: unknown) => this.#failed(error)) : decision;
    } catch (error) {
      return this.#failed(error);
    }
  }

  settledBy(decision: AuthorizationDecision | undefined): decision is AuthorizationDecision {
    if (decision === undefined) return false;
    if (decision.decision !== 'noOpinion') return true;
    if (decision.reason) this.#reasons.push(decision.reason);
    return false;
  }

  none(): AuthorizationDecision {
    if (this.#failures.length === 1) throw this.#failures[0];
    if (this.#failures.length > 1) throw new AggregateError(this.#failures, 'several authorizers failed');
    return this.#reasons.length === 0 ? { decision: 'noOpinion' } : { decision: 'noOpinion', reason: this.#reasons.join('\n') };
  }

  #failed(error: unknown): undefined {
    this.#failures.push(error);
    return undefined;
  }
}
