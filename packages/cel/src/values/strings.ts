const SURROGATE = /[\ud800-\udfff]/;

/** By code points, as Go orders the bytes of UTF-8. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

/** The characters of a string: UTF-16 units where those are code points, which spares the copy. */
export function characters(text: string): string | readonly string[] {
  return SURROGATE.test(text) ? [...text] : text;
}
