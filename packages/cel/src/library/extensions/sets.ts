import { declare, overload } from '../../environment/declarations.js';
import type { Library } from '../../environment/environment.js';
import { BOOL, listOf, typeParameter } from '../../types/type.js';
import { elements, type List } from '../../values/collections.js';
import { contains } from '../relations.js';

const LIST_T = listOf(typeParameter('T'));

function containsAll(list: List, others: List): boolean {
  for (const other of elements(others)) if (!contains(list, other)) return false;
  return true;
}

function intersects(list: List, others: List): boolean {
  for (const element of elements(list)) if (contains(others, element)) return true;
  return false;
}

/** cel-go's extension of lists taken as sets. */
export const SETS: Library = {
  functions: [
    declare('sets.contains', overload('list_sets_contains_list', [LIST_T, LIST_T], BOOL, containsAll)),
    declare(
      'sets.equivalent',
      overload('list_sets_equivalent_list', [LIST_T, LIST_T], BOOL, (a: List, b: List) => containsAll(a, b) && containsAll(b, a)),
    ),
    declare('sets.intersects', overload('list_sets_intersects_list', [LIST_T, LIST_T], BOOL, intersects)),
  ],
};
