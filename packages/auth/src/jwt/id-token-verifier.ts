import { quote, quoteList } from '@keelson/machinery';
import type { KeySet } from './key-set.js';
import { type Claims, isClaims, type UnverifiedToken } from './unverified.js';

/** Clocks of issuers may be this much ahead. */
const NOT_BEFORE_LEEWAY_MS = 60_000;

/** How Go prints the time that nobody has said. */
const NO_TIME = '0001-01-01 00:00:00 +0000 UTC';

export interface IdTokenRules {
  readonly issuer: string;
  /** It must be meant for one of these. */
  readonly audiences: readonly string[];
  /** It must be signed with one of these (RFC 7518). */
  readonly algorithms: readonly string[];
}

/**
 * Judges an ID token (OpenID Connect Core 1.0, 3.1.3.7): what it says before its signature, so that forged ones cost
 * little. Throws in the words that Kubernetes' clients know.
 */
export async function verifyIdToken(
  token: string,
  { header, claims }: UnverifiedToken,
  keys: KeySet,
  rules: IdTokenRules,
): Promise<Claims> {
  checkSources(claims);
  checkIssuer(claims, rules.issuer);
  const audiences = audiencesOf(claims);
  const [audience] = rules.audiences;
  if (rules.audiences.length === 1 && !audiences.includes(audience as string))
    throw new Error(`oidc: expected audience ${quote(audience as string)} got ${quoteList(audiences)}`);
  checkTimes(claims, Date.now());
  const algorithm = typeof header.alg === 'string' ? header.alg : '';
  if (!rules.algorithms.includes(algorithm)) {
    const expected = quoteList(rules.algorithms);
    throw new Error(`oidc: id token signed with unsupported algorithm, expected ${expected} got ${quote(algorithm)}`);
  }
  await verifySignature(token, keys, algorithm, typeof header.kid === 'string' ? header.kid : undefined);
  if (!rules.audiences.some((one) => audiences.includes(one)))
    throw new Error(`oidc: expected audience in ${quoteList([...rules.audiences].sort())} got ${quoteList(audiences)}`);
  return claims;
}

async function verifySignature(token: string, keys: KeySet, algorithm: string, keyId: string | undefined): Promise<void> {
  try {
    await keys.verify(token, algorithm, keyId);
  } catch (error) {
    throw new Error(`failed to verify signature: ${error instanceof Error ? error.message : error}`);
  }
}

/** Google says it in two ways. */
function checkIssuer({ iss }: Claims, issuer: string): void {
  if (iss === issuer || (issuer === 'https://accounts.google.com' && iss === 'accounts.google.com')) return;
  throw new Error(`oidc: id token issued by a different provider, expected ${quote(issuer)} got ${quote(String(iss ?? ''))}`);
}

/** Claims that are to be had elsewhere must say where. */
function checkSources({ _claim_names: names, _claim_sources: sources }: Claims): void {
  for (const source of isClaims(names) ? Object.values(names) : []) {
    if (source === '') throw new Error('oidc: failed to obtain source from claim name');
    if (!isClaims(sources) || !Object.hasOwn(sources, String(source))) throw new Error('oidc: source does not exist');
  }
}

function audiencesOf({ aud }: Claims): readonly string[] {
  if (typeof aud === 'string') return [aud];
  if (aud === undefined || aud === null) return [];
  if (Array.isArray(aud) && aud.every((one) => typeof one === 'string')) return aud;
  throw new Error('oidc: failed to unmarshal claims: aud is neither a string nor a list of strings');
}

function checkTimes(claims: Claims, nowMs: number): void {
  const expiry = secondsOf(claims, 'exp');
  if (expiry === undefined || expiry * 1000 < nowMs) throw new Error(`oidc: token is expired (Token Expiry: ${goTime(expiry)})`);
  const notBefore = secondsOf(claims, 'nbf');
  if (notBefore !== undefined && nowMs + NOT_BEFORE_LEEWAY_MS < notBefore * 1000)
    throw new Error(`oidc: current time ${goTime(nowMs / 1000)} before the nbf (not before) time: ${goTime(notBefore)}`);
}

function secondsOf(claims: Claims, name: string): number | undefined {
  const value = claims[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(Math.trunc(value)) || Math.abs(value) > 8e12)
    throw new Error(`oidc: failed to unmarshal claims: ${name} is not a number of seconds`);
  return Math.trunc(value);
}

function goTime(seconds: number | undefined): string {
  if (seconds === undefined) return NO_TIME;
  return `${new Date(Math.trunc(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;
}
