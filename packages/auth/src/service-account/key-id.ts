import { createPublicKey, hash, type KeyObject } from 'node:crypto';

/** Names a key in tokens and key sets, as Kubernetes does: by a hash, so that the name does not tell the key. */
export function keyIdOf(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return hash('sha256', publicKey.export({ format: 'der', type: 'spki' }), 'base64url');
}
