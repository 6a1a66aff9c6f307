import type { Expression } from './expression.js';
import { after, before, END, tokens as expected, starts } from './grammar.js';
import { balanced } from './logic.js';
import { MemberParser } from './member-parser.js';
import { broken } from './node-builder.js';
import { Operator, PRODUCTS, RELATIONS, SUMS } from './operators.js';
import type { Place } from './recognizer.js';
import { isNumber, Kind, type Token } from './tokens.js';

/** Operators, by how tightly they bind. */
export class ExpressionParser extends MemberParser {
  parse(): Expression {
    const start = this.enter('start', END);
    try {
      const root = this.expression(after.start);
      this.match(expected.end);
      return root;
    } catch (error) {
      this.abandon(error);
      return broken(start);
    } finally {
      this.leave('start');
    }
  }

  protected override expression(follow: Place): Expression {
    const start = this.enter('expression', follow);
    try {
      const condition = this.#or(after.condition);
      if (this.look() !== Kind.Question) return condition;
      const { at } = this.take();
      const truthy = this.#or(after.truthy);
      this.match(expected.conditionColon);
      const falsy = this.expression(after.falsy);
      return this.call(at, Operator.Conditional, [condition, truthy, falsy]);
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
      this.carry({ kind: 'call', at, target: undefined, function: operator, args: [left, right] }, [left, right]),
    );
  }

  #relation(precedence: number, follow: Place): Expression {
    const start = this.enter('relation', follow);
    try {
      let left = this.#calc(0, after.relationTerm);
      for (let name = RELATIONS.get(this.look()); name !== undefined && precedence <= 1; name = RELATIONS.get(this.look())) {
        const { at } = this.take();
        left = this.call(at, name, [left, this.#relation(2, after.relationTerm)]);
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
        left = this.call(at, name, [left, this.#calc(product === undefined ? 2 : 3, after.calcTerm)]);
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
        return this.member();
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
    const operand = this.member();
    if (operators.length % 2 === 0) return operand;
    const { at } = operators[0] as Token;
    return this.carry({ kind: 'call', at, target: undefined, function: name, args: [operand] }, [operand]);
  }
}
