import type { AuthenticationOutcome, AuthenticationResult } from '@keelson/machinery';
import { anonymousUser, authenticatedGroup, unauthenticatedGroup } from './well-known.js';

/** Puts everybody who is known into the group `system:authenticated`. */
export class AuthenticatedGroupAdder {
  /** Authenticators hand out the same result for the same credential as long as they can; so does this one. */
  readonly #results = new WeakMap<AuthenticationResult, AuthenticationResult>();

  add(outcome: AuthenticationOutcome): AuthenticationOutcome {
    return outcome instanceof Promise ? outcome.then((known) => this.#addTo(known)) : this.#addTo(outcome);
  }

  #addTo(result: AuthenticationResult | undefined): AuthenticationResult | undefined {
    if (result === undefined) return undefined;
    const { name, groups } = result.user;
    if (name === anonymousUser || groups.includes(authenticatedGroup) || groups.includes(unauthenticatedGroup)) return result;
    let added = this.#results.get(result);
    if (added === undefined) {
      added = { ...result, user: { ...result.user, groups: [...groups, authenticatedGroup] } };
      this.#results.set(result, added);
    }
    return added;
  }
}
