/** A token's claims, whatever else they are. */
export type Claims = Readonly<Record<string, unknown>>;

/** What a token says before anybody has looked at its signature: nothing says that it is true. */
export interface UnverifiedToken {
  readonly header: Claims;
  readonly claims: Claims;
}

/** The claims of a JSON Web Token (RFC 7519) in compact form. Undefined: it is no such token. */
function unverifiedClaims(token: string): Claims | undefined {
  const [, payload, , ...more] = token.split('.');
  return payload === undefined || more.length > 0 ? undefined : parsePart(payload);
}

/** Header and claims; undefined: it is no such token. */
export function unverifiedToken(token: string): UnverifiedToken | undefined {
  const claims = unverifiedClaims(token);
  const header = claims && parsePart(token.slice(0, token.indexOf('.')));
  return claims && header && { header, claims };
}

/** Undefined when these are no claims. */
export function parseClaims(payload: Uint8Array): Claims | undefined {
  try {
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    return isClaims(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

export function isClaims(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsePart(part: string): Claims | undefined {
  return /^[-_A-Za-z0-9]+$/.test(part) ? parseClaims(Buffer.from(part, 'base64url')) : undefined;
}
