import { expect, it } from 'vitest';
import { compile } from '../compile.js';
import { STORED_EXPRESSIONS } from '../kubernetes/environments.js';
import { DYN } from '../types/type.js';

/** What an evaluation costs, whatever comes of it. */
function costOf(expression: string): number {
  const { program, errors } = compile(expression, STORED_EXPRESSIONS.extend({ variables: { object: DYN } }));
  if (program === undefined) throw new Error(errors);
  return program.evaluate({ object: { a: { b: 1 }, list: [1, 2] } }).cost;
}

it.each([
  // Calls with an argument that has failed, and lists, maps and objects with such a part.
  ['1 / 0 == 1 || true', 2],
  ['1 / 0 + [1].map(x, x).size() == 1', 18],
  ['[1].map(x, x).size() + 1 / 0 == 1', 18],
  ['[1 / 0] == [1]', 12],
  ['{"a": 1 / 0} == {"a": 1}', 32],
  ['"a".replace(dyn(1 / 0), "b") == "b"', 3],
  ['"a".replace("a", dyn(1 / 0)) == "b"', 4],
  ['[dyn(1)].join("") == "b"', 2],
  ['[0, 1].map(x, 1 / x) == [1]', 30],
  ['[0, 1].exists(x, 1 / x == 1)', 15],
  // What is not there costs nothing where it need not be.
  ['object.?a.?b.hasValue()', 4],
  ['object.?a.?c.hasValue()', 3],
  ['object.?x.?c.hasValue()', 2],
  ['object.list[?5].hasValue()', 3],
  ['object.list[?1].hasValue()', 4],
  ['has(object.?x.c)', 0],
  // An empty map is a constant.
  ['[{}, {"a": 1}].size()', 1],
])('%s costs %i', (expression, cost) => {
  expect(costOf(expression)).toBe(cost);
});
