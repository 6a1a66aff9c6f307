/** YAML text as it grows. */
export class YamlText {
  #text = '';
  #column = 0;
  /** Whether what was written last ends with something blank. */
  #blank = true;
  /** Whether the line has nothing but indentation and indicators that begin something. */
  #indentation = true;
  /** Whether the document would not be seen to end. */
  openEnded = false;

  get text(): string {
    return this.#text;
  }

  get column(): number {
    return this.#column;
  }

  get atIndent(): boolean {
    return this.#indentation;
  }

  indentTo(indent: number): void {
    if (!this.#indentation || this.#column > indent || (this.#column === indent && !this.#blank)) this.breakLine();
    this.#put(' '.repeat(indent - this.#column));
    this.#blank = true;
    this.#indentation = true;
  }

  /** `begins`: what follows may be further in, on the same line. `apart`: it stands behind a blank. */
  indicator(text: string, { begins = false, apart = begins }: { readonly begins?: boolean; readonly apart?: boolean } = {}): void {
    if (apart && !this.#blank) this.#put(' ');
    this.#put(text);
    this.#blank = false;
    this.#indentation &&= begins;
    this.openEnded = false;
  }

  /** Text behind a blank. */
  apart(text: string): void {
    if (!this.#blank) this.#put(' ');
    this.write(text);
  }

  write(text: string): void {
    this.#put(text);
    this.#blank = false;
    this.#indentation = false;
  }

  breakLine(text = '\n'): void {
    this.#text += text;
    this.#column = 0;
    this.#blank = true;
    this.#indentation = true;
  }

  #put(text: string): void {
    this.#text += text;
    this.#column += text.length;
  }
}
