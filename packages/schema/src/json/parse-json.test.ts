import { formatJson } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.js';

describe('parseJson', () => {
  it('keeps integers beyond 2^53 exact', () => {
    expect(parseJson('{"a":9223372036854775807,"b":[-9223372036854775808],"c":9007199254740991}')).toStrictEqual({
      a: 9223372036854775807n,
      b: [-9223372036854775808n],
      c: 9007199254740991,
    });
  });

  it('leaves digits in strings and numbers beyond int64 alone', () => {
    expect(parseJson('{"a":"9223372036854775807","b":92233720368547758070,"c":1234567890123456789.5}')).toStrictEqual({
      a: '9223372036854775807',
      b: Number('92233720368547758070'),
      c: Number('1234567890123456789.5'),
    });
  });

  it('is not confused by strings that look like its marks', () => {
    const text = '{"\\u0000int64:1":"\\u0000int64:2","n":9223372036854775807}';
    expect(parseJson(text)).toStrictEqual({ '\u0000int64:1': '\u0000int64:2', n: 9223372036854775807n });
  });

  it('takes __proto__ as a name like any other', () => {
    for (const text of ['{"__proto__":{"polluted":1}}', '{"__proto__":{"polluted":9223372036854775807}}']) {
      const parsed = parseJson(text) as Record<string, unknown>;
      expect(Object.keys(parsed)).toEqual(['__proto__']);
      expect(parsed.polluted).toBeUndefined();
    }
  });

  it('refuses what is not JSON', () => {
    expect(() => parseJson('{"a":9223372036854775807,}')).toThrow(SyntaxError);
  });
});

describe('formatJson', () => {
  it('escapes what Go escapes', () => {
    expect(formatJson({ 'a<b': '<&>\u2028\u2029"\\\n\u0007é' })).toBe(
      '{"a\\u003cb":"\\u003c\\u0026\\u003e\\u2028\\u2029\\"\\\\\\n\\u0007é"}',
    );
  });

  it('prints big integers', () => {
    expect(formatJson({ a: [9223372036854775807n, undefined], b: undefined })).toBe('{"a":[9223372036854775807,null]}');
  });
});
