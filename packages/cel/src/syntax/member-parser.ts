import { CollectionParser } from './collection-parser.js';
import type { Expression } from './expression.js';
import { after, before, tokens as expected, starts } from './grammar.js';
import { broken } from './node-builder.js';
import { Operator } from './operators.js';
import type { Place } from './recognizer.js';
import { Kind } from './tokens.js';

/** What is no variable's name. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['as', 'break', 'const', 'continue', 'else', 'false', 'for', 'function', 'if', 'import', 'in', 'let', 'loop', 'package'],
  ...['namespace', 'null', 'return', 'true', 'var', 'void', 'while'],
]);

/** Variables, calls, and what is selected from others. */
export abstract class MemberParser extends CollectionParser {
  protected member(): Expression {
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
    const token = this.name(after.selectedName);
    if (token === undefined) return broken(at);
    if (!optional) return this.nested({ kind: 'selection', at, operand, field: token.text, test: false }, [operand]);
    if (!this.options.optionals) return this.refused("unsupported syntax '.?'", at);
    const field: Expression = { kind: 'literal', at: token.at, value: token.text };
    return this.call(at, Operator.OptionalSelect, [operand, field]);
  }

  #memberCall(target: Expression): Expression {
    this.take();
    const name = this.take().text;
    const { at } = this.take();
    this.sync(before.memberArguments);
    const args = starts.expression.has(this.look()) ? this.#arguments(after.memberArguments) : [];
    this.match(expected.closeMemberArguments);
    return this.callOrMacro(at, name, target, args);
  }

  #index(operand: Expression): Expression {
    const { at } = this.take();
    this.sync(before.index);
    const optional = this.look() === Kind.Question;
    if (optional) this.take();
    const index = this.expression(after.index);
    this.match(expected.closeIndex);
    if (optional && !this.options.optionals) return this.refused("unsupported syntax '[?'", at);
    return this.call(at, optional ? Operator.OptionalIndex : Operator.Index, [operand, index]);
  }

  #primary(): Expression {
    const start = this.enter('primary', after.member);
    try {
      this.sync(before.primary);
      switch (this.look()) {
        case Kind.OpenParen:
          return this.#parenthesized();
        case Kind.OpenBracket:
          return this.list();
        case Kind.OpenBrace:
          return this.map();
        case Kind.Dot:
        case Kind.Identifier:
          return this.#identified();
        default:
          if (!starts.primary.has(this.look())) throw this.noAlternative(before.primary);
          return this.literal();
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
    const inner = this.expression(after.nested);
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
    if (this.look(ahead) === Kind.OpenBrace) return this.struct();
    const start = this.token.at;
    if (dotted) this.take();
    const { text, at } = this.take();
    if (RESERVED.has(text)) return this.refused(`reserved identifier: ${text}`, start);
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
    if (RESERVED.has(name)) return this.refused(`reserved identifier: ${name}`, start);
    return this.callOrMacro(at, dotted ? `.${name}` : name, undefined, args);
  }

  #arguments(follow: Place): Expression[] {
    this.enter('arguments', follow);
    try {
      const args = [this.expression(after.argument)];
      while (this.look() === Kind.Comma) {
        this.take();
        args.push(this.expression(after.argument));
      }
      return args;
    } catch (error) {
      this.abandon(error);
      return [];
    } finally {
      this.leave('arguments');
    }
  }
}
