import { type AuthenticationResult, type Log, quote, type UserInfo } from '@keelson/machinery';
import { credentialIdKey } from '../authentication/well-known.js';
import type { JwtAuthenticatorConfiguration } from './authentication-configuration.js';
import { flagClaim, textClaim, textsClaim } from './claim-values.js';
import { credentialIdOf } from './credential-id.js';
import { DistributedClaim } from './distributed-claim.js';
import { verifyIdToken } from './id-token-verifier.js';
import { Issuer } from './issuer.js';
import { IssuerClient } from './issuer-client.js';
import type { Claims, UnverifiedToken } from './unverified.js';

export interface JwtAuthenticatorOptions {
  /** Names of RFC 7518. */
  readonly algorithms: readonly string[];
  readonly log: Log;
}

/** Knows the ID tokens of one issuer. The configuration must be valid. */
export class JwtAuthenticator {
  readonly #mappings: NonNullable<JwtAuthenticatorConfiguration['claimMappings']>;
  readonly #requiredClaims: readonly (readonly [claim: string, value: string])[];
  readonly #audiences: readonly string[];
  readonly #algorithms: readonly string[];
  readonly #client: IssuerClient;
  readonly #issuer: Issuer;
  /** Groups may be too many for a token. */
  readonly #distributedGroups: DistributedClaim | undefined;

  constructor(configuration: JwtAuthenticatorConfiguration, { algorithms, log }: JwtAuthenticatorOptions) {
    const { issuer = {}, claimMappings = {}, claimValidationRules = [] } = configuration;
    const { url = '', discoveryURL = '', audiences = [], certificateAuthority = '' } = issuer;
    this.#mappings = claimMappings;
    this.#requiredClaims = claimValidationRules.flatMap(({ claim = '', requiredValue = '' }) =>
      claim === '' ? [] : [[claim, requiredValue] as const],
    );
    this.#audiences = audiences;
    this.#algorithms = algorithms;
    this.#client = new IssuerClient(certificateAuthority || undefined);
    this.#issuer = new Issuer({ url, discoveryUrl: discoveryURL || undefined, client: this.#client, log });
    const claim = claimMappings.groups?.claim ?? '';
    if (claim !== '') this.#distributedGroups = new DistributedClaim({ claim, client: this.#client, audiences, algorithms, log });
  }

  get issuer(): string {
    return this.#issuer.url;
  }

  /** Why it knows no tokens, or not yet. */
  get problem(): Error | undefined {
    return this.#issuer.problem;
  }

  /** For tokens that say they are of this issuer. Throws when it is not true, or they are bad. */
  async authenticate(token: string, unverified: UnverifiedToken): Promise<AuthenticationResult> {
    const { keys, url } = this.#issuer;
    if (keys === undefined) throw new Error('oidc: authenticator not initialized');
    const rules = { issuer: url, audiences: this.#audiences, algorithms: this.#algorithms };
    const verified = await attempt(verifyIdToken(token, unverified, keys, rules), 'oidc: verify token');
    const claims = this.#distributedGroups
      ? await attempt(this.#distributedGroups.expand(verified), 'oidc: could not expand distributed claims')
      : verified;
    const user = this.#userOf(claims);
    this.#checkRequired(claims);
    return { user };
  }

  close(): void {
    this.#issuer.close();
    this.#distributedGroups?.close();
    this.#client.close();
  }

  #userOf(claims: Claims): UserInfo {
    const { uid = {} } = this.#mappings;
    const name = this.#nameOf(claims);
    const groups = this.#groupsOf(claims);
    const id = uid.claim ? read(() => textClaim(claims, uid.claim as string), `oidc: parse uid claim ${quote(uid.claim)}`) : '';
    const credential = credentialOf(claims);
    return {
      name,
      ...(id !== '' && { uid: id }),
      groups,
      ...(credential !== undefined && { extra: { [credentialIdKey]: [credential] } }),
    };
  }

  #nameOf(claims: Claims): string {
    const { claim = '', prefix = '' } = this.#mappings.username ?? {};
    const name = read(() => textClaim(claims, claim), `oidc: parse username claims ${quote(claim)}`);
    // Everybody can say that an address is theirs.
    if (claim === 'email' && Object.hasOwn(claims, 'email_verified')) {
      const isVerified = read(() => flagClaim(claims, 'email_verified'), "oidc: parse 'email_verified' claim");
      if (!isVerified) throw new Error('oidc: email not verified');
    }
    return prefix + name;
  }

  #groupsOf(claims: Claims): readonly string[] {
    const { claim = '', prefix = '' } = this.#mappings.groups ?? {};
    if (claim === '' || !Object.hasOwn(claims, claim)) return [];
    const groups = read(() => textsClaim(claims, claim), `oidc: parse groups claim ${quote(claim)}`);
    return groups.map((group) => prefix + group);
  }

  #checkRequired(claims: Claims): void {
    for (const [claim, wanted] of this.#requiredClaims) {
      if (!Object.hasOwn(claims, claim)) throw new Error(`oidc: required claim ${claim} not present in ID token`);
      const value = read(() => textClaim(claims, claim), `oidc: parse claim ${claim}`);
      if (value !== wanted) throw new Error(`oidc: required claim ${claim} value does not match. Got = ${value}, want = ${wanted}`);
    }
  }
}

function credentialOf(claims: Claims): string | undefined {
  const { jti } = claims;
  return typeof jti === 'string' && jti !== '' ? credentialIdOf(jti) : undefined;
}

function read<T>(value: () => T, what: string): T {
  try {
    return value();
  } catch (error) {
    throw explained(what, error);
  }
}

async function attempt<T>(value: Promise<T>, what: string): Promise<T> {
  try {
    return await value;
  } catch (error) {
    throw explained(what, error);
  }
}

function explained(what: string, error: unknown): Error {
  return new Error(`${what}: ${error instanceof Error ? error.message : error}`);
}
