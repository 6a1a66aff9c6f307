import type {
  AuthenticationOutcome,
  AuthenticationRequest,
  AuthenticationResult,
  Authenticator,
  TokenAuthenticator,
} from '@keelson/machinery';

/** Reads `Authorization: Bearer …`. A token that nobody knows is a failure, not an absence. */
export class BearerTokenAuthenticator implements Authenticator {
  readonly #tokens: TokenAuthenticator;

  constructor(tokens: TokenAuthenticator) {
    this.#tokens = tokens;
  }

  authenticate(request: AuthenticationRequest): AuthenticationOutcome {
    const token = bearerToken(request.headers.authorization);
    return token === undefined ? undefined : knownOnly(this.#tokens.authenticateToken(token));
  }
}

function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const [scheme = '', token = ''] = authorization.trim().split(' ');
  return scheme.toLowerCase() === 'bearer' && token !== '' ? token : undefined;
}

/** Makes of "nobody knows this token" the failure that it is for a request. */
export function knownOnly(result: AuthenticationOutcome): Promise<AuthenticationResult> | AuthenticationResult {
  return result instanceof Promise ? result.then(orInvalid) : orInvalid(result);
}

function orInvalid(result: AuthenticationResult | undefined): AuthenticationResult {
  if (result === undefined) throw new Error('invalid bearer token');
  return result;
}
