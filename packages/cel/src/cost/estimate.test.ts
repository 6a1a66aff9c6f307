import { expect, it } from 'vitest';
import { compile } from '../compile.js';
import { STORED_EXPRESSIONS } from '../kubernetes/environments.js';
import { listOf, mapOf, STRING } from '../types/type.js';
import { estimateCost } from './estimate.js';
import { type Range, UNKNOWN_MAX } from './range.js';

const environment = STORED_EXPRESSIONS.extend({ variables: { text: STRING, texts: listOf(STRING), map: mapOf(STRING, STRING) } });
const bindings = { text: 'x'.repeat(20), texts: ['a', 'b', 'c'], map: { a: 'b' } };
/** Texts have 20 characters at most, lists and maps 5 entries. */
const sizes: Readonly<Record<string, number>> = { text: 20, texts: 5, 'texts.@items': 20, map: 5, 'map.@keys': 20, 'map.@values': 20 };
const sizeOf = (path: readonly string[]): Range | undefined => {
  const max = sizes[path.join('.')];
  return max === undefined ? undefined : { min: 0, max };
};

it.each<[expression: string, min: number, max: number, actual: number]>([
  ['true', 0, 0, 0],
  ['text == "a"', 2, 2, 2],
  ['1 + 2 == 3', 2, 2, 2],
  ['text.startsWith("a")', 2, 2, 3],
  ['text.matches("abcd")', 2, 4, 4],
  ['text.contains("abc")', 1, 3, 3],
  ['text + text == "a"', 3, 7, 7],
  ['size(texts) > 1', 3, 3, 3],
  ['texts.all(t, t.startsWith("a"))', 2, 27, 14],
  ['texts.exists(t, t == "c")', 2, 32, 20],
  ['texts.map(t, t + t)', 12, 102, 47],
  ['texts.isSorted()', 1, 16, 1],
  ['texts.join(",")', 1, 12, 2],
  ['"b" in texts', 1, 6, 4],
  ['map["a"] == "b"', 3, 3, 3],
  ['map.all(k, map[k] != "")', 2, 32, 7],
  ['has(map.a)', 1, 1, 1],
  ['texts == ["a"]', 12, 12, 2],
  ['true || text == "a"', 0, 2, 0],
  ['text == "a" ? text.size() > 0 : texts.size() > 0', 5, 5, 5],
  ['quantity("1Gi").isGreaterThan(quantity("1Mi"))', 3, 3, 3],
  ['url("https://a").getHost() == "a"', 3, 3, 3],
  ['ip("192.168.0.1").family() == 4', 4, 4, 4],
  ['cidr("192.168.0.0/16").containsIP("192.168.0.1")', 5, 8, 5],
  ['sets.contains([1, 2, 3], [2])', 24, 24, 4],
  ['"a".find("[0-9]+")', 2, 2, 2],
])('%s costs between %d and %d, and here %d', (expression, min, max, actual) => {
  const { program, errors } = compile(expression, environment);
  if (program === undefined) throw new Error(errors);
  expect([estimateCost(program.checked, sizeOf), program.evaluate(bindings).cost]).toEqual([{ min, max }, actual]);
});

it('is without end where nobody knows how large a value is', () => {
  const { program } = compile('texts.all(t, texts.all(u, t == u))', environment);
  expect(program && estimateCost(program.checked, () => undefined)).toMatchObject({ max: UNKNOWN_MAX });
});
