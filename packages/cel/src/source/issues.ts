import { type Location, NO_LOCATION, type Source } from './source.js';

const MAX_REPORTED = 100;
/** Lines longer than this, in UTF-8 bytes, are not shown with an error. */
const MAX_SNIPPET_BYTES = 16_384;

interface Issue {
  readonly location: Location;
  readonly message: string;
}

/** What is wrong with an expression. Prints the way cel-go does, with the line and a mark below it. */
export class Issues {
  readonly #issues: Issue[] = [];
  #count = 0;

  constructor(readonly source: Source) {}

  get count(): number {
    return this.#count;
  }

  /** At an offset of the source, or nowhere. */
  report(message: string, offset?: number): void {
    this.#count++;
    if (this.#count > MAX_REPORTED) return;
    this.#issues.push({ location: offset === undefined ? NO_LOCATION : this.source.location(offset), message });
  }

  toString(): string {
    const sorted = this.#issues.toSorted((a, b) => a.location.line - b.location.line || a.location.column - b.location.column);
    const texts = sorted.map((issue) => this.#display(issue));
    if (this.#count > MAX_REPORTED) texts.push(`${this.#count - MAX_REPORTED} more errors were truncated`);
    return texts.join('\n');
  }

  #display({ location, message }: Issue): string {
    const head = `ERROR: <input>:${location.line}:${location.column + 1}: ${message}`;
    const line = this.source.line(location.line);
    if (line === undefined || Buffer.byteLength(line) > MAX_SNIPPET_BYTES) return head;
    const snippet = line.replaceAll('\t', ' ');
    const characters = [...snippet];
    // Characters beyond ASCII are marked by full-width ones, which take as much room.
    const isWide = (character: string | undefined) => character !== undefined && (character.codePointAt(0) as number) > 0x7f;
    const dots = characters.slice(0, location.column).map((character) => (isWide(character) ? '\uff0e' : '.'));
    return `${head}\n | ${snippet}\n | ${dots.join('')}${isWide(characters[location.column]) ? '\uff3e' : '^'}`;
  }
}
