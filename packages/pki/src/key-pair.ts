import { createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

/** P-256 for certificates: signing takes a tenth of a millisecond, a new key a fraction of one. */
const curve = 'P-256';

/** A new private key, PKCS #8 in PEM. */
export async function newPrivateKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: curve });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** A new RSA key of 2048 bits, PKCS #8 in PEM: for what others verify who may know no other kind. */
export async function newRsaKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** The public half of a private key, SubjectPublicKeyInfo in PEM. */
export function publicKeyOf(privateKeyPem: string): string {
  return createPublicKey(createPrivateKey(privateKeyPem)).export({ format: 'pem', type: 'spki' }).toString();
}
