import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type FieldError, invalidField, omittedValue, path } from '@keelson/machinery';
import type { certificates } from '@keelson/schema';

type Spec = certificates.v1alpha1.PodCertificateRequestSpec;

const keyPath = path('spec', 'pkixPublicKey');
/** Go's names of the curves that it knows, by OpenSSL's. */
const curves: Readonly<Record<string, string>> = { secp224r1: 'P-224', prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };
const curvesTaken: readonly string[] = ['P-256', 'P-384', 'P-521'];
const modulusBits: readonly number[] = [3072, 4096];
/** Kinds of keys that Go reads from a SubjectPublicKeyInfo (RFC 5280) though none may be asked for. */
const otherKinds: readonly string[] = ['dsa', 'x25519'];

/** The key that a certificate is asked for; none where Go would not read it. */
export function requestedKey(base64: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    const { asymmetricKeyType: kind = '', asymmetricKeyDetails: details } = key;
    const known = kind === 'ec' ? (details?.namedCurve ?? '') in curves : ['ed25519', 'rsa', ...otherKinds].includes(kind);
    return known ? key : undefined;
  } catch {
    // The client is told that the key is bad; the parser's reason means nothing to it.
    return undefined;
  }
}

function validateKind(key: KeyObject, base64: string | null): FieldError[] {
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = key;
  if (kind === 'ed25519') return [];
  if (kind === 'ec') {
    const curve = curves[details?.namedCurve ?? ''] ?? '';
    return curvesTaken.includes(curve) ? [] : [invalidField(keyPath, `curve ${curve}`, 'elliptic public keys must use curve P256 or P384')];
  }
  if (kind === 'rsa') {
    const bits = Math.ceil((details?.modulusLength ?? 0) / 8) * 8;
    return modulusBits.includes(bits) ? [] : [invalidField(keyPath, `${bits}-bit modulus`, 'RSA keys must have modulus size 3072 or 4096')];
  }
  return [invalidField(keyPath, base64, 'unknown public key type; supported types are Ed25519, ECDSA, and RSA')];
}

/** Whoever holds the key has signed the pod's uid with it. */
function isProven(key: KeyObject, { podUID, proofOfPossession }: Spec): boolean {
  const signature = Buffer.from(proofOfPossession ?? '', 'base64');
  const data = Buffer.from(podUID);
  if (key.asymmetricKeyType === 'ed25519') return verify(null, data, key, signature);
  if (key.asymmetricKeyType === 'ec') return verify('sha256', data, key, signature);
  const saltLength = constants.RSA_PSS_SALTLEN_AUTO;
  return verify('sha256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, signature);
}

export function validateRequestedKey(spec: Spec): FieldError[] {
  const key = requestedKey(spec.pkixPublicKey ?? '');
  if (key === undefined) return [invalidField(keyPath, spec.pkixPublicKey, 'must be a valid PKIX-serialized public key')];
  const errors = validateKind(key, spec.pkixPublicKey);
  if (errors.length > 0 || isProven(key, spec)) return errors;
  return [invalidField(path('spec', 'proofOfPossession'), omittedValue, 'could not verify proof-of-possession signature')];
}
