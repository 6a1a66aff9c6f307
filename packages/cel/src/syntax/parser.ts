import { Issues } from '../source/issues.js';
import { codePoints, Source } from '../source/source.js';
import type { CelValue } from '../values/value.js';
import type { Expression, ListElement, MapEntry, StructField } from './expression.js';
import { after, before, END, tokens as expected, starts } from './grammar.js';
import { tokenize } from './lexer.js';
import { bytesLiteral, floatLiteral, intLiteral, LiteralError, stringLiteral, uintLiteral } from './literals.js';
import { balanced } from './logic.js';
import { expandMacro, MacroError, type Macros } from './macros.js';
import { Operator, PRODUCTS, RELATIONS, SUMS } from './operators.js';
import { ParsingStopped, type Place, Recognizer } from './recognizer.js';
import { Kind, type Token } from './tokens.js';

/** Code points of the longest expression. */
const MAX_SIZE = 100_000;
/** How deeply the operations of an expression may be nested in each other. */
const MAX_NESTING = 250;

const RESERVED = new Set(
  ('as break const continue else false for function if import in let loop package namespace null return true var void ' + 'while').split(
    ' ',
  ),
);

export interface ParserOptions {
  readonly macros: Macros;
  /** Whether `a.?b`, `a[?b]` and `[?a]` are allowed. */
  readonly optionals: boolean;
}

export interface ParsedExpression {
  readonly source: Source;
  /** Broken where there are issues. */
  readonly root: Expression;
  readonly issues: Issues;
}

/** Parses an expression and expands its macros. */
export function parse(text: string, options: ParserOptions): ParsedExpression {
  const source = new Source(text);
  const issues = new Issues(source);
  const size = codePoints(text);
  if (size > MAX_SIZE) {
    issues.report(`expression code point size exceeds limit: size: ${size}, limit ${MAX_SIZE}`);
    return { source, root: { kind: 'broken', at: 0 }, issues };
  }
  // Errors of meaning come after errors of syntax at the same place.
  const later: [string, number][] = [];
  const parser = new Parser(
    tokenize(text, (message, at) => issues.report(`Syntax error: ${message}`, at)),
    (message, at) => issues.report(`Syntax error: ${message}`, at),
    options,
    (message, at) => later.push([message, at]),
  );
  let root: Expression = { kind: 'broken', at: 0 };
  try {
    root = parser.parse();
  } catch (error) {
    if (!(error instanceof ParsingStopped)) throw error;
    if (error.message !== undefined) issues.report(error.message);
  }
  for (const [message, at] of later) issues.report(message, at);
  return { source, root, issues };
}

function broken(at: number): Expression {
  return { kind: 'broken', at };
}

class Parser extends Recognizer {
  readonly #options: ParserOptions;
  readonly #refuse: (message: string, at: number) => void;
  /** How many operations are nested below an expression; none where there is only a name or a literal. */
  readonly #nesting = new WeakMap<Expression, number>();

  constructor(
    tokens: readonly Token[],
    report: (message: string, offset: number) => void,
    options: ParserOptions,
    refuse: (message: string, at: number) => void,
  ) {
    super(tokens, report);
    this.#options = options;
    this.#refuse = refuse;
  }

  parse(): Expression {
    const start = this.enter('start', END);
    try {
      const root = this.#expression(after.start);
      this.match(expected.end);
      return root;
    } catch (error) {
      this.abandon(error);
      return broken(start);
    } finally {
      this.leave('start');
    }
  }

  #expression(follow: Place): Expression {
    const start = this.enter('expression', follow);
    try {
      const condition = this.#or(after.condition);
      if (this.look() !== Kind.Question) return condition;
      const { at } = this.take();
      const truthy = this.#or(after.truthy);
      this.match(expected.conditionColon);
      const falsy = this.#expression(after.falsy);
      return this.#call(at, Operator.Conditional, [condition, truthy, falsy]);
    } catch (error) {
      this.abandon(error);
      return broken(start);
    } finally {
      this.leave('expression');
    }
  }

  #or(follow: Place): Expression {
    const start = this.enter('or', follow);
    try {
      const terms = [this.#and()];
      const operators: number[] = [];
      while (this.look() === Kind.Or) {
        operators.push(this.take().at);
        terms.push(this.#and());
      }
      return this.#joined(Operator.Or, terms, operators);
    } catch (error) {
      this.abandon(error);
      return broken(start);
    } finally {
      this.leave('or');
    }
  }

  #and(): Expression {
    const start = this.enter('and', after.orTerm);
    try {
      const terms = [this.#relation(0, after.andTerm)];
      const operators: number[] = [];
      while (this.look() === Kind.And) {
        operators.push(this.take().at);
        terms.push(this.#relation(0, after.andTerm));
      }
      return this.#joined(Operator.And, terms, operators);
    } catch (error) {
      this.abandon(error);
      return broken(start);
    } finally {
      this.leave('and');
    }
  }

  #joined(operator: string, terms: readonly Expression[], operators: readonly number[]): Expression {
    if (operators.length === 0) return terms[0] as Expression;
    return balanced(terms, operators, (at, left, right) =>
      this.#carry({ kind: 'call', at, target: undefined, function: operator, args: [left, right] }, [left, right]),
    );
  }

  #relation(precedence: number, follow: Place): Expression {
    const start = this.enter('relation', follow);
    try {
      let left = this.#calc(0, after.relationTerm);
      for (let name = RELATIONS.get(this.look()); name !== undefined && precedence <= 1; name = RELATIONS.get(this.look())) {
        const { at } = this.take();
        left = this.#call(at, name, [left, this.#relation(2, after.relationTerm)]);
      }
      return left;
    } catch (error) {
      this.abandon(error);
      return broken(start);
    } finally {
      this.leave('relation');
    }
  }

  #calc(precedence: number, follow: Place): Expression {
    const start = this.enter('calc', follow);
    try {
      let left = this.#unary();
      for (;;) {
        const product = precedence <= 2 ? PRODUCTS.get(this.look()) : undefined;
        const name = product ?? (precedence <= 1 ? SUMS.get(this.look()) : undefined);
        if (name === undefined) return left;
        const { at } = this.take();
        left = this.#call(at, name, [left, this.#calc(product === undefined ? 2 : 3, after.calcTerm)]);
      }
    } catch (error) {
      this.abandon(error);
      return broken(start);
    } finally {
      this.leave('calc');
    }
  }

  #unary(): Expression {
    const start = this.enter('unary', after.calcTerm);
    try {
      this.sync(before.unary);
      if (this.look() === Kind.Not) return this.#not();
      if (this.look() !== Kind.Minus || isNumber(this.look(1))) {
        if (!starts.primary.has(this.look())) throw this.noAlternative(before.unary);
        return this.#member();
      }
      return this.#negate();
    } catch (error) {
      this.abandon(error);
      return broken(start);
    } finally {
      this.leave('unary');
    }
  }

  #not(): Expression {
    const operators: Token[] = [];
    do {
      operators.push(this.take());
      this.syncLoop(before.notAgain);
    } while (this.look() === Kind.Not);
    return this.#repeated(operators, Operator.Not);
  }

  #negate(): Expression {
    const operators: Token[] = [];
    let here: Place = before.unary;
    do {
      if (!starts.primary.has(this.look(1))) throw this.noAlternative(here, 1);
      operators.push(this.take());
      here = before.negateAgain;
      this.syncLoop(here);
    } while (this.look() === Kind.Minus);
    if (!starts.primary.has(this.look())) throw this.noAlternative(here);
    return this.#repeated(operators, Operator.Negate);
  }

  /** An operator twice is none. */
  #repeated(operators: readonly Token[], name: string): Expression {
    const operand = this.#member();
    if (operators.length % 2 === 0) return operand;
    const { at } = operators[0] as Token;
    return this.#carry({ kind: 'call', at, target: undefined, function: name, args: [operand] }, [operand]);
  }

  #member(): Expression {
    let operand: Expression = broken(this.token.at);
    const start = this.enter('member', after.unary);
    try {
      operand = this.#primary();
      for (let here = before.selector; ; here = before.laterSelector) {
        if (this.look() === Kind.OpenBracket) operand = this.#index(operand);
        else if (this.look() !== Kind.Dot) return operand;
        else if (this.look(1) === Kind.Identifier && this.look(2) === Kind.OpenParen) operand = this.#memberCall(operand);
        else if (starts.field.has(this.look(1))) operand = this.#select(operand);
        else throw this.noAlternative(here, 1);
      }
    } catch (error) {
      this.abandon(error);
      return broken(start);
    } finally {
      this.leave('member');
    }
  }

  #select(operand: Expression): Expression {
    const { at } = this.take();
    const optional = this.look() === Kind.Question;
    if (optional) this.take();
    const token = this.#name(after.selectedName);
    if (token === undefined) return broken(at);
    if (!optional) return this.#nested({ kind: 'selection', at, operand, field: token.text, test: false }, [operand]);
    if (!this.#options.optionals) return this.#refused("unsupported syntax '.?'", at);
    const field: Expression = { kind: 'literal', at: token.at, value: token.text };
    return this.#call(at, Operator.OptionalSelect, [operand, field]);
  }

  #memberCall(target: Expression): Expression {
    this.take();
    const name = this.take().text;
    const { at } = this.take();
    this.sync(before.memberArguments);
    const args = starts.expression.has(this.look()) ? this.#arguments(after.memberArguments) : [];
    this.match(expected.closeMemberArguments);
    return this.#callOrMacro(at, name, target, args);
  }

  #index(operand: Expression): Expression {
    const { at } = this.take();
    this.sync(before.index);
    const optional = this.look() === Kind.Question;
    if (optional) this.take();
    const index = this.#expression(after.index);
    this.match(expected.closeIndex);
    if (optional && !this.#options.optionals) return this.#refused("unsupported syntax '[?'", at);
    return this.#call(at, optional ? Operator.OptionalIndex : Operator.Index, [operand, index]);
  }

  #primary(): Expression {
    const start = this.enter('primary', after.member);
    try {
      this.sync(before.primary);
      switch (this.look()) {
        case Kind.OpenParen:
          return this.#parenthesized();
        case Kind.OpenBracket:
          return this.#list();
        case Kind.OpenBrace:
          return this.#map();
        case Kind.Dot:
        case Kind.Identifier:
          return this.#identified();
        default:
          if (!starts.primary.has(this.look())) throw this.noAlternative(before.primary);
          return this.#literal();
      }
    } catch (error) {
      this.abandon(error);
      return broken(start);
    } finally {
      this.leave('primary');
    }
  }

  #parenthesized(): Expression {
    this.take();
    const inner = this.#expression(after.nested);
    this.match(expected.closeNested);
    return inner;
  }

  /** A variable, a call, or a message: which of them is seen only behind the names. */
  #identified(): Expression {
    const dotted = this.look() === Kind.Dot;
    if (dotted && this.look(1) !== Kind.Identifier) throw this.noAlternative(before.primary, 1);
    let ahead = dotted ? 2 : 1;
    if (this.look(ahead) === Kind.OpenParen) return this.#globalCall(dotted);
    while (this.look(ahead) === Kind.Dot && this.look(ahead + 1) === Kind.Identifier) ahead += 2;
    if (this.look(ahead) === Kind.OpenBrace) return this.#struct();
    const start = this.token.at;
    if (dotted) this.take();
    const { text, at } = this.take();
    if (RESERVED.has(text)) return this.#refused(`reserved identifier: ${text}`, start);
    return { kind: 'identifier', at, name: dotted ? `.${text}` : text };
  }

  #globalCall(dotted: boolean): Expression {
    const start = this.token.at;
    if (dotted) this.take();
    const name = this.take().text;
    const { at } = this.take();
    this.sync(before.arguments);
    const args = starts.expression.has(this.look()) ? this.#arguments(after.arguments) : [];
    this.match(expected.closeArguments);
    if (RESERVED.has(name)) return this.#refused(`reserved identifier: ${name}`, start);
    return this.#callOrMacro(at, dotted ? `.${name}` : name, undefined, args);
  }

  #arguments(follow: Place): Expression[] {
    this.enter('arguments', follow);
    try {
      const args = [this.#expression(after.argument)];
      while (this.look() === Kind.Comma) {
        this.take();
        args.push(this.#expression(after.argument));
      }
      return args;
    } catch (error) {
      this.abandon(error);
      return [];
    } finally {
      this.leave('arguments');
    }
  }

  #list(): Expression {
    const { at } = this.take();
    this.sync(before.elements);
    const elements = starts.optionalExpression.has(this.look()) ? this.#elements() : [];
    this.sync(before.lastComma);
    if (this.look() === Kind.Comma) this.take();
    this.match(expected.closeList);
    return this.#carry(
      { kind: 'list', at, elements },
      elements.map(({ value }) => value),
    );
  }

  #elements(): ListElement[] {
    this.enter('elements', after.elements);
    try {
      const elements = [this.#optionalExpression(after.element)];
      while (this.look() === Kind.Comma && starts.optionalExpression.has(this.look(1))) {
        this.take();
        elements.push(this.#optionalExpression(after.element));
      }
      return elements;
    } catch (error) {
      this.abandon(error);
      return [];
    } finally {
      this.leave('elements');
    }
  }

  #optionalExpression(follow: Place): ListElement {
    const start = this.enter('optionalExpression', follow);
    try {
      this.sync(before.optionalExpression);
      const { at } = this.token;
      const optional = this.look() === Kind.Question;
      if (optional) this.take();
      const value = this.#expression(after.optionalExpression);
      if (optional && !this.#options.optionals) this.#refuse("unsupported syntax '?'", at);
      return { value, optional };
    } catch (error) {
      this.abandon(error);
      return { value: broken(start), optional: false };
    } finally {
      this.leave('optionalExpression');
    }
  }

  #map(): Expression {
    const { at } = this.take();
    this.sync(before.entries);
    const entries = starts.optionalExpression.has(this.look()) ? this.#entries() : [];
    this.sync(before.lastEntryComma);
    if (this.look() === Kind.Comma) this.take();
    this.match(expected.closeMap);
    return this.#carry(
      { kind: 'map', at, entries },
      entries.flatMap(({ key, value }) => [key, value]),
    );
  }

  #entries(): MapEntry[] {
    const entry = (colon: typeof expected.entryColon): MapEntry => {
      const { value: key, optional } = this.#optionalExpression(after.key);
      const { at } = this.match(colon) ?? this.token;
      return { at, key, value: this.#expression(after.entryValue), optional };
    };
    this.enter('entries', after.entries);
    try {
      const entries = [entry(expected.entryColon)];
      while (this.look() === Kind.Comma && starts.optionalExpression.has(this.look(1))) {
        this.take();
        entries.push(entry(expected.laterEntryColon));
      }
      return entries;
    } catch (error) {
      this.abandon(error);
      return [];
    } finally {
      this.leave('entries');
    }
  }

  #struct(): Expression {
    let type = '';
    while (this.look() !== Kind.OpenBrace) type += this.take().text;
    const { at } = this.take();
    this.sync(before.fields);
    const fields = starts.field.has(this.look()) ? this.#fields() : [];
    this.sync(before.lastFieldComma);
    if (this.look() === Kind.Comma) this.take();
    this.match(expected.closeStruct);
    return this.#carry(
      { kind: 'struct', at, type, fields },
      fields.map(({ value }) => value),
    );
  }

  #fields(): StructField[] {
    const field = (colon: typeof expected.entryColon): StructField => {
      const { name, optional } = this.#field();
      const { at } = this.match(colon) ?? this.token;
      return { at, name, value: this.#expression(after.entryValue), optional };
    };
    this.enter('fields', after.entries);
    try {
      const fields = [field(expected.entryColon)];
      while (this.look() === Kind.Comma && starts.field.has(this.look(1))) {
        this.take();
        fields.push(field(expected.laterEntryColon));
      }
      return fields;
    } catch (error) {
      this.abandon(error);
      return [];
    } finally {
      this.leave('fields');
    }
  }

  #field(): { name: string; optional: boolean } {
    this.enter('field', after.key);
    try {
      this.sync(before.field);
      const { at } = this.token;
      const optional = this.look() === Kind.Question;
      if (optional) this.take();
      const name = this.#name(after.name)?.text ?? '';
      if (optional && !this.#options.optionals) this.#refuse("unsupported syntax '?'", at);
      return { name, optional };
    } catch (error) {
      this.abandon(error);
      return { name: '', optional: false };
    } finally {
      this.leave('field');
    }
  }

  /** Kubernetes leaves the quoting of names by back ticks off. */
  #name(follow: Place): { text: string; at: number } | undefined {
    this.enter('name', follow);
    try {
      this.sync(before.name);
      if (this.look() !== Kind.Identifier && this.look() !== Kind.QuotedIdentifier) throw this.noAlternative(before.name);
      const token = this.take();
      if (token.kind === Kind.QuotedIdentifier) this.#refuse("unsupported syntax: '`'", token.at);
      return { text: token.text, at: token.at };
    } catch (error) {
      this.abandon(error);
      return undefined;
    } finally {
      this.leave('name');
    }
  }

  #literal(): Expression {
    const start = this.enter('literal', after.literal);
    try {
      this.sync(before.literal);
      const { at } = this.token;
      const negative = this.look() === Kind.Minus;
      if (negative && !isNumber(this.look(1))) throw this.noAlternative(before.literal, 1);
      if (negative) this.take();
      const token = this.take();
      try {
        return { kind: 'literal', at, value: literalValue(token, negative) };
      } catch (error) {
        if (!(error instanceof LiteralError)) throw error;
        return this.#refused(error.message, at);
      }
    } catch (error) {
      this.abandon(error);
      return broken(start);
    } finally {
      this.leave('literal');
    }
  }

  #call(at: number, name: string, args: readonly Expression[]): Expression {
    return this.#nested({ kind: 'call', at, target: undefined, function: name, args }, args);
  }

  #callOrMacro(at: number, name: string, target: Expression | undefined, args: readonly Expression[]): Expression {
    const operands = target === undefined ? args : [target, ...args];
    try {
      const expansion = expandMacro(this.#options.macros, at, name, target, args);
      const call = expansion ?? { kind: 'call', at, target, function: name, args };
      // Only calls on a target count as deeper.
      return target === undefined ? this.#carry(call, operands) : this.#nested(call, operands);
    } catch (error) {
      if (!(error instanceof MacroError)) throw error;
      return this.#refused(error.message, error.at);
    }
  }

  /** An operation on others is one deeper than the deepest of them. */
  #nested(expression: Expression, operands: readonly Expression[]): Expression {
    const depth = this.#deepest(operands) + 1;
    if (depth > MAX_NESTING) throw new ParsingStopped('max recursion depth exceeded');
    this.#nesting.set(expression, depth);
    return expression;
  }

  #carry(expression: Expression, operands: readonly Expression[]): Expression {
    this.#nesting.set(expression, this.#deepest(operands));
    return expression;
  }

  #deepest(operands: readonly Expression[]): number {
    return Math.max(0, ...operands.map((operand) => this.#nesting.get(operand) ?? 0));
  }

  #refused(message: string, at: number): Expression {
    this.#refuse(message, at);
    return broken(at);
  }
}

function isNumber(kind: Kind): boolean {
  return kind === Kind.Int || kind === Kind.Float;
}

function literalValue(token: Token, negative: boolean): CelValue {
  switch (token.kind) {
    case Kind.True:
      return true;
    case Kind.False:
      return false;
    case Kind.Null:
      return null;
    case Kind.Int:
      return intLiteral(token.text, negative);
    case Kind.Uint:
      return uintLiteral(token.text);
    case Kind.Float:
      return floatLiteral(token.text, negative);
    case Kind.Bytes:
      return bytesLiteral(token.text.slice(1));
    default:
      return stringLiteral(token.text);
  }
}
