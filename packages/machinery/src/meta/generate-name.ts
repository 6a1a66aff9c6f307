import { randomBytes } from 'node:crypto';

/** No vowels and no 0, 1, 3: suffixes spell no words and are not misread. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
const maxNameLength = 63;
const maxBaseLength = maxNameLength - suffixLength;
/** Bytes from here up would favour the first letters of the alphabet. */
const unbiasedBytes = 256 - (256 % alphabet.length);

/** A random text of the given length, safe inside any name. */
export function randomSuffix(length = suffixLength): string {
  let suffix = '';
  while (suffix.length < length) {
    for (const byte of randomBytes(2 * length)) {
      if (byte < unbiasedBytes && suffix.length < length) suffix += alphabet[byte % alphabet.length];
    }
  }
  return suffix;
}

/** A name for an object that only has `metadata.generateName`. May be taken: the write then fails, and is retried. */
export function generateName(base: string): string {
  return base.slice(0, maxBaseLength) + randomSuffix();
}
