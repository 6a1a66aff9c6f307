const letter = /^\p{L}/u;
const digit = /^\p{Nd}/u;

/**
 * The order of keys: that of their characters, but numbers within them count as such, and letters come after everything
 * else.
 */
export function compareKeys(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return compareAt(a, b, i);
  return a.length - b.length;
}

/** What is before `at` is the same. */
function compareAt(a: readonly string[], b: readonly string[], at: number): number {
  const [x = '', y = ''] = [a[at], b[at]];
  const [xLetter, yLetter] = [letter.test(x), letter.test(y)];
  if (xLetter && yLetter) return compareCodes(x, y);
  if (xLetter || yLetter) return xLetter ? 1 : -1;
  // Zeros within a number count as much as any other digit.
  const within = (x === '0' || y === '0') && followsNumber(a, at);
  const [xNumber, xEnd] = numberAt(a, at, within);
  const [yNumber, yEnd] = numberAt(b, at, within);
  return xNumber - yNumber || xEnd - yEnd || compareCodes(x, y);
}

function followsNumber(text: readonly string[], at: number): boolean {
  for (let i = at - 1; i >= 0 && digit.test(text[i] as string); i--) if (text[i] !== '0') return true;
  return false;
}

function numberAt(text: readonly string[], at: number, within: boolean): readonly [value: number, end: number] {
  let value = within ? 1 : 0;
  let end = at;
  while (end < text.length && digit.test(text[end] as string)) value = value * 10 + codeOf(text[end++] as string) - codeOf('0');
  return [value, end];
}

function compareCodes(x: string, y: string): number {
  return codeOf(x) - codeOf(y);
}

function codeOf(char: string): number {
  return char.codePointAt(0) as number;
}
