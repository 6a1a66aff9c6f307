/** Claims that every token has (RFC 7519). Times are seconds since 1970. */
export interface RegisteredClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
  readonly id: string;
  readonly expiresAt: number | undefined;
  readonly notBefore: number | undefined;
  readonly issuedAt: number | undefined;
}

/** A token's claims, whatever else they are: read with `member` and `text`. */
export type Claims = Readonly<Record<string, unknown>>;

/** The claims that a token makes, and nothing says that they are true. Undefined: it is no such token. */
export function unverifiedClaims(token: string): Claims | undefined {
  const [, payload, , ...more] = token.split('.');
  if (payload === undefined || more.length > 0 || !/^[-_A-Za-z0-9]+$/.test(payload)) return undefined;
  return parseClaims(Buffer.from(payload, 'base64url'));
}

/** Undefined when these are no claims. */
export function parseClaims(payload: Uint8Array): Claims | undefined {
  try {
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    return isObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

/** Throws when a claim is not of its type. */
export function registeredClaims(claims: Claims): RegisteredClaims {
  return {
    issuer: text(claims, 'iss'),
    subject: text(claims, 'sub'),
    audiences: audiencesOf(claims.aud),
    id: text(claims, 'jti'),
    expiresAt: time(claims, 'exp'),
    notBefore: time(claims, 'nbf'),
    issuedAt: time(claims, 'iat'),
  };
}

/** A claim that is a text; '' where there is none. */
export function text(claims: Claims, name: string): string {
  const value = claims[name] ?? '';
  if (typeof value !== 'string') throw new Error(`claim ${name} is not a string`);
  return value;
}

/** A claim that is an object; undefined where there is none. */
export function member(claims: Claims, name: string): Claims | undefined {
  const value = claims[name] ?? undefined;
  if (value !== undefined && !isObject(value)) throw new Error(`claim ${name} is not an object`);
  return value;
}

/** A claim that is a number of seconds since 1970; undefined where there is none. */
export function time(claims: Claims, name: string): number | undefined {
  const value = claims[name] ?? undefined;
  if (value !== undefined && typeof value !== 'number') throw new Error(`claim ${name} is not a number`);
  return value;
}

function audiencesOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return [value];
  if (Array.isArray(value) && value.every((audience) => typeof audience === 'string')) return value;
  throw new Error('claim aud is neither a string nor a list of strings');
}

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
