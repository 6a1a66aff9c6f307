import type { AuthenticationOutcome, AuthenticationRequest, AuthenticationResult, Authenticator } from '@keelson/machinery';
import { anonymousUser, authenticatedGroup, unauthenticatedGroup } from './well-known.js';

/** Puts everybody whom an authenticator knows into the group `system:authenticated`. */
export class AuthenticatedGroupAdder implements Authenticator {
  readonly #authenticator: Authenticator;
  /** Authenticators hand out the same result for the same credential as long as they can; so does this one. */
  readonly #results = new WeakMap<AuthenticationResult, AuthenticationResult>();

  constructor(authenticator: Authenticator) {
    this.#authenticator = authenticator;
  }

  authenticate(request: AuthenticationRequest): AuthenticationOutcome {
    const result = this.#authenticator.authenticate(request);
    return result instanceof Promise ? result.then((known) => this.#add(known)) : this.#add(result);
  }

  #add(result: AuthenticationResult | undefined): AuthenticationResult | undefined {
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
