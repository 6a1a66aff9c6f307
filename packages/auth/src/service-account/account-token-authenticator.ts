import { type AuthenticationResult, aggregate, quote, quoteList, type TokenAuthenticator, type UserInfo } from '@keelson/machinery';
import { compactVerify } from 'jose';
import { type Claims, parseClaims, unverifiedToken } from '../jwt/unverified.js';
import { type RegisteredClaims, registeredClaims } from './token-claims.js';
import type { OnTokenUse } from './token-use.js';
import type { TokenKeys, VerificationKey } from './verification-keys.js';

/** Finds out whose a token is that one of the keys has signed. */
export interface AccountTokenValidator {
  /** Throws when the token is not good any more. */
  validate(token: string, registered: RegisteredClaims, claims: Claims): Promise<ValidatedAccount>;
}

export type ValidatedAccount = Pick<AuthenticationResult, 'annotations' | 'warnings'> & { readonly user: UserInfo };

export interface AccountTokenOptions {
  /** Who may have issued a token. */
  readonly issuers: readonly string[];
  readonly keys: TokenKeys;
  /** `--api-audiences`: those of tokens that name none, and those wanted when nobody says which. */
  readonly apiAudiences: readonly string[];
  readonly validator: AccountTokenValidator;
  readonly onUse?: OnTokenUse | undefined;
}

/** What Kubernetes says of every signature that does not fit, whatever is wrong with it. */
const badSignature = 'go-jose/go-jose: error in cryptographic primitive';

/** Knows the tokens of service accounts: JSON Web Tokens of certain issuers, signed with one of certain keys. */
export class AccountTokenAuthenticator implements TokenAuthenticator {
  readonly #issuers: ReadonlySet<string>;
  readonly #keys: TokenKeys;
  readonly #apiAudiences: readonly string[];
  readonly #validator: AccountTokenValidator;
  readonly #onUse: OnTokenUse | undefined;

  constructor({ issuers, keys, apiAudiences, validator, onUse }: AccountTokenOptions) {
    this.#issuers = new Set(issuers);
    this.#keys = keys;
    this.#apiAudiences = apiAudiences;
    this.#validator = validator;
    this.#onUse = onUse;
  }

  /** Nothing is waited for where the token says that it is somebody else's. */
  authenticateToken(token: string, audiences: readonly string[]): Promise<AuthenticationResult> | undefined {
    const unverified = unverifiedToken(token);
    const issuer = unverified?.claims.iss;
    if (unverified === undefined || typeof issuer !== 'string' || !this.#issuers.has(issuer)) return undefined;
    const { kid } = unverified.header;
    const keys = this.#keys.named(typeof kid === 'string' ? kid : undefined);
    return this.#authenticate(token, keys, audiences.length === 0 ? this.#apiAudiences : audiences);
  }

  async #authenticate(token: string, keys: ReturnType<TokenKeys['named']>, wanted: readonly string[]): Promise<AuthenticationResult> {
    const claims = await verifiedClaims(token, await keys);
    const registered = registeredClaims(claims);
    if (!this.#issuers.has(registered.issuer)) throw new Error(`token issuer ${quote(registered.issuer)} is invalid`);
    const namesNone = registered.audiences.length === 0;
    if (namesNone) this.#onUse?.('legacy');
    const tokenAudiences = namesNone ? this.#apiAudiences : registered.audiences;
    const audiences = tokenAudiences.filter((audience) => wanted.includes(audience));
    if (audiences.length === 0 && this.#apiAudiences.length > 0) {
      throw new Error(`token audiences ${quoteList(tokenAudiences)} is invalid for the target audiences ${quoteList(wanted)}`);
    }
    const { annotations, ...account } = await this.#validator.validate(token, registered, claims);
    const legacy = namesNone ? { 'authentication.k8s.io/legacy-token': registered.subject } : undefined;
    return { ...account, audiences, ...((legacy || annotations) && { annotations: { ...legacy, ...annotations } }) };
  }
}

async function verifiedClaims(token: string, keys: readonly VerificationKey[]): Promise<Claims> {
  if (keys.length === 0) throw new Error('invalid signature, no keys found');
  const failures: string[] = [];
  for (const { key, algorithms } of keys) {
    try {
      const { payload } = await compactVerify(token, key, { algorithms: [...algorithms] });
      const claims = parseClaims(payload);
      if (claims !== undefined) return claims;
      failures.push('the payload is no set of claims');
    } catch {
      failures.push(badSignature);
    }
  }
  throw new Error(aggregate(failures));
}
