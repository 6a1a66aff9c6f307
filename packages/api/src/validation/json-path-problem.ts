const letterOrDigit = /^[\p{L}\p{Nd}_]$/u;
const digit = /^\p{Nd}$/u;
const terminators: ReadonlySet<string | undefined> = new Set([undefined, ' ', '\t', '\r', '\n', '.', ',', '[', ']', '$', '@', '{', '}']);
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;
const slice = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/;
const comparison = /^([^!<>=]+)[!<>=]+(.+?)$/;
/** Texts between quotes, as Go reads those with escapes. */
const unquoted: Readonly<Record<string, RegExp>> = {
  "'": /^(?:[^\\']|\\(?:[abfnrtv\\']|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-3][0-7]{2}))*$/,
  '"': /^(?:[^\\"]|\\(?:[abfnrtv\\"]|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-3][0-7]{2}))*$/,
};

/** What is wrong with a JSONPath template, `{.spec.replicas}`, in the words of client-go, which defines this dialect. */
export function jsonPathProblem(template: string): string | undefined {
  try {
    new Template(template).text();
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

/** Checks an action that is part of another. */
function checkAction(action: string): void {
  new Template(`{${action}}`).text();
}

class Template {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(template: string) {
    this.#characters = [...template];
  }

  /** What stands outside of actions may be anything. */
  text(): void {
    for (;;) {
      const start = this.#characters.indexOf('{', this.#at);
      if (start < 0) return;
      this.#at = start + 1;
      this.#action();
    }
  }

  #action(): void {
    let descends = false;
    while (!this.#take('}')) {
      if (this.#take('[?(')) this.#filter();
      else if (this.#take('..')) {
        if (descends) throw new SyntaxError('invalid multiple recursive descent');
        descends = !letterOrDigit.test(this.#characters[this.#at] ?? '');
        if (!descends) this.#field();
        continue;
      } else if (!this.#step()) continue;
      descends = false;
    }
  }

  /** Reads a part of a path; false when it was none. */
  #step(): boolean {
    const next = this.#next();
    if (next === undefined || next === '\r' || next === '\n') throw new SyntaxError('unclosed action');
    if (next === ' ' || next === '@' || next === '$') return false;
    if (next === '[') this.#array();
    else if (next === '"' || next === "'") this.#quoted(next);
    else if (next === '.') this.#field();
    else if (next === '+' || next === '-' || digit.test(next)) this.#number(next);
    else if (letterOrDigit.test(next)) this.#word();
    else throw new SyntaxError(`unrecognized character in action: ${codePoint(next)} '${next}'`);
    return true;
  }

  #next(): string | undefined {
    return this.#characters[this.#at++];
  }

  #take(text: string): boolean {
    const found = [...text].every((character, i) => this.#characters[this.#at + i] === character);
    if (found) this.#at += text.length;
    return found;
  }

  /** The characters up to one of these, which is read too. */
  #until(isEnd: (character: string) => boolean, unterminated: string): string {
    const start = this.#at;
    for (;;) {
      const next = this.#next();
      if (next === undefined || next === '\n') throw new SyntaxError(unterminated);
      if (isEnd(next)) return this.#characters.slice(start, this.#at - 1).join('');
    }
  }

  #array(): void {
    const inside = this.#until((character) => character === ']', 'unterminated array');
    const parts = inside.split(',');
    if (parts.length > 1) {
      for (const part of parts) checkAction(`[${part.replace(/^ +| +$/g, '')}]`);
      return;
    }
    const key = /^'([^']*)'$/.exec(inside)?.[1];
    if (key === undefined) checkIndex(inside === '*' ? ':' : inside);
    else checkAction(`.${key}`);
  }

  #filter(): void {
    let quote: string | undefined;
    let isPaired = false;
    const isEnd = (character: string) => {
      if (character === ')') return (quote !== undefined) === isPaired;
      if (character !== '"' && character !== "'") return false;
      if (quote === undefined) quote = character;
      else if (character === quote && this.#characters[this.#at - 2] !== '\\') isPaired = true;
      return false;
    };
    const inside = this.#until(isEnd, 'unterminated filter');
    if (this.#next() !== ']') throw new SyntaxError('unclosed array expect ]');
    const [, left = inside, right] = comparison.exec(inside) ?? [];
    checkAction(left);
    if (right !== undefined) checkAction(right);
  }

  #quoted(quote: string): void {
    const isEnd = (character: string) => character === quote && this.#characters[this.#at - 2] !== '\\';
    const inside = this.#until(isEnd, 'unterminated quoted string');
    if (!unquoted[quote]?.test(inside)) throw new SyntaxError(`unquote string ${quote}${inside}${quote} error invalid syntax`);
  }

  #field(): void {
    while (!terminators.has(this.#characters[this.#at])) this.#at += this.#characters[this.#at] === '\\' ? 2 : 1;
  }

  #word(): void {
    while (!terminators.has(this.#characters[this.#at])) this.#at += 1;
  }

  #number(first: string): void {
    const start = this.#at;
    while (/^[.\p{Nd}]$/u.test(this.#characters[this.#at] ?? '')) this.#at += 1;
    const text = first + this.#characters.slice(start, this.#at).join('');
    if (!number.test(text)) throw new SyntaxError(`cannot parse number ${text}`);
  }
}

function checkIndex(text: string): void {
  const parts = slice.exec(text)?.slice(1);
  if (parts === undefined) throw new SyntaxError(`invalid array index ${text}`);
  const wrong = parts.map((part) => part?.replace(':', '')).find((part) => part === '-');
  if (wrong !== undefined) throw new SyntaxError(`array index ${wrong} is not a number`);
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
