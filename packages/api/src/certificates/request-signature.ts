import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { certificateRequestPem, readSignedRequest, type SignedRequest } from '@keelson/machinery';

const psAlgorithm = '2a864886f70d01010a';

/** Hash functions of the algorithms that requests are signed with, by object identifier. SHA-1 is let in here, and here alone. */
const hashes: Readonly<Record<string, string | null>> = {
  '2a864886f70d010105': 'sha1',
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce3d0401': 'sha1',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  '2b6570': null,
};

const failures: Readonly<Record<string, string>> = {
  rsa: 'crypto/rsa: verification error',
  ec: 'x509: ECDSA verification failure',
  ed25519: 'x509: Ed25519 verification failure',
};

/** What keeps text from being a request for a certificate that is signed with the key that it is for. */
export function requestProblem(text: string): string | undefined {
  const [, base64] = certificateRequestPem.exec(text) ?? [];
  if (base64 === undefined) return 'PEM block type must be CERTIFICATE REQUEST';
  try {
    return signatureProblem(readSignedRequest(Buffer.from(base64, 'base64')));
  } catch (error) {
    return (error as Error).message;
  }
}

function signatureProblem(request: SignedRequest): string | undefined {
  const { algorithm } = request;
  const key = publicKeyOf(request);
  const failure = failures[key?.asymmetricKeyType ?? ''];
  if (key === undefined || failure === undefined || !(algorithm in hashes || algorithm === psAlgorithm))
    return 'x509: cannot verify signature: algorithm unimplemented';
  return isSigned(request, key) ? undefined : failure;
}

function publicKeyOf({ publicKey }: SignedRequest): KeyObject | undefined {
  try {
    return createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
  } catch {
    // A kind of key that cannot be read cannot be used either.
    return undefined;
  }
}

function isSigned({ algorithm, signed, signature }: SignedRequest, key: KeyObject): boolean {
  if (algorithm !== psAlgorithm) return verify(hashes[algorithm] ?? null, signed, key, signature);
  const padded = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  // The parameters tell the hash function, and only with that one the signature is right.
  return ['sha256', 'sha384', 'sha512'].some((hash) => verify(hash, signed, padded, signature));
}
