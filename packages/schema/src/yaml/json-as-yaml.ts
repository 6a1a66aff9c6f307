/** Keys from this length on may be longer than YAML allows. */
const longKey = /"(?:[^"\\]|\\.){1000,}":/;
/** Escapes that YAML has not: of a slash, and of halves of characters. */
const otherEscapes = /\\(?:\/|u[dD][89a-fA-F])/;
/** What breaks lines in YAML, or must not be in it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const otherCharacters = /[\x7f-\x9f\u2028\u2029\ufffe\uffff]|^\s*\t/;

/** Whether a reader of YAML finds in JSON text what a reader of JSON finds there. */
export function readsAlike(json: string): boolean {
  return !(otherCharacters.test(json) || otherEscapes.test(json) || longKey.test(json));
}
