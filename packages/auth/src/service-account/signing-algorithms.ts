import type { KeyObject } from 'node:crypto';

/** What a key signs with comes first; the others are as good, as its holder alone can have used them (RFC 7518). */
const RSA_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const;
const ALGORITHM_OF_CURVE: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' };
/** Shorter keys are of no use for any of these algorithms (RFC 7518, section 3.3). */
const MIN_RSA_BITS = 2048;

/** Algorithms of JSON Web Signatures that fit a key, at least one: that which the key's holder signs with is the first. */
export function signingAlgorithms({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): readonly [string, ...string[]] {
  if (asymmetricKeyType === 'rsa') {
    const { modulusLength = 0 } = asymmetricKeyDetails;
    if (modulusLength < MIN_RSA_BITS) throw new Error(`an RSA key must have ${MIN_RSA_BITS} bits or more, not ${modulusLength}`);
    return RSA_ALGORITHMS;
  }
  if (asymmetricKeyType !== 'ec') throw new Error(`a key must be of type RSA or ECDSA, not ${asymmetricKeyType}`);
  const algorithm = ALGORITHM_OF_CURVE[asymmetricKeyDetails.namedCurve ?? ''];
  if (algorithm === undefined) throw new Error('unknown private key curve, must be 256, 384, or 521');
  return [algorithm];
}
