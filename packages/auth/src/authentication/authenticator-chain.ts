import type { AuthenticationOutcome, AuthenticationRequest, Authenticator, TokenAuthenticator } from '@keelson/machinery';
import { AuthenticatedGroupAdder } from './authenticated-group.js';
import { BearerTokenAuthenticator, bearerToken, hasSpacedToken, userOfToken } from './bearer-token.js';
import { ConnectionMemory } from './connection-memory.js';
import { UnionAuthenticator, UnionTokenAuthenticator } from './union.js';
import { WebSocketTokenAuthenticator } from './websocket-token.js';

const SPACED_TOKEN = 'the provided Authorization header contains extra space before the bearer token, and is ignored';

export interface AuthenticatorChainOptions {
  /** Ways to know a user by the connection, by a password, or by headers that only a proxy can set: asked first. */
  readonly requests?: readonly Authenticator[];
  /** Kinds of bearer tokens, in the order in which they are tried. */
  readonly tokens?: readonly TokenAuthenticator[];
  /** `--api-audiences`: what the tokens of requests must be meant for. Empty: that is not asked. */
  readonly apiAudiences?: readonly string[];
  /** For requests without any credentials; without it they are refused. */
  readonly anonymous?: Authenticator;
}

/** A server's authenticators in upstream's order: for requests, and for the tokens that others want to know about. */
export class AuthenticatorChain implements Authenticator, TokenAuthenticator {
  readonly #requests: Authenticator;
  readonly #tokens: TokenAuthenticator;
  readonly #apiAudiences: readonly string[];
  readonly #anonymous: Authenticator | undefined;
  readonly #group = new AuthenticatedGroupAdder();

  constructor({ requests = [], tokens = [], apiAudiences = [], anonymous }: AuthenticatorChainOptions) {
    this.#tokens = new UnionTokenAuthenticator(tokens);
    this.#apiAudiences = apiAudiences;
    this.#anonymous = anonymous;
    this.#requests = new UnionAuthenticator([
      ...requests,
      new ConnectionMemory(new BearerTokenAuthenticator(this.#tokens, apiAudiences)),
      new WebSocketTokenAuthenticator(this.#tokens, apiAudiences),
    ]);
  }

  /** Bad credentials stay bad: a wrong token must give 401, and not an anonymous 403. */
  authenticate(request: AuthenticationRequest): AuthenticationOutcome {
    const outcome = this.#group.add(this.#requests.authenticate(request));
    if (outcome instanceof Promise) return outcome.then((known) => known ?? this.#nobody(request));
    return outcome ?? this.#nobody(request);
  }

  #nobody(request: AuthenticationRequest): AuthenticationOutcome {
    const outcome = this.#anonymous?.authenticate(request);
    if (outcome === undefined || outcome instanceof Promise || !hasSpacedToken(request.headers.authorization)) return outcome;
    return { ...outcome, warnings: [SPACED_TOKEN] };
  }

  /** Judges a token as that of a request; `audiences` are the API server's own when there are none. Throws when it is nobody's. */
  authenticateToken(token: string, audiences: readonly string[]): AuthenticationOutcome {
    const asSent = bearerToken(`Bearer ${token}`) ?? '';
    return this.#group.add(userOfToken(this.#tokens, asSent, audiences.length === 0 ? this.#apiAudiences : audiences));
  }
}
