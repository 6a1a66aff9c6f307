import { declareWith, type FunctionDeclaration, method, overload } from '../environment/declarations.js';
import type { Library } from '../environment/environment.js';
import { codePoints } from '../source/source.js';
import { STANDARD_MACROS } from '../syntax/macros.js';
import { Operator } from '../syntax/operators.js';
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  INT,
  LIST,
  listOf,
  MAP,
  mapOf,
  NULL,
  STRING,
  TIMESTAMP,
  TYPE,
  typeParameter,
  UINT,
} from '../types/type.js';
import { isList, isMapping, listSize, mapSize } from '../values/collections.js';
import { EvaluationError, noSuchOverload } from '../values/evaluation-error.js';
import { patternFor } from '../values/pattern.js';
import type { CelValue } from '../values/value.js';
import { ARITHMETIC } from './arithmetic.js';
import { CONVERSIONS } from './conversions.js';
import { RELATIONAL } from './relations.js';
import { TIME } from './time.js';

const A = typeParameter('A');
const B = typeParameter('B');
const LIST_A = listOf(A);
const MAP_AB = mapOf(A, B);

function size(value: CelValue): number {
  if (typeof value === 'string') return codePoints(value);
  if (value instanceof Uint8Array) return value.length;
  if (isList(value)) return listSize(value);
  if (typeof value === 'object' && value !== null && isMapping(value)) return mapSize(value);
  throw new EvaluationError('no such overload: size');
}

const SIZED: readonly (readonly [string, CelType])[] = [
  ['bytes', BYTES],
  ['list', LIST_A],
  ['map', MAP_AB],
  ['string', STRING],
];

/** A method of two strings. */
function textTest(name: string, id: string, test: (text: string, other: string) => boolean): FunctionDeclaration {
  const call = (text: CelValue, other: CelValue) => {
    if (typeof text !== 'string' || typeof other !== 'string') throw noSuchOverload();
    return test(text, other);
  };
  return declareWith(name, call, method(id, [STRING, STRING], BOOL));
}

function matches(text: CelValue, pattern: CelValue): boolean {
  if (typeof text !== 'string') throw new EvaluationError('no such overload: matches');
  if (typeof pattern !== 'string') throw noSuchOverload();
  return patternFor(text, pattern).test(text);
}

/** Operators that the evaluator itself carries out, since they look at what errors their operands make. */
const CONTROL: readonly FunctionDeclaration[] = [
  { name: Operator.Conditional, overloads: [overload('conditional', [BOOL, A, A], A)] },
  { name: Operator.And, overloads: [overload('logical_and', [BOOL, BOOL], BOOL)] },
  { name: Operator.Or, overloads: [overload('logical_or', [BOOL, BOOL], BOOL)] },
  { name: Operator.NotStrictlyFalse, overloads: [overload('not_strictly_false', [BOOL], BOOL)] },
  { name: Operator.Index, overloads: [overload('index_list', [LIST_A, INT], A), overload('index_map', [MAP_AB, A], B)] },
];

function not(value: CelValue): boolean {
  if (typeof value !== 'boolean') throw noSuchOverload();
  return !value;
}

/** The functions that every CEL has. */
export const STANDARD: Library = {
  functions: [
    ...CONTROL,
    declareWith(Operator.Not, not, overload('logical_not', [BOOL], BOOL)),
    ...ARITHMETIC,
    ...RELATIONAL,
    declareWith(
      'size',
      size,
      ...SIZED.flatMap(([name, type]) => [overload(`size_${name}`, [type], INT), method(`${name}_size`, [type], INT)]),
    ),
    ...CONVERSIONS,
    textTest('contains', 'contains_string', (text, part) => text.includes(part)),
    textTest('endsWith', 'ends_with_string', (text, end) => text.endsWith(end)),
    textTest('startsWith', 'starts_with_string', (text, start) => text.startsWith(start)),
    declareWith('matches', matches, overload('matches', [STRING, STRING], BOOL), method('matches_string', [STRING, STRING], BOOL)),
    ...TIME,
  ],
  macros: STANDARD_MACROS,
  types: [BOOL, BYTES, DOUBLE, DURATION, INT, LIST, MAP, NULL, STRING, TIMESTAMP, TYPE, UINT],
};
