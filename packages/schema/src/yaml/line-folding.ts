import { isBlank, isBreak } from './characters.js';
import type { Cursor } from './cursor.js';

/** The blanks and line breaks within a scalar of several lines, and what they are read as. */
export class LineFolding {
  #blanks = '';
  #firstBreak = '';
  #moreBreaks = '';
  /** Whether a line has ended since the last text. */
  broken = false;

  /** Takes blanks and breaks up to the next text. `onTab` is told of tabs that begin a line. */
  take(cursor: Cursor, onTab?: () => void): void {
    for (let char = cursor.peek(); isBlank(char) || isBreak(char); char = cursor.peek()) {
      if (isBreak(char)) this.#takeBreak(cursor);
      else if (this.broken) {
        if (char === '\t') onTab?.();
        cursor.skip();
      } else this.#blanks += cursor.take();
    }
  }

  #takeBreak(cursor: Cursor): void {
    if (this.broken) this.#moreBreaks += cursor.takeBreak();
    else {
      this.#firstBreak = cursor.takeBreak();
      this.broken = true;
    }
  }

  /** A line ends here without a break in what is read. */
  breakSilently(): void {
    this.broken = true;
  }

  /** What to put between the text before and the text after; forgets it. */
  folded(): string {
    const text = this.broken ? this.#foldedBreaks() : this.#blanks;
    this.#blanks = this.#firstBreak = this.#moreBreaks = '';
    this.broken = false;
    return text;
  }

  #foldedBreaks(): string {
    if (this.#firstBreak !== '\n') return this.#firstBreak + this.#moreBreaks;
    return this.#moreBreaks === '' ? ' ' : this.#moreBreaks;
  }
}
