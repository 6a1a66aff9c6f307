import { declare, declareWith, type FunctionDeclaration, method, overload } from '../../environment/declarations.js';
import type { Library } from '../../environment/environment.js';
import type { Expression } from '../../syntax/expression.js';
import { Builder, type Expander, MacroError, macroKey, mapMacro } from '../../syntax/macros.js';
import { BOOL, BYTES, DOUBLE, DURATION, DYN, INT, listOf, STRING, TIMESTAMP, typeParameter, UINT } from '../../types/type.js';
import { elementAt, elements, isList, type List, listSize } from '../../values/collections.js';
import { compare } from '../../values/compare.js';
import { equal } from '../../values/equality.js';
import { EvaluationError } from '../../values/evaluation-error.js';
import type { Int } from '../../values/int.js';
import { runtimeType } from '../../values/runtime-type.js';
import type { CelValue } from '../../values/value.js';
import { isOrdered } from '../relations.js';

const LIST_T = listOf(typeParameter('T'));
const SORTABLE = [INT, UINT, DOUBLE, BOOL, DURATION, TIMESTAMP, STRING, BYTES];
/** A list longer than any cost limit allows is not made only to be refused afterwards. */
const MAX_RANGE = 1_000_000;

function slice(list: List, start: Int, end: Int): CelValue {
  const what = `cannot slice(${start}, ${end})`;
  if (start < 0 || end < 0) throw new EvaluationError(`${what}, negative indexes not supported`);
  if (start > end) throw new EvaluationError(`${what}, start index must be less than or equal to end index`);
  if (end > listSize(list)) throw new EvaluationError(`${what}, list is length ${listSize(list)}`);
  return [...elements(list)].slice(Number(start), Number(end));
}

function flatten(list: List, depth: Int = 1): CelValue[] {
  if (depth < 0) throw new EvaluationError('level must be non-negative');
  return [...elements(list)].flatMap((element) => (isList(element) && depth > 0 ? flatten(element, Number(depth) - 1) : [element]));
}

function sortBy(list: List, keys: List): CelValue {
  const sizes = [listSize(list), listSize(keys)] as const;
  if (sizes[0] !== sizes[1]) {
    throw new EvaluationError(
      `@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${sizes[0]} and ${sizes[1]} elements respectively`,
    );
  }
  const sortKeys = [...elements(keys)];
  const [first] = sortKeys;
  if (first !== undefined && !isOrdered(first)) throw new EvaluationError('list elements must be comparable');
  const type = first === undefined ? DYN : runtimeType(first);
  if (sortKeys.some((key) => runtimeType(key) !== type)) throw new EvaluationError('list elements must have the same type');
  return sortKeys
    .map((key, i) => [key, i] as const)
    .sort(([a], [b]) => compare(a, b))
    .map(([, i]) => elementAt(list, i));
}

function distinct(list: List): CelValue[] {
  const unique: CelValue[] = [];
  for (const element of elements(list)) if (!unique.some((other) => equal(element, other))) unique.push(element);
  return unique;
}

function range(count: Int): CelValue[] {
  if (count > MAX_RANGE) throw new EvaluationError('operation cancelled: actual cost limit exceeded');
  return Array.from({ length: Math.max(0, Number(count)) }, (_, i) => i);
}

/** `list.sortBy(x, key)` sorts by what the key is of each element. */
const sortByMacro: Expander = (at, target, args) => {
  if (!['list', 'selection', 'identifier', 'comprehension', 'call'].includes(target.kind)) {
    throw new MacroError(target.at, 'sortBy can only be applied to a list, identifier, comprehension, call or select expression');
  }
  const b = new Builder(at);
  const input = '@__sortBy_input__';
  const keys = mapMacro(at, b.identifier(input), args) as Expression;
  return b.bind(input, target, b.memberCall('@sortByAssociatedKeys', b.identifier(input), keys));
};

const FUNCTIONS: readonly FunctionDeclaration[] = [
  declare('slice', method('list_slice', [LIST_T, INT, INT], LIST_T, slice)),
  declare(
    'flatten',
    method('list_flatten', [listOf(LIST_T)], LIST_T, (list: List) => flatten(list)),
    method('list_flatten_int', [listOf(DYN), INT], listOf(DYN), flatten),
  ),
  declareWith(
    'sort',
    (list) => {
      if (!isList(list)) throw new EvaluationError('no such overload: sort');
      return sortBy(list, list);
    },
    ...SORTABLE.map((type) => method(`list_${type.name}_sort`, [listOf(type)], listOf(type))),
  ),
  declareWith(
    '@sortByAssociatedKeys',
    (list, keys) => {
      if (!isList(list) || !isList(keys)) throw new EvaluationError('no such overload: @sortByAssociatedKeys');
      return sortBy(list, keys);
    },
    ...SORTABLE.map((type) => method(`list_${type.name}_sortByAssociatedKeys`, [LIST_T, listOf(type)], LIST_T)),
  ),
  declare('lists.range', overload('lists_range', [INT], listOf(INT), range)),
  declare(
    'reverse',
    method('list_reverse', [LIST_T], LIST_T, (list: List) => [...elements(list)].reverse()),
  ),
  declare('distinct', method('list_distinct', [LIST_T], LIST_T, distinct)),
];

/** cel-go's extension of lists, in its version 3. */
export const LISTS_EXTENSION: Library = { functions: FUNCTIONS, macros: new Map([[macroKey('sortBy', 2, true), sortByMacro]]) };
