import { isBlankOrEnd, isBreak, isBreakOrEnd, isWord } from './characters.js';
import { Cursor } from './cursor.js';
import { scanBlockScalar } from './scan-block-scalar.js';
import { scanDirective } from './scan-directive.js';
import { scanPlainScalar } from './scan-plain-scalar.js';
import { scanQuotedScalar } from './scan-quoted-scalar.js';
import { scanTag } from './scan-tag.js';
import { SimpleKeys } from './simple-keys.js';
import type { Token, TokenType } from './token.js';

const flowStarts: Readonly<Record<string, TokenType>> = { '[': 'flow-sequence-start', '{': 'flow-mapping-start' };
const flowEnds: Readonly<Record<string, TokenType>> = { ']': 'flow-sequence-end', '}': 'flow-mapping-end' };

/** Takes YAML text apart into tokens, which say where collections begin and end whatever they are written as. */
export class Scanner {
  readonly #cursor: Cursor;
  readonly #keys: SimpleKeys;
  readonly #maxDepth: number;
  readonly #indents: number[] = [];
  #indent = -1;
  #keyAllowed = true;
  #tokens: Token[] = [];
  #head = 0;
  #taken = 0;

  constructor(text: string, maxDepth: number) {
    this.#cursor = new Cursor(text);
    this.#keys = new SimpleKeys(this.#cursor);
    this.#maxDepth = maxDepth;
  }

  peek(): Token {
    while (this.#head === this.#tokens.length || this.#keys.mayBegin(this.#taken)) this.#fetch();
    return this.#tokens[this.#head] as Token;
  }

  take(): Token {
    const token = this.peek();
    this.#head++;
    this.#taken++;
    if (this.#head === this.#tokens.length) {
      this.#tokens = [];
      this.#head = 0;
    }
    return token;
  }

  get #next(): number {
    return this.#taken + this.#tokens.length - this.#head;
  }

  #add(type: TokenType, line = this.#cursor.line): void {
    this.#tokens.push({ type, line });
  }

  #insert(number: number, token: Token): void {
    const at = number - this.#taken;
    if (at < 0) this.#tokens.push(token);
    else this.#tokens.splice(this.#head + at, 0, token);
  }

  #fetch(): void {
    const cursor = this.#cursor;
    this.#skipToToken();
    this.#unroll(cursor.column);
    const char = cursor.peek();
    if (char === '') this.#endStream();
    else if (cursor.column === 0 && char === '%') this.#directive();
    else if (cursor.isDocumentIndicator('---')) this.#documentIndicator('document-start');
    else if (cursor.isDocumentIndicator('...')) this.#documentIndicator('document-end');
    else if (Object.hasOwn(flowStarts, char)) this.#startFlow(flowStarts[char] as TokenType);
    else if (Object.hasOwn(flowEnds, char)) this.#endFlow(flowEnds[char] as TokenType);
    else if (char === ',') this.#indicator('flow-entry', true);
    else if (char === '-' && isBlankOrEnd(cursor.peek(1))) this.#blockEntry();
    else if (char === '?' && this.#isFlowOrApart()) this.#key();
    else if (char === ':' && this.#isFlowOrApart()) this.#value();
    else this.#content(char);
  }

  #content(char: string): void {
    const cursor = this.#cursor;
    const { flowLevel } = this.#keys;
    if (char === '*') this.#simple(() => this.#name('alias'));
    else if (char === '&') this.#simple(() => this.#name('anchor'));
    else if (char === '!') this.#simple(() => scanTag(cursor));
    else if ((char === '|' || char === '>') && flowLevel === 0) this.#blockScalar();
    else if (char === "'" || char === '"') this.#simple(() => scanQuotedScalar(cursor));
    else if (this.#beginsPlain(char)) this.#plainScalar();
    else throw cursor.error('found character that cannot start any token');
  }

  /** Within a flow collection, or followed by something that is no part of a scalar. */
  #isFlowOrApart(): boolean {
    return this.#keys.flowLevel > 0 || isBlankOrEnd(this.#cursor.peek(1));
  }

  #beginsPlain(char: string): boolean {
    const next = this.#cursor.peek(1);
    if (char === '-') return next !== ' ' && next !== '\t';
    if (char === '?' || char === ':') return this.#keys.flowLevel === 0 && !isBlankOrEnd(next);
    return !isBlankOrEnd(char) && !',[]{}#&*!|>\'"%@`'.includes(char);
  }

  #skipToToken(): void {
    const cursor = this.#cursor;
    do {
      if (cursor.column === 0 && cursor.peek() === '\ufeff') cursor.skip();
      const tabs = this.#keys.flowLevel > 0 || !this.#keyAllowed;
      cursor.takeWhile((char) => char === ' ' || (tabs && char === '\t'));
      if (cursor.peek() === '#') cursor.takeWhile((char) => !isBreakOrEnd(char));
    } while (this.#skipBreak());
  }

  #skipBreak(): boolean {
    if (!isBreak(this.#cursor.peek())) return false;
    this.#cursor.takeBreak();
    if (this.#keys.flowLevel === 0) this.#keyAllowed = true;
    return true;
  }

  /** A collection begins at that column, unless it is the one that is going on there. */
  #roll(type: TokenType, column: number, line: number, before = this.#next): void {
    if (this.#keys.flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    this.#checkDepth(this.#indents.length);
    this.#insert(before, { type, line });
  }

  #unroll(column: number): void {
    if (this.#keys.flowLevel > 0) return;
    while (this.#indent > column) {
      this.#add('block-end');
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #checkDepth(depth: number): void {
    if (depth > this.#maxDepth) throw this.#cursor.error('exceeded max depth of 10000');
  }

  #endStream(): void {
    const cursor = this.#cursor;
    if (cursor.column !== 0) {
      cursor.column = 0;
      cursor.line++;
    }
    this.#endBlocks();
    this.#add('stream-end');
  }

  #endBlocks(): void {
    this.#unroll(-1);
    this.#keys.forget();
    this.#keyAllowed = false;
  }

  #directive(): void {
    this.#endBlocks();
    this.#tokens.push(scanDirective(this.#cursor));
  }

  #documentIndicator(type: TokenType): void {
    this.#endBlocks();
    this.#add(type);
    this.#cursor.skip(3);
  }

  #startFlow(type: TokenType): void {
    this.#saveKey();
    this.#keys.enterFlow(this.#next);
    this.#checkDepth(this.#keys.flowLevel);
    this.#keyAllowed = true;
    this.#add(type);
    this.#cursor.skip();
  }

  #endFlow(type: TokenType): void {
    this.#keys.forget();
    this.#keys.leaveFlow();
    this.#keyAllowed = false;
    this.#add(type);
    this.#cursor.skip();
  }

  #indicator(type: TokenType, keyAllowed: boolean): void {
    this.#keys.forget();
    this.#keyAllowed = keyAllowed;
    this.#add(type);
    this.#cursor.skip();
  }

  #blockEntry(): void {
    const { column, line } = this.#cursor;
    if (this.#keys.flowLevel === 0) {
      if (!this.#keyAllowed) throw this.#cursor.error('block sequence entries are not allowed in this context');
      this.#roll('block-sequence-start', column, line);
    }
    this.#indicator('block-entry', true);
  }

  #key(): void {
    const { column, line } = this.#cursor;
    const inBlock = this.#keys.flowLevel === 0;
    if (inBlock) {
      if (!this.#keyAllowed) throw this.#cursor.error('mapping keys are not allowed in this context');
      this.#roll('block-mapping-start', column, line);
    }
    this.#indicator('key', inBlock);
  }

  #value(): void {
    const key = this.#keys.take();
    if (key === undefined) this.#valueOfComplexKey();
    else {
      this.#insert(key.token, { type: 'key', line: key.line });
      this.#roll('block-mapping-start', key.column, key.line, key.token);
      this.#keyAllowed = false;
    }
    this.#add('value');
    this.#cursor.skip();
  }

  #valueOfComplexKey(): void {
    const { column, line } = this.#cursor;
    const inBlock = this.#keys.flowLevel === 0;
    if (inBlock) {
      if (!this.#keyAllowed) throw this.#cursor.error('mapping values are not allowed in this context');
      this.#roll('block-mapping-start', column, line);
    }
    this.#keyAllowed = inBlock;
  }

  #saveKey(): void {
    const required = this.#keys.flowLevel === 0 && this.#indent === this.#cursor.column;
    if (this.#keyAllowed) this.#keys.save(this.#next, required);
  }

  /** What may be a key, and is not followed by one. */
  #simple(scan: () => Token): void {
    this.#saveKey();
    this.#keyAllowed = false;
    this.#tokens.push(scan());
  }

  #name(type: 'alias' | 'anchor'): Token {
    const cursor = this.#cursor;
    const { line } = cursor;
    cursor.skip();
    const value = cursor.takeWhile(isWord);
    const next = cursor.peek();
    if (value === '' || !(isBlankOrEnd(next) || '?:,]}%@`'.includes(next)))
      throw cursor.error('did not find expected alphabetic or numeric character');
    return { type, line, value };
  }

  #blockScalar(): void {
    this.#keys.forget();
    this.#keyAllowed = true;
    this.#tokens.push(scanBlockScalar(this.#cursor, this.#indent));
  }

  #plainScalar(): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const { token, endsLine } = scanPlainScalar(this.#cursor, this.#indent, this.#keys.flowLevel > 0);
    if (endsLine) this.#keyAllowed = true;
    this.#tokens.push(token);
  }
}
