import type { Json } from '@keelson/machinery';
import { parseExactJson } from './parse-exact-json.js';

/** A run of digits that may be an integer beyond 2^53. */
const longNumber = /[0-9]{16}/;

/**
 * Parses JSON text. `__proto__` becomes an own property; integers beyond 2^53 become bigint.
 * Throws SyntaxError.
 */
export function parseJson(text: string): Json {
  if (longNumber.test(text)) return parseExactJson(text);
  return JSON.parse(text) as Json;
}
