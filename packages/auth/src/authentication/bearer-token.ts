import {
  type AuthenticationOutcome,
  type AuthenticationRequest,
  type AuthenticationResult,
  type Authenticator,
  headerText,
  type TokenAuthenticator,
} from '@keelson/machinery';
import { combinedFailure } from './combined-failure.js';

/** Reads `Authorization: Bearer …`. A token that nobody knows is a failure, not an absence. */
export class BearerTokenAuthenticator implements Authenticator {
  readonly #tokens: TokenAuthenticator;
  readonly #audiences: readonly string[];

  constructor(tokens: TokenAuthenticator, audiences: readonly string[] = []) {
    this.#tokens = tokens;
    this.#audiences = audiences;
  }

  authenticate(request: AuthenticationRequest): AuthenticationOutcome {
    const token = bearerToken(request.headers.authorization);
    return token === undefined ? undefined : userOfToken(this.#tokens, token, this.#audiences);
  }
}

export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const [scheme = '', token = ''] = headerText(authorization).trim().split(' ');
  return scheme.toLowerCase() === 'bearer' && token !== '' ? token : undefined;
}

/** Whether a token stands where none is looked for. */
export function hasSpacedToken(authorization = ''): boolean {
  return /^\s*bearer {2}/i.test(authorization);
}

/** Asks whose a token is. Throws when it is nobody's; then what is wrong with it comes after the words that clients know. */
export function userOfToken(
  tokens: TokenAuthenticator,
  token: string,
  audiences: readonly string[],
): Promise<AuthenticationResult> | AuthenticationResult {
  let outcome: AuthenticationOutcome;
  try {
    outcome = tokens.authenticateToken(token, audiences);
  } catch (error) {
    return refuse(error);
  }
  return outcome instanceof Promise ? outcome.then(orInvalid, refuse) : orInvalid(outcome);
}

function orInvalid(result: AuthenticationResult | undefined): AuthenticationResult {
  return result ?? refuse();
}

function refuse(...why: unknown[]): never {
  throw combinedFailure([new Error('invalid bearer token'), ...why]);
}
