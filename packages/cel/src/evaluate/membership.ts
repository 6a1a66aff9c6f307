import { elements, isList } from '../values/collections.js';
import { isNumeric } from '../values/compare.js';
import { equal } from '../values/equality.js';
import type { CelValue } from '../values/value.js';

/** For `x in [1, 2]` with a list of constants: a test that does not walk it. Undefined where there is none. */
export function constantMembership(list: CelValue | undefined): ((value: CelValue) => boolean) | undefined {
  if (list === undefined || !isList(list)) return undefined;
  const members = [...elements(list)];
  if (members.every((member) => typeof member === 'string' || typeof member === 'boolean')) {
    const set = new Set<CelValue>(members);
    return (value) => set.has(value);
  }
  if (!members.every((member) => isNumeric(member) || typeof member === 'string' || typeof member === 'boolean')) return undefined;
  return (value) => members.some((member) => equal(value, member));
}
