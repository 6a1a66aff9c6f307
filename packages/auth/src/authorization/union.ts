import { type AuthorizationAttributes, type AuthorizationDecision, type Authorizer, aggregate } from '@keelson/machinery';

/**
 * Authorizers in the order in which they are asked; the first that allows or denies wins. Nobody's opinion keeps the
 * reasons that were given, and what went wrong with those who were asked.
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
  readonly #errors: unknown[] = [];

  ask(
    authorizer: Authorizer | undefined,
    attributes: AuthorizationAttributes,
  ): Promise<AuthorizationDecision | undefined> | AuthorizationDecision | undefined {
    try {
      const decision = authorizer?.authorize(attributes);
      return decision instanceof Promise ? decision.catch(failed) : decision;
    } catch (error) {
      return failed(error);
    }
  }

  settledBy(decision: AuthorizationDecision | undefined): decision is AuthorizationDecision {
    if (decision === undefined) return false;
    if (decision.decision !== 'noOpinion') return true;
    if (decision.reason) this.#reasons.push(decision.reason);
    if (decision.error !== undefined) this.#errors.push(decision.error);
    return false;
  }

  none(): AuthorizationDecision {
    if (this.#reasons.length === 0 && this.#errors.length === 0) return noOpinion;
    return {
      decision: 'noOpinion',
      ...(this.#reasons.length > 0 && { reason: this.#reasons.join('\n') }),
      ...(this.#errors.length > 0 && { error: together(this.#errors) }),
    };
  }
}

const noOpinion: AuthorizationDecision = { decision: 'noOpinion' };

function failed(error: unknown): AuthorizationDecision {
  return { decision: 'noOpinion', error };
}

function together(errors: readonly unknown[]): unknown {
  if (errors.length === 1) return errors[0];
  return new AggregateError(errors, aggregate(errors.map((error) => (error instanceof Error ? error.message : String(error)))));
}
