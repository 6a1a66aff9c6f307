import type { CelValue } from '../values/value.js';
import type { Comprehension, Expression } from './expression.js';
import { Operator } from './operators.js';

/** Arguments that a macro cannot be made of. */
export class MacroError extends Error {
  constructor(
    readonly at: number,
    message: string,
  ) {
    super(message);
  }
}

/** What a call becomes. `at` is where the call is, and where what it becomes is. Undefined: the call stays as it is. */
export type Expander = (at: number, target: Expression, args: readonly Expression[]) => Expression | undefined;

/** Keyed by name, number of arguments and whether there is a target, as `macroKey` writes it. */
export type Macros = ReadonlyMap<string, Expander>;

export function macroKey(name: string, args: number, member: boolean): string {
  return `${name}/${args}/${member}`;
}

export function expandMacro(macros: Macros, at: number, name: string, target: Expression | undefined, args: readonly Expression[]) {
  const expand = macros.get(macroKey(name, args.length, target !== undefined));
  return expand?.(at, target ?? NO_TARGET, args);
}

const NO_TARGET: Expression = { kind: 'broken', at: 0 };

/** Cannot be written in an expression, so nothing of the user's is hidden by it. */
export const ACCUMULATOR = '@result';
const OLD_ACCUMULATOR = '__result__';

/** Builds expressions at the place of a macro. */
export class Builder {
  constructor(readonly at: number) {}

  literal(value: CelValue): Expression {
    return { kind: 'literal', at: this.at, value };
  }

  identifier(name: string): Expression {
    return { kind: 'identifier', at: this.at, name };
  }

  get accumulator(): Expression {
    return this.identifier(ACCUMULATOR);
  }

  list(...values: Expression[]): Expression {
    return { kind: 'list', at: this.at, elements: values.map((value) => ({ value, optional: false })) };
  }

  call(name: string, ...args: Expression[]): Expression {
    return { kind: 'call', at: this.at, target: undefined, function: name, args };
  }

  memberCall(name: string, target: Expression, ...args: Expression[]): Expression {
    return { kind: 'call', at: this.at, target, function: name, args };
  }

  fold(
    parts: Pick<Comprehension, 'range' | 'variable' | 'initial' | 'condition' | 'step' | 'result'> & Partial<Comprehension>,
  ): Expression {
    return { kind: 'comprehension', at: this.at, accumulator: ACCUMULATOR, secondVariable: undefined, ...parts };
  }

  /** Evaluates `body` with `value` bound to a name. */
  bind(name: string, value: Expression, body: Expression): Expression {
    return this.fold({
      range: this.list(),
      variable: '#unused',
      accumulator: name,
      initial: value,
      condition: this.literal(false),
      step: this.identifier(name),
      result: body,
    });
  }
}

/** The name of a variable that a macro binds. */
export function variableOf(argument: Expression, otherwise: string): string {
  if (argument.kind !== 'identifier') throw new MacroError(argument.at, otherwise);
  if (argument.name === ACCUMULATOR || argument.name === OLD_ACCUMULATOR) {
    throw new MacroError(argument.at, 'iteration variable overwrites accumulator variable');
  }
  return argument.name;
}

/** The variable, or the two, of a loop. */
type Variables = Pick<Comprehension, 'variable' | 'secondVariable'>;

export const quantifiers = {
  all(b: Builder, range: Expression, variables: Variables, predicate: Expression): Expression {
    return b.fold({
      range,
      ...variables,
      initial: b.literal(true),
      condition: b.call(Operator.NotStrictlyFalse, b.accumulator),
      step: b.call(Operator.And, b.accumulator, predicate),
      result: b.accumulator,
    });
  },
  exists(b: Builder, range: Expression, variables: Variables, predicate: Expression): Expression {
    return b.fold({
      range,
      ...variables,
      initial: b.literal(false),
      condition: b.call(Operator.NotStrictlyFalse, b.call(Operator.Not, b.accumulator)),
      step: b.call(Operator.Or, b.accumulator, predicate),
      result: b.accumulator,
    });
  },
  existsOne(b: Builder, range: Expression, variables: Variables, predicate: Expression): Expression {
    return b.fold({
      range,
      ...variables,
      initial: b.literal(0),
      condition: b.literal(true),
      step: b.call(Operator.Conditional, predicate, b.call(Operator.Add, b.accumulator, b.literal(1)), b.accumulator),
      result: b.call(Operator.Equals, b.accumulator, b.literal(1)),
    });
  },
};

/** `range.map(x, f)` and `range.filter(x, p)`: a list of what `transform` gives where `filter`, if any, holds. */
export function collect(b: Builder, range: Expression, variables: Variables, transform: Expression, filter?: Expression): Expression {
  const append = b.call(Operator.Add, b.accumulator, b.list(transform));
  return b.fold({
    range,
    ...variables,
    initial: b.list(),
    condition: b.literal(true),
    step: filter === undefined ? append : b.call(Operator.Conditional, filter, append, b.accumulator),
    result: b.accumulator,
  });
}

type Args = readonly [Expression, ...Expression[]];

const has: Expander = (at, _, args) => {
  const [field] = args as Args;
  if (field.kind !== 'selection') throw new MacroError(field.at, 'invalid argument to has() macro');
  return { ...field, at, test: true };
};

function quantifier(expand: (typeof quantifiers)['all']): Expander {
  return (at, target, args) => {
    const [name, predicate] = args as readonly [Expression, Expression];
    const variable = variableOf(name, 'argument must be a simple name');
    return expand(new Builder(at), target, { variable, secondVariable: undefined }, predicate);
  };
}

const NOT_IDENTIFIER = 'argument is not an identifier';

export const mapMacro: Expander = (at, target, args) => {
  const [name, ...rest] = args as Args;
  const variable = variableOf(name, NOT_IDENTIFIER);
  const transform = rest[rest.length - 1] as Expression;
  return collect(new Builder(at), target, { variable, secondVariable: undefined }, transform, rest.length === 2 ? rest[0] : undefined);
};

const filterMacro: Expander = (at, target, args) => {
  const [name, predicate] = args as readonly [Expression, Expression];
  const variable = variableOf(name, NOT_IDENTIFIER);
  return collect(new Builder(at), target, { variable, secondVariable: undefined }, name, predicate);
};

export const STANDARD_MACROS: Macros = new Map([
  [macroKey('has', 1, false), has],
  [macroKey('all', 2, true), quantifier(quantifiers.all)],
  [macroKey('exists', 2, true), quantifier(quantifiers.exists)],
  [macroKey('exists_one', 2, true), quantifier(quantifiers.existsOne)],
  [macroKey('map', 2, true), mapMacro],
  [macroKey('map', 3, true), mapMacro],
  [macroKey('filter', 2, true), filterMacro],
]);
