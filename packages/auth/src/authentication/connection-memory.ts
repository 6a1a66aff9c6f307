import type { AuthenticationOutcome, AuthenticationRequest, AuthenticationResult, Authenticator } from '@keelson/machinery';
import { tlsConnectionOf } from './tls-peer.js';

interface LastUser {
  readonly authorization: string;
  readonly result: AuthenticationResult;
  readonly freshUntilMs: number;
}

/**
 * Remembers whose the credential is that a connection has shown last: clients send the same one with every request, and
 * comparing a long token costs less than looking it up. Only for as long as the result says that it is good for.
 */
export class ConnectionMemory implements Authenticator {
  readonly #authenticator: Authenticator;
  readonly #last = new WeakMap<object, LastUser>();

  /** `authenticator` goes by the header `Authorization` alone. */
  constructor(authenticator: Authenticator) {
    this.#authenticator = authenticator;
  }

  authenticate(request: AuthenticationRequest): AuthenticationOutcome {
    const { authorization } = request.headers;
    const connection = tlsConnectionOf(request);
    if (authorization === undefined || connection === undefined) return this.#authenticator.authenticate(request);
    const last = this.#last.get(connection);
    if (last?.authorization === authorization && last.freshUntilMs > performance.now()) return last.result;
    const keep = (result: AuthenticationResult | undefined): AuthenticationResult | undefined => {
      if (result?.freshUntilMs !== undefined) this.#last.set(connection, { authorization, result, freshUntilMs: result.freshUntilMs });
      return result;
    };
    const outcome = this.#authenticator.authenticate(request);
    return outcome instanceof Promise ? outcome.then(keep) : keep(outcome);
  }
}
