import { declare, type FunctionDeclaration, method } from '../../environment/declarations.js';
import type { Library } from '../../environment/environment.js';
import { BOOL, BYTES, type CelType, DOUBLE, DURATION, INT, listOf, STRING, TIMESTAMP, typeParameter, UINT } from '../../types/type.js';
import { elements, type List } from '../../values/collections.js';
import { compare } from '../../values/compare.js';
import { Duration } from '../../values/duration.js';
import { equal } from '../../values/equality.js';
import { EvaluationError, noSuchOverload } from '../../values/evaluation-error.js';
import { type CelValue, Double, Uint } from '../../values/value.js';
import { plus } from '../arithmetic.js';
import { isOrdered } from '../relations.js';

const A = typeParameter('A');
const COMPARABLE: readonly (readonly [string, CelType])[] = [
  ['int', INT],
  ['uint', UINT],
  ['double', DOUBLE],
  ['bool', BOOL],
  ['duration', DURATION],
  ['timestamp', TIMESTAMP],
  ['string', STRING],
  ['bytes', BYTES],
];
const SUMMABLE: readonly (readonly [string, CelType, CelValue])[] = [
  ['int', INT, 0],
  ['uint', UINT, new Uint(0n)],
  ['double', DOUBLE, new Double(0)],
  ['duration', DURATION, new Duration(0n)],
];

/** Elements without an order among them, as dyn allows, are in any. */
function orderOf(a: CelValue, b: CelValue): number {
  try {
    return compare(a, b);
  } catch (error) {
    if (error instanceof EvaluationError) return 0;
    throw error;
  }
}

function* comparableElements(list: List): Generator<CelValue> {
  for (const element of elements(list)) {
    if (!isOrdered(element)) throw noSuchOverload();
    yield element;
  }
}

function isSorted(list: List): boolean {
  let previous: CelValue | undefined;
  for (const element of comparableElements(list)) {
    if (previous !== undefined && orderOf(previous, element) > 0) return false;
    previous = element;
  }
  return true;
}

/** The first of the least or greatest elements. */
function extreme(name: string, sign: 1 | -1): FunctionDeclaration {
  const find = (list: List): CelValue => {
    let best: CelValue | undefined;
    for (const element of comparableElements(list)) if (best === undefined || orderOf(element, best) * sign > 0) best = element;
    if (best === undefined) throw new EvaluationError(`${name} called on empty list`);
    return best;
  };
  return declare(name, ...COMPARABLE.map(([id, type]) => method(`list_${id}_${name}_${id}`, [listOf(type)], type, find)));
}

function sum(zero: CelValue): (list: List) => CelValue {
  return (list) => {
    let total = zero;
    for (const element of elements(list)) total = plus(total, element);
    return total;
  };
}

function indexOf(list: List, wanted: CelValue): number {
  return [...elements(list)].findIndex((element) => equal(element, wanted));
}

function lastIndexOf(list: List, wanted: CelValue): number {
  return [...elements(list)].findLastIndex((element) => equal(element, wanted));
}

/** Kubernetes' functions of lists. */
export const LISTS: Library = {
  functions: [
    declare('isSorted', ...COMPARABLE.map(([id, type]) => method(`list_${id}_is_sorted_bool`, [listOf(type)], BOOL, isSorted))),
    declare('sum', ...SUMMABLE.map(([id, type, zero]) => method(`list_${id}_sum_${id}`, [listOf(type)], type, sum(zero)))),
    extreme('max', 1),
    extreme('min', -1),
    declare('indexOf', method('list_a_index_of_int', [listOf(A), A], INT, indexOf)),
    declare('lastIndexOf', method('list_a_last_index_of_int', [listOf(A), A], INT, lastIndexOf)),
  ],
};
