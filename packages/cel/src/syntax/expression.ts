import type { CelValue } from '../values/value.js';

/**
 * The syntax tree of an expression after its macros were expanded. `at` is where an error in a node is shown: of a call
 * its parenthesis, of an operator the operator itself, of a selection the dot.
 */
export type Expression = Literal | Identifier | Selection | Call | ListLiteral | MapLiteral | StructLiteral | Comprehension | Broken;

export interface Literal {
  readonly kind: 'literal';
  readonly at: number;
  readonly value: CelValue;
}

export interface Identifier {
  readonly kind: 'identifier';
  readonly at: number;
  /** With a leading dot when the expression has one. */
  readonly name: string;
}

export interface Selection {
  readonly kind: 'selection';
  readonly at: number;
  readonly operand: Expression;
  readonly field: string;
  /** `has(operand.field)`: asks only whether it is there. */
  readonly test: boolean;
}

/** Operators are calls of functions whose names are in `operators.ts`. */
export interface Call {
  readonly kind: 'call';
  readonly at: number;
  readonly target: Expression | undefined;
  readonly function: string;
  readonly args: readonly Expression[];
}

export interface ListLiteral {
  readonly kind: 'list';
  readonly at: number;
  readonly elements: readonly ListElement[];
}

export interface ListElement {
  readonly value: Expression;
  /** `?value`: an optional that is left out when it is none. */
  readonly optional: boolean;
}

export interface MapLiteral {
  readonly kind: 'map';
  readonly at: number;
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly at: number;
  readonly key: Expression;
  readonly value: Expression;
  readonly optional: boolean;
}

export interface StructLiteral {
  readonly kind: 'struct';
  readonly at: number;
  readonly type: string;
  readonly fields: readonly StructField[];
}

export interface StructField {
  readonly at: number;
  readonly name: string;
  readonly value: Expression;
  readonly optional: boolean;
}

/** What macros such as `all` and `map` become: a fold over the elements of a list or the keys of a map. */
export interface Comprehension {
  readonly kind: 'comprehension';
  readonly at: number;
  readonly range: Expression;
  readonly variable: string;
  /** With it, `variable` is the index or key, and this the element or value. */
  readonly secondVariable: string | undefined;
  readonly accumulator: string;
  readonly initial: Expression;
  readonly condition: Expression;
  readonly step: Expression;
  readonly result: Expression;
}

/** Stands where something could not be parsed; an error has been reported. */
export interface Broken {
  readonly kind: 'broken';
  readonly at: number;
}
