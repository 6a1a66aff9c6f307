import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';

/** Who makes a request. */
export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export interface AuthenticationResult {
  readonly user: UserInfo;
  /** Of the audiences that were asked for, those the credential is meant for. Absent where nobody asked or it cannot tell. */
  readonly audiences?: readonly string[];
  /** What the audit events of the request are to tell of the credential, by key. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** What the sender is to be warned of. */
  readonly warnings?: readonly string[];
  /** `performance.now()` until which the same credential may be taken for this without asking again. Absent: it is to be asked. */
  readonly freshUntilMs?: number;
}

/** A request whose sender is to be found out. */
export type AuthenticationRequest = IncomingMessage | Http2ServerRequest;

/** Undefined: nobody known. A promise only where something must be waited for. */
export type AuthenticationOutcome = Promise<AuthenticationResult | undefined> | AuthenticationResult | undefined;

/**
 * One way to tell who makes a request. Undefined: this credential is not present, ask the next. Throws when the
 * credential is present and bad; the reason is logged, the client sees only 401.
 */
export interface Authenticator {
  authenticate(request: AuthenticationRequest): AuthenticationOutcome;
}

/**
 * One way to tell whose a bearer token is: for requests, and for TokenReview. Undefined: not a token of this kind, ask
 * the next. Throws when it is one and is bad.
 */
export interface TokenAuthenticator {
  /** `audiences`: the token must be meant for one of them; the result says for which. None: whom it is meant for does not matter. */
  authenticateToken(token: string, audiences: readonly string[]): AuthenticationOutcome;
}
