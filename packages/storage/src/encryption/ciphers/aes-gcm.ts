import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { OpenedValue, ValueCipher } from '../value-cipher.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-GCM: nonce, ciphertext, tag. The key of the store is authenticated with the value. */
export class AesGcm implements ValueCipher {
  readonly #secret: Buffer;
  readonly #algorithm: 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm';

  /** 16, 24 or 32 bytes. */
  constructor(secret: Buffer) {
    this.#secret = secret;
    this.#algorithm = `aes-${(secret.length * 8) as 128 | 192 | 256}-gcm`;
  }

  open(sealed: Buffer, key: string): OpenedValue {
    if (sealed.length < NONCE_BYTES) throw new Error('the stored data was shorter than the required size');
    if (sealed.length < NONCE_BYTES + TAG_BYTES) throw authenticationFailed();
    const end = sealed.length - TAG_BYTES;
    const decipher = createDecipheriv(this.#algorithm, this.#secret, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(key)).setAuthTag(sealed.subarray(end));
    const value = decipher.update(sealed.subarray(NONCE_BYTES, end));
    try {
      decipher.final();
    } catch (error) {
      throw authenticationFailed(error);
    }
    return { value, stale: false };
  }

  seal(value: Uint8Array, key: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(this.#algorithm, this.#secret, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(key));
    return Buffer.concat([nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
  }
}

function authenticationFailed(cause?: unknown): Error {
  return new Error('cipher: message authentication failed', { cause });
}
