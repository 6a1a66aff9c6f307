import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { OpenedValue, ValueCipher } from '../value-cipher.js';

const BLOCK_BYTES = 16;

/** AES-CBC with PKCS#7 padding: initialization vector, ciphertext. It does not authenticate. */
export class AesCbc implements ValueCipher {
  readonly #secret: Buffer;
  readonly #algorithm: string;

  /** 16, 24 or 32 bytes. */
  constructor(secret: Buffer) {
    this.#secret = secret;
    this.#algorithm = `aes-${secret.length * 8}-cbc`;
  }

  open(sealed: Buffer): OpenedValue {
    if (sealed.length < BLOCK_BYTES) throw new Error('the stored data was shorter than the required size');
    if (sealed.length % BLOCK_BYTES !== 0) throw new Error('the stored data is not a multiple of the block size');
    if (sealed.length === BLOCK_BYTES) throw new Error('invalid PKCS7 data (empty or not padded)');
    const decipher = createDecipheriv(this.#algorithm, this.#secret, sealed.subarray(0, BLOCK_BYTES)).setAutoPadding(false);
    const padded = Buffer.concat([decipher.update(sealed.subarray(BLOCK_BYTES)), decipher.final()]);
    return { value: unpadded(padded), stale: false };
  }

  seal(value: Uint8Array): Buffer {
    const vector = randomBytes(BLOCK_BYTES);
    const cipher = createCipheriv(this.#algorithm, this.#secret, vector);
    return Buffer.concat([vector, cipher.update(value), cipher.final()]);
  }
}

/** Kubernetes takes paddings of more than a block, too. */
function unpadded(padded: Buffer): Buffer {
  const size = padded.at(-1) ?? 0;
  if (size === 0 || size > padded.length) throw new Error('invalid PKCS7 data (empty or not padded)');
  const end = padded.length - size;
  if (padded.subarray(end).some((byte) => byte !== size)) throw new Error('invalid padding on input');
  return padded.subarray(0, end);
}
