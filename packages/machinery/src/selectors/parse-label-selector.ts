import { ApiError, badRequest } from '../errors/api-error.js';
import { checkKey, newRequirement } from './check-requirement.js';
import { scanLabelSelector, type Token } from './label-lexer.js';
import { LabelSelector } from './label-selector.js';
import type { Operator, Requirement } from './requirement.js';

/**
 * Reads the text form of a label selector (`app=a,tier in (x,y),!legacy`), as in the parameter `labelSelector`.
 * Throws 400 with upstream's text.
 */
export function parseLabelSelector(text: string): LabelSelector {
  const requirements = new LabelSelectorParser(scanLabelSelector(text)).parse();
  return requirements.length === 0 ? LabelSelector.everything : new LabelSelector(requirements);
}

const operators: ReadonlyMap<Token['type'], Operator> = new Map([
  ['in', 'in'],
  ['=', '='],
  ['==', '=='],
  ['>', 'gt'],
  ['<', 'lt'],
  ['notin', 'notin'],
  ['!=', '!='],
]);

class LabelSelectorParser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const start = this.#peek();
      if (start.type === 'end') return requirements;
      if (!startsRequirement(start)) throw badRequest(`found '${start.text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.#requirement());
      const separator = this.#next();
      if (separator.type === 'end') return requirements;
      if (separator.type !== ',') throw badRequest(`found '${separator.text}', expected: ',' or 'end of string'`);
      const following = this.#peek();
      if (!startsRequirement(following)) throw badRequest(`found '${following.text}', expected: identifier after ','`);
    }
  }

  #requirement(): Requirement {
    try {
      const negated = this.#peek().type === '!';
      if (negated) this.#next();
      const key = this.#next();
      if (key.type !== 'word') throw badRequest(`found '${key.text}', expected: identifier`);
      checkKey(key.text);
      if (negated) return newRequirement(key.text, '!', []);
      if (endsRequirement(this.#peek())) return newRequirement(key.text, 'exists', []);
      const operator = this.#operator();
      return newRequirement(key.text, operator, operator === 'in' || operator === 'notin' ? this.#values() : [this.#value()]);
    } catch (error) {
      if (error instanceof ApiError) throw badRequest(`unable to parse requirement: ${error.message}`);
      throw error;
    }
  }

  #operator(): Operator {
    const token = this.#tokens[this.#at++] ?? end;
    const operator = operators.get(token.type);
    if (operator === undefined) throw badRequest(`found '${token.text}', expected: in, notin, =, ==, !=, gt, lt`);
    return operator;
  }

  /** The value after `=`; none at all is the empty string. */
  #value(): string {
    if (endsRequirement(this.#peek())) return '';
    const token = this.#next();
    if (token.type !== 'word') throw badRequest(`found '${token.text}', expected: identifier`);
    return token.text;
  }

  /** `(a,b)`; a missing value, also the one in `()`, is the empty string. */
  #values(): string[] {
    const open = this.#next();
    if (open.type !== '(') throw badRequest(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (first.type !== 'word' && first.type !== ',' && first.type !== ')') {
      throw badRequest(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    const values: string[] = [];
    for (;;) {
      values.push(this.#peek().type === 'word' ? this.#next().text : '');
      const separator = this.#next();
      if (separator.type === ')') return values;
      if (separator.type !== ',') throw badRequest(`found '${separator.text}', expected: ',' or ')'`);
      const value = this.#peek();
      if (value.type !== 'word' && value.type !== ',' && value.type !== ')') {
        throw badRequest(`found '${value.text}', expected: ',', or identifier`);
      }
    }
  }

  /** The next token, where `in` and `notin` are mere words. */
  #peek(): Token {
    const token = this.#tokens[this.#at] ?? end;
    return token.type === 'in' || token.type === 'notin' ? { type: 'word', text: token.text } : token;
  }

  #next(): Token {
    const token = this.#peek();
    this.#at++;
    return token;
  }
}

const end: Token = { type: 'end', text: '' };

function startsRequirement({ type }: Token): boolean {
  return type === 'word' || type === '!';
}

function endsRequirement({ type }: Token): boolean {
  return type === ',' || type === 'end';
}
