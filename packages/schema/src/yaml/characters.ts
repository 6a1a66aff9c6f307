/** The characters of YAML 1.1, each as a string of its own; the end of the text is the empty string. */

export function isBreak(char: string): boolean {
  return char === '\n' || char === '\r' || char === '\u0085' || char === '\u2028' || char === '\u2029';
}

export function isBlank(char: string): boolean {
  return char === ' ' || char === '\t';
}

export function isBreakOrEnd(char: string): boolean {
  return char === '' || isBreak(char);
}

export function isBlankOrEnd(char: string): boolean {
  return isBlank(char) || isBreakOrEnd(char);
}

/** What names of anchors, tags and directives are made of. */
export function isWord(char: string): boolean {
  return /^[\w-]$/.test(char);
}

/** Whether a text cannot be YAML because of one of its characters. */
export function hasControlCharacter(text: string): boolean {
  return /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ud800-\udfff\ue000-\ufffd]/.test(text);
}
