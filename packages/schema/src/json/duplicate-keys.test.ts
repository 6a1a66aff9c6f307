import { describe, expect, it } from 'vitest';
import { countKeys, keyOccurrences } from './duplicate-keys.js';
import { scanJson } from './scan-json.js';

const text = '{"a":{"b:\\"":1,"c":[{"d":1,"d":2},{"d":{}}]},"a":null}';

describe('keyOccurrences', () => {
  it('finds every key in order, with its path', () => {
    expect([...keyOccurrences(text)].map(({ path, duplicate }) => `${path}${duplicate ? ' again' : ''}`)).toEqual([
      'a',
      'a.b:"',
      'a.c',
      'a.c[0].d',
      'a.c[0].d again',
      'a.c[1].d',
      'a again',
    ]);
  });
});

describe('scanJson', () => {
  it('counts keys, depth and digits outside of strings', () => {
    const plain = { longNumbers: false, fractions: false, longStrings: false };
    expect(scanJson(Buffer.from(text))).toEqual({ ...plain, keys: 7, depth: 5 });
    expect(scanJson(Buffer.from('["1234567890123456:{", 1234567890123456]'))).toEqual({ ...plain, keys: 0, depth: 1, longNumbers: true });
    expect(scanJson(Buffer.from('[true, 1e2, "3.4"]'))).toEqual({ ...plain, keys: 0, depth: 1, fractions: true });
    expect(scanJson(Buffer.from('[true, "1e2 3.4", -1]'))).toEqual({ ...plain, keys: 0, depth: 1 });
    expect(scanJson(Buffer.from(JSON.stringify(['x'.repeat(1_000)])))).toEqual({ ...plain, keys: 0, depth: 1, longStrings: true });
  });
});

describe('countKeys', () => {
  it('counts what parsing left', () => {
    expect(countKeys(JSON.parse(text))).toBe(1);
    expect(countKeys({ a: [{ b: 1 }, null, [{ c: {} }]] })).toBe(3);
  });
});
