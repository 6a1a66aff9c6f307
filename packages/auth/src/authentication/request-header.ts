import {
  type AuthenticationRequest,
  type AuthenticationResult,
  type Authenticator,
  sentHeaders,
  type UserInfo,
  unescapeExtraKey,
} from '@keelson/machinery';
import { commonNameOf } from './certificate-user.js';
import { type CertificateVerdict, type CertificateVerifier, requireGood } from './certificate-verifier.js';

/** Headers that tell who a request is from. Case does not matter. */
export interface RequestHeaderNames {
  /** The first with a value counts. */
  readonly username: readonly string[];
  /** The first with a value counts. */
  readonly uid: readonly string[];
  /** All values of all of them. */
  readonly group: readonly string[];
  /** The rest of a header's name is the key, percent-encoded where it has other characters than names may have. */
  readonly extraPrefixes: readonly string[];
}

/**
 * Believes a front proxy whom a request is from (`--requestheader-*`): one that shows a certificate of an authority for
 * proxies, with one of the allowed common names. No allowed names: any certificate of these authorities.
 */
export class RequestHeaderAuthenticator implements Authenticator {
  readonly #proxies: CertificateVerifier;
  readonly #allowedNames: ReadonlySet<string>;
  readonly #names: RequestHeaderNames;
  /** What is wrong with the name of a certificate, found once per connection. */
  readonly #misnamed = new WeakMap<CertificateVerdict, Error | undefined>();

  constructor(proxies: CertificateVerifier, allowedNames: Iterable<string>, { username, uid, group, extraPrefixes }: RequestHeaderNames) {
    this.#proxies = proxies;
    this.#allowedNames = new Set(allowedNames);
    const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase());
    this.#names = { username: lower(username), uid: lower(uid), group: lower(group), extraPrefixes: lower(extraPrefixes) };
  }

  authenticate(request: AuthenticationRequest): AuthenticationResult | undefined {
    const verdict = this.#proxies.verdictOn(request);
    if (verdict === undefined) return undefined;
    requireGood(verdict);
    this.#requireAllowed(verdict);
    const user = this.#userOf(request);
    return user && { user };
  }

  #requireAllowed(verdict: CertificateVerdict): void {
    if (this.#allowedNames.size === 0) return;
    let problem = this.#misnamed.get(verdict);
    if (problem === undefined && !this.#misnamed.has(verdict)) {
      const name = commonNameOf(verdict.certificate);
      if (!this.#allowedNames.has(name)) problem = new Error(`x509: subject with cn=${name} is not in the allowed list`);
      this.#misnamed.set(verdict, problem);
    }
    if (problem !== undefined) throw problem;
  }

  #userOf(request: AuthenticationRequest): UserInfo | undefined {
    if (!this.#names.username.some((name) => request.headers[name])) return undefined;
    const sent = valuesByName(request);
    const name = firstValue(sent, this.#names.username);
    if (name === '') return undefined;
    const uid = firstValue(sent, this.#names.uid);
    const extra = extraOf(sent, this.#names.extraPrefixes);
    return {
      name,
      ...(uid !== '' && { uid }),
      groups: this.#names.group.flatMap((header) => (sent.get(header) ?? []).filter((group) => group !== '')),
      ...(extra.size > 0 && { extra: Object.fromEntries(extra) }),
    };
  }
}

function valuesByName(request: AuthenticationRequest): Map<string, string[]> {
  const sent = new Map<string, string[]>();
  for (const [name, value] of sentHeaders(request)) append(sent, name, [value]);
  return sent;
}

function firstValue(sent: ReadonlyMap<string, readonly string[]>, names: readonly string[]): string {
  for (const name of names) {
    const [first = ''] = sent.get(name) ?? [];
    if (first !== '') return first;
  }
  return '';
}

function extraOf(sent: ReadonlyMap<string, readonly string[]>, prefixes: readonly string[]): Map<string, string[]> {
  const extra = new Map<string, string[]>();
  for (const prefix of prefixes) {
    for (const [name, values] of sent) {
      if (name.startsWith(prefix)) append(extra, unescapeExtraKey(name.slice(prefix.length)), values);
    }
  }
  return extra;
}

function append(to: Map<string, string[]>, key: string, values: readonly string[]): void {
  const present = to.get(key);
  if (present === undefined) to.set(key, [...values]);
  else present.push(...values);
}
