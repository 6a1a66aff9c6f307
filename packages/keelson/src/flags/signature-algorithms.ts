/** What ID tokens may be signed with (RFC 7518): the asymmetric ones. */
export const signatureAlgorithms: readonly string[] = ['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'];
