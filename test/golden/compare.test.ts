import { describe, expect, it } from 'vitest';
import { compareAnswers, compareValues } from './compare.js';

describe('compareValues', () => {
  it('ignores the order of keys, not of lists', () => {
    expect(compareValues('body', { a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toEqual([]);
    expect(compareValues('body', [1, 2], [2, 1])).not.toEqual([]);
  });

  it('names every place that differs, absent ones too', () => {
    expect(compareValues('body', { a: { b: 1, c: null }, d: [1] }, { a: { b: 2 }, d: [1, 'x'] })).toEqual([
      { path: 'body.a.b', expected: 1, got: 2 },
      { path: 'body.a.c', expected: null, got: undefined },
      { path: 'body.d[1]', expected: undefined, got: 'x' },
    ]);
  });

  it('shows one missing item of a list as one difference', () => {
    const [a, b, c] = [{ field: 'a' }, { field: 'b' }, { field: 'c' }];
    expect(compareValues('causes', [a, b, c], [b, c])).toEqual([{ path: 'causes[0]', expected: a, got: undefined }]);
    expect(compareValues('causes', [a, c], [a, b, c])).toEqual([{ path: 'causes[1]', expected: undefined, got: b }]);
    expect(compareValues('causes', [a, b, c], [a, { field: 'x' }, c])).toEqual([{ path: 'causes[1].field', expected: 'b', got: 'x' }]);
    expect(compareValues('causes', [a, b], [])).toHaveLength(2);
  });

  it('tells values of different types apart', () => {
    expect(compareValues('x', {}, [])).toHaveLength(1);
    expect(compareValues('x', '1', 1)).toHaveLength(1);
    expect(compareValues('x', [0], [-0])).toEqual([]);
  });
});

describe('compareAnswers', () => {
  const answer = { code: 200, type: 'application/json', headers: { 'Cache-Control': 'public' }, body: 1 };
  const other = { code: 200, type: 'text/plain', body: 2 };
  const paths = (cmp?: 'code' | 'head' | 'error' | 'none', code = 200) =>
    compareAnswers({ ...answer, code }, { ...other, code }, cmp).map(({ path }) => path);

  it('compares what the step compares', () => {
    expect(paths()).toEqual(['type', 'headers', 'body']);
    expect(paths('head')).toEqual(['type']);
    expect(paths('code')).toEqual([]);
    expect(paths('none')).toEqual([]);
  });

  it('compares the body of an error only, with error', () => {
    expect(paths('error')).toEqual(['type', 'headers']);
    expect(paths('error', 404)).toEqual(['type', 'headers', 'body']);
  });
});
