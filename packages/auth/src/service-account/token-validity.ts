import type { RegisteredClaims } from './token-claims.js';

/** Clocks of servers may differ by so much. */
export const leewaySeconds = 60;

/** Throws when a token is not good now, by its own account. */
export function checkValidity({ notBefore, expiresAt, issuedAt }: RegisteredClaims, nowSeconds: number): void {
  if (notBefore !== undefined && nowSeconds + leewaySeconds < notBefore) throw new Error('service account token is not valid yet');
  if (expiresAt !== undefined && nowSeconds - leewaySeconds > expiresAt) throw new Error('service account token has expired');
  if (issuedAt !== undefined && nowSeconds + leewaySeconds < issuedAt) throw new Error('service account token is issued in the future');
}
