import { randomBytes } from 'node:crypto';
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import type { OpenedValue, ValueCipher } from '../value-cipher.js';

const NONCE_BYTES = 24;
const TAG_BYTES = 16;

/** NaCl's secretbox (XSalsa20 and Poly1305): nonce, tag, ciphertext. */
export class Secretbox implements ValueCipher {
  readonly #secret: Buffer;

  /** 32 bytes. */
  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  open(sealed: Buffer): OpenedValue {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new Error('the stored data was shorter than the required size');
    try {
      const value = xsalsa20poly1305(this.#secret, sealed.subarray(0, NONCE_BYTES)).decrypt(sealed.subarray(NONCE_BYTES));
      return { value: Buffer.from(value.buffer, value.byteOffset, value.byteLength), stale: false };
    } catch (error) {
      // What kube-apiserver says of a value that does not authenticate.
      throw new Error('output array was not large enough for encryption', { cause: error });
    }
  }

  seal(value: Uint8Array): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    return Buffer.concat([nonce, xsalsa20poly1305(this.#secret, nonce).encrypt(value)]);
  }
}
