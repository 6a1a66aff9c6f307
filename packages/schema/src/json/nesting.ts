/** As many levels as Kubernetes reads. */
export const maxDepth = 10_000;

const quote = 0x22;
const backslash = 0x5c;

/** Whether JSON text nests deeper than `maxDepth`. Short texts cannot: every level takes two characters. */
export function isTooDeep(json: Uint8Array): boolean {
  if (json.length < 2 * maxDepth) return false;
  let depth = 0;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (byte === quote) i = skipString(json, i + 1);
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > maxDepth) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}

/** Position of the quote that ends a string. */
export function skipString(json: Uint8Array, from: number): number {
  let i = from;
  while (i < json.length && json[i] !== quote) i += json[i] === backslash ? 2 : 1;
  return i;
}
