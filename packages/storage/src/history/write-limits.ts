import { StorageError } from '../storage-error.js';

/** The largest request body an API server takes, and so the largest object it stores. */
export const MAX_VALUE_BYTES = 3 * 1024 * 1024;

export function checkValueSize(key: string, value: Uint8Array): void {
  if (value.byteLength <= MAX_VALUE_BYTES) return;
  throw new StorageError('tooLarge', `value of ${key} is too large: ${value.byteLength} bytes, at most ${MAX_VALUE_BYTES} are stored`);
}
