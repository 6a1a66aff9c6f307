import { expect, it } from 'vitest';
import { parseCsv } from './csv.js';

it.each([
  ['', []],
  ['\n\r\n', []],
  ['a', [['a']]],
  [
    'a,b\nc,d\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['a,,\r\n', [['a', '', '']]],
  ['"a,""b""\nc",d', [['a,"b"\nc', 'd']]],
  ['a,', [['a', '']]],
  ['""', [['']]],
])('%j', (text, records) => {
  expect(parseCsv(text)).toEqual(records);
});

it.each(['a"b', '"a"b', '"a'])('refuses %j', (text) => {
  expect(() => parseCsv(text)).toThrow(SyntaxError);
});
