import { describe, expect, it } from 'vitest';
import type { Difference } from './compare.js';
import type { CaseResult } from './player.js';
import { areaLine, caseText, differenceLine, groupFailures } from './report.js';

const result = (id: string, ...differences: Difference[]): CaseResult => ({
  id,
  area: 'crud',
  codesEqual: !differences.some(({ path }) => path === 'code'),
  seconds: 1,
  failures: differences.length === 0 ? [] : [{ step: 2, request: 'GET /x', differences }],
});
const code: Difference = { path: 'code', expected: 200, got: 404 };
const name = (index: number, got: string): Difference => ({ path: `body.items[${index}].name`, expected: 'a1', got });

describe('report', () => {
  it('counts equal cases and equal codes', () => {
    expect(areaLine('crud', [result('a'), result('b', code), result('c', name(0, 'x'))], 1)).toBe(
      'crud          1 of 3 equal, 2 with equal codes, 1 left out',
    );
  });

  it('shows where a case differs', () => {
    expect(caseText(result('a', code, { path: 'body', expected: { a: 1 }, got: undefined }))).toBe(
      ['a', '  step 2: GET /x', '    code: expected 200, got 404', '    body: expected {"a":1}, got nothing'].join('\n'),
    );
  });

  it('shows long texts around where they differ', () => {
    const same = 'x'.repeat(300);
    const shown = `…${'x'.repeat(40)}`;
    expect(differenceLine({ path: 'body.message', expected: `${same}a`, got: `${same}b` })).toBe(
      `body.message: expected ${shown}a", got ${shown}b"`,
    );
    expect(differenceLine({ path: 'p', expected: `a${same}`, got: 1 })).toBe(`p: expected "a${'x'.repeat(158)}…, got 1`);
  });

  it('groups by the first difference, but for indexes and numbers', () => {
    expect(groupFailures([result('a', code), result('b', name(0, 'b2')), result('c'), result('d', name(7, 'b3'), code)])).toEqual([
      { cause: 'body.items[].name: expected "aN", got "bN"', ids: ['b', 'd'] },
      { cause: 'code: expected 200, got 404', ids: ['a'] },
    ]);
  });
});
