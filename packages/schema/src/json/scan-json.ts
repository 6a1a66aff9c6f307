/** What handles values descends by recursion, and must not come to the end of its stack. Kubernetes reads 10 000 levels. */
export const maxDepth = 1_000;

const quote = 0x22;
const backslash = 0x5c;

/** The words of Kubernetes for JSON text that nests deeper than that, which tell of the character that goes too far. */
export function depthProblem(json: Uint8Array): string {
  let level = 0;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i] as number;
    if (byte === quote) {
      for (i++; i < json.length && json[i] !== quote; i++) if (json[i] === backslash) i++;
    } else if ((byte === 0x7b || byte === 0x5b) && ++level > maxDepth) {
      return `invalid character '${String.fromCharCode(byte)}' exceeded max depth`;
    } else if (byte === 0x7d || byte === 0x5d) level--;
  }
  return 'exceeded max depth';
}

/** What one pass over the bytes of JSON text finds out. */
export interface JsonScan {
  /** Keys of objects, all of them: colons outside of strings. */
  readonly keys: number;
  readonly depth: number;
  /** Whether there is a number that may be an integer beyond 2^53. */
  readonly longNumbers: boolean;
  /** Whether there is a number with a point or an exponent. */
  readonly fractions: boolean;
  /** Whether there is a string of a thousand bytes and more. */
  readonly longStrings: boolean;
}

const colon = 0x3a;
const point = 0x2e;
const exponent = 0x65;
const lowerCase = 0x20;
const longNumberDigits = 16;
const longStringBytes = 1_000;

/** Looks over JSON text (valid or not) before it is parsed. */
export function scanJson(json: Uint8Array): JsonScan {
  let keys = 0;
  let level = 0;
  let depth = 0;
  let digits = 0;
  let mostDigits = 0;
  let fractions = false;
  let longStrings = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i] as number;
    if (byte >= 0x30 && byte <= 0x39) {
      if (++digits > mostDigits) mostDigits = digits;
      continue;
    }
    if (digits > 0 && (byte === point || (byte | lowerCase) === exponent)) fractions = true;
    digits = 0;
    if (byte === quote) {
      const start = i;
      for (i++; i < json.length && json[i] !== quote; i++) if (json[i] === backslash) i++;
      if (i - start > longStringBytes) longStrings = true;
    } else if (byte === colon) {
      keys++;
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++level > depth) depth = level;
    } else if (byte === 0x7d || byte === 0x5d) {
      level--;
    }
  }
  return { keys, depth, longNumbers: mostDigits >= longNumberDigits, fractions, longStrings };
}
