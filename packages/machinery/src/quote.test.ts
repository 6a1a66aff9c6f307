import { expect, it } from 'vitest';
import { isPrintable, quote } from './quote.js';

it.each([
  ['', '""'],
  ['plain text', '"plain text"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ['\x07\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
  ['\x00\x1f\x7f', '"\\x00\\x1f\\x7f"'],
  ['é日本🎉', '"é日本🎉"'],
  ['\u00a0\u200b\ufeff', '"\\u00a0\\u200b\\ufeff"'],
  ['\u{e0001}', '"\\U000e0001"'],
  ['\ufffd\ud800', '"\ufffd\ufffd"'],
])('%j', (text, quoted) => {
  expect(quote(text)).toBe(quoted);
});

it('tells what shows up when printed', () => {
  expect(['a', ' ', 'é', '🎉'].every(isPrintable)).toBe(true);
  expect(['\t', '\u00a0', '\u200b', ''].some(isPrintable)).toBe(false);
});
