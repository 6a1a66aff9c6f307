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

  authenticateToken(token: string, audiences: readonly string[]): AuthenticationOutcome {
    return firstMatch(this.#authenticators, (authenticator) => authenticator.authenticateToken(token, audiences));
  }
}
