import { type Claims, isClaims } from '../jwt/unverified.js';

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
  if (value !== undefined && !isClaims(value)) throw new Error(`claim ${name} is not an object`);
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
