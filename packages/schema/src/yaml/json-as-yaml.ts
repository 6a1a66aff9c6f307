import { isAscii } from 'node:buffer';
import { type JsonScan, scanJson } from '../json/scan-json.js';

/** Keys from this length on may be longer than YAML allows. */
const longKey = /"(?:[^"\\]|\\.){1000,}":/;
/** Escapes that YAML has not: of a slash, and of halves of characters. */
const otherEscapes = /\\(?:\/|u[dD][89a-fA-F])/;
/** What breaks lines in YAML, or must not be in it. */
const otherCharacters = /[\x7f-\x9f\u2028\u2029\ufffe\uffff]/;
/** Where a tab cannot stand. */
const leadingTab = /^\s*\t/;

const backslash = 0x5c;
const del = 0x7f;

/** Whether a reader of YAML finds in JSON text what a reader of JSON finds there. `scan`: of the same bytes. */
export function readsAlike(text: string, bytes: Buffer, scan: JsonScan): boolean {
  if ((!isAscii(bytes) || bytes.includes(del)) && otherCharacters.test(text)) return false;
  if (bytes.includes(backslash) && otherEscapes.test(text)) return false;
  return !(leadingTab.test(text) || (scan.longStrings && longKey.test(text)));
}

/** The same for text of which nothing else is known. */
export function isReadAlike(text: string): boolean {
  const bytes = Buffer.from(text);
  return readsAlike(text, bytes, scanJson(bytes));
}
