import { hash } from 'node:crypto';
import type { AuthenticationResult, TokenAuthenticator } from '@keelson/machinery';
import type { JwtAuthenticator } from './jwt-authenticator.js';
import { unverifiedToken } from './unverified.js';

/** Told how long it took to find out whose a token is, by a hash of the issuer: `sha256:…`. */
export type OnJwt = (issuerHash: string, result: 'success' | 'failure', durationMs: number) => void;

interface Member {
  readonly authenticator: JwtAuthenticator;
  readonly issuerHash: string;
}

function memberOf(authenticator: JwtAuthenticator): Member {
  return { authenticator, issuerHash: `sha256:${hash('sha256', authenticator.issuer)}` };
}

/** Knows the ID tokens of several issuers, which can be replaced by others while the server runs. */
export class JwtAuthenticators implements TokenAuthenticator {
  readonly #onJwt: OnJwt;
  #byIssuer: ReadonlyMap<unknown, Member> = new Map();

  constructor(onJwt: OnJwt = () => undefined) {
    this.#onJwt = onJwt;
  }

  /** Gives back those that were used until now: requests under way may still use them. */
  use(authenticators: readonly JwtAuthenticator[]): readonly JwtAuthenticator[] {
    const before = [...this.#byIssuer.values()].map(({ authenticator }) => authenticator);
    this.#byIssuer = new Map(authenticators.map((authenticator) => [authenticator.issuer, memberOf(authenticator)]));
    return before;
  }

  authenticateToken(token: string): Promise<AuthenticationResult> | undefined {
    if (this.#byIssuer.size === 0) return undefined;
    const unverified = unverifiedToken(token);
    if (unverified === undefined) return undefined;
    const { iss } = unverified.claims;
    // Google's tokens may leave the scheme out.
    const member = this.#byIssuer.get(iss === 'accounts.google.com' ? 'https://accounts.google.com' : iss);
    return member && this.#timed(member.issuerHash, member.authenticator.authenticate(token, unverified));
  }

  async #timed(issuerHash: string, pending: Promise<AuthenticationResult>): Promise<AuthenticationResult> {
    const begunAtMs = performance.now();
    try {
      const result = await pending;
      this.#onJwt(issuerHash, 'success', performance.now() - begunAtMs);
      return result;
    } catch (error) {
      this.#onJwt(issuerHash, 'failure', performance.now() - begunAtMs);
      throw error;
    }
  }
}
