const needsEscape = /[^\x20-\x7e]|["\\]/;
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const shortEscapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/**
 * Double-quotes text the way Kubernetes' messages do: printable Unicode stays, control characters become `\n` or
 * `\x01`, other unprintable characters `\u200b` or `\U000e0001`.
 */
export function quote(text: string): string {
  if (!needsEscape.test(text)) return `"${text}"`;
  let out = '"';
  for (const char of text.toWellFormed()) out += shortEscapes[char] ?? (printable.test(char) ? char : numericEscape(char));
  return `${out}"`;
}

function numericEscape(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}
