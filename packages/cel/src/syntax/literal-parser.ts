import type { CelValue } from '../values/value.js';
import type { Expression } from './expression.js';
import { after, before } from './grammar.js';
import { bytesLiteral, floatLiteral, intLiteral, LiteralError, stringLiteral, uintLiteral } from './literals.js';
import { broken, NodeBuilder } from './node-builder.js';
import type { Place } from './recognizer.js';
import { isNumber, Kind, type Token } from './tokens.js';

/** Names and literals. */
export class LiteralParser extends NodeBuilder {
  /** Kubernetes leaves the quoting of names by back ticks off. */
  protected name(follow: Place): { text: string; at: number } | undefined {
    this.enter('name', follow);
    try {
      this.sync(before.name);
      if (this.look() !== Kind.Identifier && this.look() !== Kind.QuotedIdentifier) throw this.noAlternative(before.name);
      const token = this.take();
      if (token.kind === Kind.QuotedIdentifier) this.refuse("unsupported syntax: '`'", token.at);
      return { text: token.text, at: token.at };
    } catch (error) {
      this.abandon(error);
      return undefined;
    } finally {
      this.leave('name');
    }
  }

  protected literal(): Expression {
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
        return this.refused(error.message, at);
      }
    } catch (error) {
      this.abandon(error);
      return broken(start);
    } finally {
      this.leave('literal');
    }
  }
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
