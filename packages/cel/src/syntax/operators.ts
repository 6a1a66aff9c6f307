import { Kind } from './tokens.js';

/** Names of the functions that operators call, as error messages show them. */
export const Operator = {
  Conditional: '_?_:_',
  And: '_&&_',
  Or: '_||_',
  Not: '!_',
  Equals: '_==_',
  NotEquals: '_!=_',
  Less: '_<_',
  LessEquals: '_<=_',
  Greater: '_>_',
  GreaterEquals: '_>=_',
  Add: '_+_',
  Subtract: '_-_',
  Multiply: '_*_',
  Divide: '_/_',
  Modulo: '_%_',
  Negate: '-_',
  Index: '_[_]',
  OptionalIndex: '_[?_]',
  OptionalSelect: '_?._',
  In: '@in',
  NotStrictlyFalse: '@not_strictly_false',
} as const;

export const RELATIONS: ReadonlyMap<Kind, string> = new Map<Kind, string>([
  [Kind.Equals, Operator.Equals],
  [Kind.NotEquals, Operator.NotEquals],
  [Kind.In, Operator.In],
  [Kind.Less, Operator.Less],
  [Kind.LessEquals, Operator.LessEquals],
  [Kind.GreaterEquals, Operator.GreaterEquals],
  [Kind.Greater, Operator.Greater],
]);

export const PRODUCTS: ReadonlyMap<Kind, string> = new Map<Kind, string>([
  [Kind.Star, Operator.Multiply],
  [Kind.Slash, Operator.Divide],
  [Kind.Percent, Operator.Modulo],
]);

export const SUMS: ReadonlyMap<Kind, string> = new Map<Kind, string>([
  [Kind.Minus, Operator.Subtract],
  [Kind.Plus, Operator.Add],
]);
