const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

/**
 * Orders keys as their UTF-8 bytes order. JavaScript compares UTF-16 code units, which differs only between surrogates
 * (code points above U+FFFF) and U+E000 to U+FFFF.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Moves surrogates above every other code unit. */
function rank(codeUnit: number): number {
  return codeUnit >= FIRST_SURROGATE && codeUnit <= LAST_SURROGATE ? codeUnit + 0x10000 : codeUnit;
}
