import type { AuthenticationOutcome, AuthenticationRequest, Authenticator, TokenAuthenticator } from '@keelson/machinery';
import { firstMatch } from './first-match.js';

/** Authenticators in the order in which they are asked; the first that knows the user wins. */
export class UnionAuthenticator implements Authenticator {
  readonly #authenticators: readonly Authenticator[];

  constructor(authenticators: readonly Authenticator[]) {
    this.#authenticators = authenticators;
  }

  authenticate(request: AuthenticationRequest): AuthenticationOutcome {
    return firstMatch(this.#authenticators, (authenticator) => authenticator.authenticate(request));
  }
}

/** Kinds of tokens in the order in which they are tried; the first that knows the token wins. */
export class UnionTokenAuthenticator implements TokenAuthenticator {
  readonly #authenticators: readonly TokenAuthenticator[];

  constructor(authenticators: readonly TokenAuthenticator[]) {
    this.#authenticators = authenticators;
  }

  authenticateToken(token: string): AuthenticationOutcome {
    return firstMatch(this.#authenticators, (authenticator) => authenticator.authenticateToken(token));
  }
}

/**
 * Asks the second only when the first finds no credentials at all. Bad credentials stay bad: a wrong token must give
 * 401, and not an anonymous 403.
 */
export class FallbackAuthenticator implements Authenticator {
  readonly #first: Authenticator;
  readonly #fallback: Authenticator;

  constructor(first: Authenticator, fallback: Authenticator) {
    this.#first = first;
    this.#fallback = fallback;
  }

  authenticate(request: AuthenticationRequest): AuthenticationOutcome {
    const result = this.#first.authenticate(request);
    if (result instanceof Promise) return result.then((known) => known ?? this.#fallback.authenticate(request));
    return result ?? this.#fallback.authenticate(request);
  }
}
