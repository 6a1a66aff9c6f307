import { declareWith, type FunctionDeclaration, overload } from '../environment/declarations.js';
import { Operator } from '../syntax/operators.js';
import { BOOL, BYTES, type CelType, DOUBLE, DURATION, INT, listOf, mapOf, STRING, TIMESTAMP, typeParameter, UINT } from '../types/type.js';
import { elementAt, findEntry, isList, isMapping, listSize } from '../values/collections.js';
import { compare, isNumeric } from '../values/compare.js';
import { Duration } from '../values/duration.js';
import { equal } from '../values/equality.js';
import { EvaluationError, noSuchOverload } from '../values/evaluation-error.js';
import { Timestamp } from '../values/timestamp.js';
import { CelList, type CelValue } from '../values/value.js';

const A = typeParameter('A');
const B = typeParameter('B');

/** Types that have an order, by cel-go's names of them, and the numbers that compare to other numbers. */
const ORDERED: readonly (readonly [string, CelType, CelType])[] = [
  ['bool', BOOL, BOOL],
  ['int64', INT, INT],
  ['int64_double', INT, DOUBLE],
  ['int64_uint64', INT, UINT],
  ['uint64', UINT, UINT],
  ['uint64_double', UINT, DOUBLE],
  ['uint64_int64', UINT, INT],
  ['double', DOUBLE, DOUBLE],
  ['double_int64', DOUBLE, INT],
  ['double_uint64', DOUBLE, UINT],
  ['string', STRING, STRING],
  ['bytes', BYTES, BYTES],
  ['timestamp', TIMESTAMP, TIMESTAMP],
  ['duration', DURATION, DURATION],
];

function relation(operator: string, name: string, holds: (order: number) => boolean): FunctionDeclaration {
  const test = (a: CelValue, b: CelValue) => {
    if (!isOrdered(a)) throw new EvaluationError(`no such overload: ${operator}`);
    return holds(compare(a, b));
  };
  return declareWith(operator, test, ...ORDERED.map(([id, left, right]) => overload(`${name}_${id}`, [left, right], BOOL)));
}

/** Whether values of its type have an order at all. */
export function isOrdered(value: CelValue): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || isNumeric(value)) return true;
  return value instanceof Timestamp || value instanceof Duration || value instanceof Uint8Array;
}

export const RELATIONAL: readonly FunctionDeclaration[] = [
  declareWith(Operator.Equals, equal, overload('equals', [A, A], BOOL)),
  declareWith(Operator.NotEquals, (a, b) => !equal(a, b), overload('not_equals', [A, A], BOOL)),
  relation(Operator.Less, 'less', (order) => order < 0),
  relation(Operator.LessEquals, 'less_equals', (order) => order <= 0),
  relation(Operator.Greater, 'greater', (order) => order > 0),
  relation(Operator.GreaterEquals, 'greater_equals', (order) => order >= 0),
  declareWith(Operator.In, isIn, overload('in_list', [A, listOf(A)], BOOL), overload('in_map', [A, mapOf(A, B)], BOOL)),
];

function isIn(value: CelValue, container: CelValue): boolean {
  if (isList(container)) return contains(container, value);
  if (isMapping(container)) return findEntry(container, value) !== undefined;
  throw noSuchOverload();
}

export function contains(list: readonly unknown[] | CelList, value: CelValue): boolean {
  // Strings are by far the most common elements, and JSON's are CEL's.
  if (typeof value === 'string' && !(list instanceof CelList)) return list.includes(value);
  for (let i = 0; i < listSize(list); i++) if (equal(value, elementAt(list, i))) return true;
  return false;
}
