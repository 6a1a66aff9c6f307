import { type Log, quote } from '@keelson/machinery';
import { verifyIdToken } from './id-token-verifier.js';
import { Issuer } from './issuer.js';
import type { IssuerClient } from './issuer-client.js';
import { type Claims, isClaims, unverifiedToken } from './unverified.js';

/** Issuers of distributed claims are as few as a configuration has places for them. */
const MOST_ISSUERS = 16;

export interface DistributedClaimOptions {
  readonly claim: string;
  readonly client: IssuerClient;
  readonly audiences: readonly string[];
  readonly algorithms: readonly string[];
  readonly log: Log;
}

/** Gets a claim that a token has elsewhere (OpenID Connect Core 1.0, 5.6.2): in a token of another issuer. */
export class DistributedClaim {
  readonly #options: DistributedClaimOptions;
  readonly #issuers = new Map<string, Issuer>();

  constructor(options: DistributedClaimOptions) {
    this.#options = options;
  }

  /** The claims with this one among them, if it is to be had elsewhere. Throws when it cannot be had. */
  async expand(claims: Claims): Promise<Claims> {
    const { claim } = this.#options;
    const source = sourceOf(claims, claim);
    return source === undefined ? claims : { ...claims, [claim]: await this.#resolve(source) };
  }

  close(): void {
    for (const issuer of this.#issuers.values()) issuer.close();
  }

  async #resolve(source: Source): Promise<unknown> {
    const { claim, audiences, algorithms } = this.#options;
    const token = await this.#tokenFrom(source);
    const unverified = unverifiedToken(token);
    if (unverified === undefined) {
      throw new Error(`getting untrusted issuer from endpoint ${source.endpoint} failed for claim ${quote(claim)}: malformed token`);
    }
    const issuer = await this.#issuer(String(unverified.claims.iss ?? ''));
    try {
      const claims = await verifyIdToken(token, unverified, issuer.keys, { issuer: issuer.url, audiences, algorithms });
      if (Object.hasOwn(claims, claim)) return claims[claim];
    } catch (error) {
      throw new Error(`verify distributed claim token: ${messageOf(error)}`);
    }
    throw new Error(`jwt returned by distributed claim endpoint ${quote(source.endpoint)} did not contain claim: ${claim}`);
  }

  async #tokenFrom({ endpoint, accessToken }: Source): Promise<string> {
    const { claim, client } = this.#options;
    try {
      const { code, body } = await client.get(endpoint, accessToken === '' ? undefined : `Bearer ${accessToken}`);
      if (code < 200 || code > 226) throw new Error(`error while getting distributed claim JWT: ${code}`);
      return body.toString().trim();
    } catch (error) {
      throw new Error(`while getting distributed claim ${quote(claim)}: ${messageOf(error)}`);
    }
  }

  async #issuer(url: string): Promise<{ readonly url: string; readonly keys: NonNullable<Issuer['keys']> }> {
    let issuer = this.#issuers.get(url);
    if (issuer === undefined) {
      if (this.#issuers.size >= MOST_ISSUERS || !URL.canParse(url)) throw uninitialized(url);
      const { client, log } = this.#options;
      issuer = new Issuer({ url, client, log });
      this.#issuers.set(url, issuer);
    }
    await issuer.attempted;
    const { keys } = issuer;
    if (keys === undefined) throw uninitialized(url);
    return { url, keys };
  }
}

interface Source {
  readonly endpoint: string;
  readonly accessToken: string;
}

function sourceOf(claims: Claims, claim: string): Source | undefined {
  const { _claim_names: names, _claim_sources: sources } = claims;
  if (Object.hasOwn(claims, claim) || names === undefined) return undefined;
  if (!isClaims(names)) throw new Error('oidc: error parsing distributed claim names: they are not an object');
  if (sources === undefined) throw new Error('oidc: no claim sources');
  if (!isClaims(sources)) throw new Error('oidc: could not parse claim sources: they are not an object');
  if (!Object.hasOwn(names, claim)) return undefined;
  const name = String(names[claim]);
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (!isClaims(source)) throw new Error(`id token _claim_names contained a source ${name} missing in _claims_sources`);
  const { endpoint, access_token: accessToken } = source;
  // It is perhaps an aggregated claim, which nobody reads.
  if (typeof endpoint !== 'string' || endpoint === '') return undefined;
  return { endpoint, accessToken: typeof accessToken === 'string' ? accessToken : '' };
}

function uninitialized(url: string): Error {
  return new Error(`verifying untrusted issuer ${url} failed: verifier not initialized for issuer: ${quote(url)}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
