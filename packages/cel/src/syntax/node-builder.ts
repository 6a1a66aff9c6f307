import type { Expression } from './expression.js';
import { expandMacro, MacroError, type Macros } from './macros.js';
import { ParsingStopped, Recognizer } from './recognizer.js';
import type { Token } from './tokens.js';

/** How deeply the operations of an expression may be nested in each other. */
const MAX_NESTING = 250;

export interface ParserOptions {
  readonly macros: Macros;
  /** Whether `a.?b`, `a[?b]` and `[?a]` are allowed. */
  readonly optionals: boolean;
}

/** Stands where something could not be read. */
export function broken(at: number): Expression {
  return { kind: 'broken', at };
}

/** The part of the parser that makes nodes, and keeps them from being nested too deeply. */
export class NodeBuilder extends Recognizer {
  protected readonly options: ParserOptions;
  protected readonly refuse: (message: string, at: number) => void;
  /** How many operations are nested below an expression; none where there is only a name or a literal. */
  readonly #nesting = new WeakMap<Expression, number>();

  constructor(
    tokens: readonly Token[],
    report: (message: string, offset: number) => void,
    options: ParserOptions,
    refuse: (message: string, at: number) => void,
  ) {
    super(tokens, report);
    this.options = options;
    this.refuse = refuse;
  }

  protected call(at: number, name: string, args: readonly Expression[]): Expression {
    return this.nested({ kind: 'call', at, target: undefined, function: name, args }, args);
  }

  protected callOrMacro(at: number, name: string, target: Expression | undefined, args: readonly Expression[]): Expression {
    const operands = target === undefined ? args : [target, ...args];
    try {
      const expansion = expandMacro(this.options.macros, at, name, target, args);
      const call = expansion ?? { kind: 'call', at, target, function: name, args };
      // Only calls on a target count as deeper.
      return target === undefined ? this.carry(call, operands) : this.nested(call, operands);
    } catch (error) {
      if (!(error instanceof MacroError)) throw error;
      return this.refused(error.message, error.at);
    }
  }

  /** An operation on others is one deeper than the deepest of them. */
  protected nested(expression: Expression, operands: readonly Expression[]): Expression {
    const depth = this.#deepest(operands) + 1;
    if (depth > MAX_NESTING) throw new ParsingStopped('max recursion depth exceeded');
    this.#nesting.set(expression, depth);
    return expression;
  }

  protected carry(expression: Expression, operands: readonly Expression[]): Expression {
    this.#nesting.set(expression, this.#deepest(operands));
    return expression;
  }

  #deepest(operands: readonly Expression[]): number {
    return Math.max(0, ...operands.map((operand) => this.#nesting.get(operand) ?? 0));
  }

  protected refused(message: string, at: number): Expression {
    this.refuse(message, at);
    return broken(at);
  }
}
