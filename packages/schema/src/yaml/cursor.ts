import { isBreak } from './characters.js';
import { YamlError } from './yaml-error.js';

/** A place in YAML text. */
export class Cursor {
  readonly #text: string;
  /** In UTF-16 units. */
  at = 0;
  /** From 0, as `column`, which counts characters. */
  line = 0;
  column = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The character that many further on; '' at the end. */
  peek(offset = 0): string {
    return this.#text[this.at + offset] ?? '';
  }

  skip(count = 1): void {
    for (let i = 0; i < count; i++) {
      // Two halves are one character.
      if ((this.#text.charCodeAt(this.at) & 0xfc00) !== 0xdc00) this.column++;
      this.at++;
    }
  }

  take(): string {
    const char = this.peek();
    this.skip();
    return char;
  }

  takeWhile(matches: (char: string) => boolean): string {
    const from = this.at;
    for (let char = this.peek(); char !== '' && matches(char); char = this.peek()) this.skip();
    return this.#text.slice(from, this.at);
  }

  /** Takes a line break, if there is one, as the text has it after reading. */
  takeBreak(): string {
    const char = this.peek();
    if (!isBreak(char)) return '';
    this.at += char === '\r' && this.peek(1) === '\n' ? 2 : 1;
    this.line++;
    this.column = 0;
    return char === '\u2028' || char === '\u2029' ? char : '\n';
  }

  /** Whether a document begins or ends here. */
  isDocumentIndicator(indicator: '---' | '...'): boolean {
    if (this.column !== 0 || !this.#text.startsWith(indicator, this.at)) return false;
    const next = this.peek(3);
    return next === '' || next === ' ' || next === '\t' || isBreak(next);
  }

  /** Of what is found wrong where the cursor is. */
  error(problem: string): YamlError {
    return new YamlError(problem, this.line === 0 ? 0 : this.line + 1);
  }
}
