import { isSealed, type ValueCipher } from '../value-cipher.js';

/** Stores values as they are; refuses to take a sealed value for one. */
export const identity: ValueCipher = {
  open(value) {
    if (isSealed(value)) throw new Error('identity transformer tried to read encrypted data');
    return { value, stale: false };
  },
  seal: (value) => value,
};
