/** A place in an expression: the line from 1, the column from 0 in code points. */
export interface Location {
  readonly line: number;
  readonly column: number;
}

/** Of what is wrong with an empty text: before its first character. */
const NOWHERE: Location = { line: 1, column: -1 };

/** Of errors that belong to no place. */
export const NO_LOCATION: Location = { line: -1, column: -1 };

/** The text of one expression. Offsets are UTF-16 units of it; columns count code points. */
export class Source {
  readonly #lineStarts: number[] = [0];

  constructor(readonly text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#lineStarts.push(at + 1);
  }

  location(offset: number): Location {
    if (this.text === '') return NOWHERE;
    let line = 1;
    while (line < this.#lineStarts.length && (this.#lineStarts[line] as number) <= offset) line++;
    return { line, column: codePoints(this.text.slice(this.#lineStarts[line - 1], offset)) };
  }

  /** Undefined where there is no such line. */
  line(number: number): string | undefined {
    const start = this.#lineStarts[number - 1];
    if (start === undefined || this.text === '') return undefined;
    const next = this.#lineStarts[number];
    return this.text.slice(start, next === undefined ? undefined : next - 1);
  }
}

const SURROGATES = /[\ud800-\udbff][\udc00-\udfff]/g;

/** How many code points a string has: what CEL calls its size. */
export function codePoints(text: string): number {
  // Most strings have no character outside the basic plane, and then this is their length.
  let pairs = 0;
  SURROGATES.lastIndex = 0;
  while (SURROGATES.test(text)) pairs++;
  return text.length - pairs;
}
