import { jsonKind } from '@keelson/schema';
import type { Claims } from './unverified.js';

/** A claim that is a text. Throws when there is none, or it is something else. */
export function textClaim(claims: Claims, name: string): string {
  const value = claimOf(claims, name);
  if (value === null) return '';
  if (typeof value !== 'string') throw mismatch(value, 'string');
  return value;
}

export function flagClaim(claims: Claims, name: string): boolean {
  const value = claimOf(claims, name);
  if (value === null) return false;
  if (typeof value !== 'boolean') throw mismatch(value, 'bool');
  return value;
}

/** A claim that is a list of texts, or one of them alone. */
export function textsClaim(claims: Claims, name: string): readonly string[] {
  const value = claimOf(claims, name);
  if (value === null) return [];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string' || one === null)) return value.map((one) => one ?? '');
  if (typeof value !== 'string') throw mismatch(value, 'string');
  return [value];
}

function claimOf(claims: Claims, name: string): unknown {
  if (!Object.hasOwn(claims, name)) throw new Error('claim not present');
  return claims[name];
}

function mismatch(value: unknown, type: string): Error {
  return new Error(`json: cannot unmarshal ${jsonKind(value)} into Go value of type ${type}`);
}
