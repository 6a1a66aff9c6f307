import { type AuthenticationResult, type Dialer, type Egress, type Log, quote } from '@keelson/machinery';
import { explaining } from '../explaining.js';
import type { JwtAuthenticatorConfiguration } from './authentication-configuration.js';
import { ClaimMapper } from './claim-mapper.js';
import { DistributedClaim } from './distributed-claim.js';
import { verifyIdToken } from './id-token-verifier.js';
import { Issuer } from './issuer.js';
import { IssuerClient } from './issuer-client.js';
import type { UnverifiedToken } from './unverified.js';

export interface JwtAuthenticatorOptions {
  /** Names of RFC 7518. */
  readonly algorithms: readonly string[];
  /** The ways that issuers may say they are reached by; absent: there are none. */
  readonly egress?: Egress | undefined;
  readonly log: Log;
}

/** Knows the ID tokens of one issuer. The configuration must be valid. */
export class JwtAuthenticator {
  readonly #audiences: readonly string[];
  readonly #algorithms: readonly string[];
  readonly #client: IssuerClient;
  readonly #issuer: Issuer;
  readonly #mapper: ClaimMapper;
  /** Groups may be too many for a token. */
  readonly #distributedGroups: DistributedClaim | undefined;

  /** Throws when there is no such way as it is to be reached by. */
  constructor(configuration: JwtAuthenticatorConfiguration, { algorithms, egress, log }: JwtAuthenticatorOptions) {
    const { url = '', discoveryURL = '', audiences = [], certificateAuthority = '', egressSelectorType = '' } = configuration.issuer ?? {};
    this.#mapper = new ClaimMapper(configuration);
    this.#audiences = audiences;
    this.#algorithms = algorithms;
    this.#client = new IssuerClient(certificateAuthority || undefined, dialerFor(egressSelectorType, egress));
    this.#issuer = new Issuer({ url, discoveryUrl: discoveryURL || undefined, client: this.#client, log });
    const claim = configuration.claimMappings?.groups?.claim ?? '';
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
    const { keys, url: issuer } = this.#issuer;
    if (keys === undefined) throw new Error('oidc: authenticator not initialized');
    const rules = { issuer, audiences: this.#audiences, algorithms: this.#algorithms };
    const claims = await explaining('oidc: verify token', () => verifyIdToken(token, unverified, keys, rules));
    const distributed = this.#distributedGroups;
    const all = distributed ? await explaining('oidc: could not expand distributed claims', () => distributed.expand(claims)) : claims;
    return { user: this.#mapper.userOf(all) };
  }

  close(): void {
    this.#issuer.close();
    this.#distributedGroups?.close();
    this.#client.close();
  }
}

/** Stricter than for others, since it was asked for. */
function dialerFor(type: string, egress: Egress | undefined): Dialer | undefined {
  if (type === '') return undefined;
  if (egress === undefined) throw new Error(`oidc: egress lookup required with egress selector type ${quote(type)}`);
  const dialer = type === 'cluster' ? egress.cluster : egress.controlPlane;
  if (dialer === undefined) throw new Error(`oidc: egress lookup for ${quote(type)} is not configured`);
  return dialer;
}
