import { createHmac, randomBytes } from 'node:crypto';
import { AesGcm } from '../ciphers/aes-gcm.js';
import type { OpenedValue, ValueCipher } from '../value-cipher.js';

const INFO_BYTES = 32;
export const SEED_BYTES = 32;

/**
 * AES-GCM with a key of its own for every value, derived from a seed and random bytes that stand before the value (HKDF
 * with SHA-256, expand only): so many values never wear out one key.
 */
export class SeededGcm implements ValueCipher {
  readonly #seed: Buffer;

  /** 32 bytes or more. */
  constructor(seed: Buffer) {
    if (seed.length < SEED_BYTES) throw new Error(`invalid seed length ${seed.length} used for key generation`);
    this.#seed = seed;
  }

  open(sealed: Buffer, key: string): OpenedValue {
    if (sealed.length < INFO_BYTES) throw new Error('the stored data was shorter than the required size');
    return this.#cipher(sealed.subarray(0, INFO_BYTES)).open(sealed.subarray(INFO_BYTES), key);
  }

  seal(value: Uint8Array, key: string): Buffer {
    const info = randomBytes(INFO_BYTES);
    return Buffer.concat([info, this.#cipher(info).seal(value, key)]);
  }

  /** RFC 5869 section 2.3 for one block of output. */
  #cipher(info: Buffer): AesGcm {
    return new AesGcm(createHmac('sha256', this.#seed).update(info).update(Buffer.of(1)).digest());
  }
}
