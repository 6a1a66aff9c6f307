const needsEscape = /[^\x20-\x7e]|["\\]/;
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const loneSurrogate = /^[\ud800-\udfff]$/;
const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['"', '\\"'],
  ['\\', '\\\\'],
]);

/** Whether a character (one code point) shows up when printed: letters, marks, numbers, punctuation, symbols, the space. */
export function isPrintable(char: string): boolean {
  return printable.test(char);
}

const printableAscii = /^[ -~]*$/;

/** Whether all characters of a text are. */
export function isAllPrintable(text: string): boolean {
  if (printableAscii.test(text)) return true;
  for (const char of text) if (!isPrintable(char)) return false;
  return true;
}

/**
 * Double-quotes text the way Kubernetes' messages do: printable Unicode stays, control characters become `\n` or
 * `\x01`, other unprintable characters `\u200b` or `\U000e0001`.
 */
export function quote(text: string): string {
  if (!needsEscape.test(text)) return `"${text}"`;
  let out = '"';
  for (const char of text) out += shortEscapes.get(char) ?? escapeUnprintable(char);
  return `${out}"`;
}

/** Texts as Go prints a list of them: `["a" "b"]`. */
export function quoteList(texts: readonly string[]): string {
  return `[${texts.map(quote).join(' ')}]`;
}

function escapeUnprintable(char: string): string {
  if (isPrintable(char)) return char;
  // Half a surrogate pair cannot be written as UTF-8.
  if (loneSurrogate.test(char)) return '\ufffd';
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}
