import { compareKeys } from '../history/key-order.js';
import { StorageError } from '../storage-error.js';

/** One byte below LMDB's limit, so that "just behind this key" is a key too. */
export const MAX_KEY_BYTES = 1977;

/** Keys from `start` to before `end`, or to the last one. */
export interface EncodedRange {
  readonly start: Buffer;
  readonly end?: Buffer;
}

/** Throws `rejected` for keys that cannot be stored. */
export function checkKeySize(key: string): void {
  if (isStorable(key)) return;
  throw new StorageError('rejected', `a key of ${Buffer.byteLength(key)} bytes cannot be stored, only of 1 to ${MAX_KEY_BYTES}`);
}

export function isStorable(key: string): boolean {
  const bytes = Buffer.byteLength(key);
  return bytes > 0 && bytes <= MAX_KEY_BYTES;
}

/** The keys of `prefix`, only those behind `after` if it is given. */
export function rangeOf(prefix: string, after: string | undefined): EncodedRange {
  const start = bound(after !== undefined && compareKeys(after, prefix) >= 0 ? behind(Buffer.from(after)) : Buffer.from(prefix));
  if (prefix === '') return { start: start.length > 0 ? start : Buffer.of(0) };
  const end = Buffer.from(bound(Buffer.from(prefix)));
  // No byte of UTF-8 is 0xff, so that this never carries.
  end[end.length - 1] = (end[end.length - 1] ?? 0) + 1;
  return { start, end };
}

/** Cuts a bound to what LMDB takes. It then still divides the keys in the same way, as they are shorter yet. */
function bound(bytes: Buffer): Buffer {
  return bytes.subarray(0, MAX_KEY_BYTES + 1);
}

/** The first key that is greater. */
export function behind(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.of(0)]);
}
