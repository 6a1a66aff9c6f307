import { expect, it } from 'vitest';
import { Age } from '../resource/age.js';
import { encodeRow, rowEnd, rowText } from './table-row.js';

const nowMs = 1_700_000_000_500;
const minutes = (count: number) => count * 60_000;
const tail = Buffer.from(',"object":null}');

it('shows its ages as they are at the moment', () => {
  const row = encodeRow(['ä', new Age(nowMs - minutes(3), '4 (', ' ago)'), 7, new Age(nowMs - minutes(60)), null], tail);
  expect(rowText(row, nowMs).toString()).toBe('{"cells":["ä","4 (3m ago)",7,"60m",null],"object":null}');
  expect(rowText(row, nowMs + minutes(121)).toString()).toBe('{"cells":["ä","4 (124m ago)",7,"3h1m",null],"object":null}');
});

it('holds until the first of its ages reads otherwise', () => {
  const row = encodeRow([new Age(nowMs - minutes(60) - 500), new Age(nowMs - minutes(20) - 1500)], tail);
  expect(rowEnd(row, nowMs)).toBe(nowMs + 58_500);
  expect(rowText(row, nowMs + 58_499)).toEqual(rowText(row, nowMs));
  expect(rowText(row, nowMs + 58_500)).not.toEqual(rowText(row, nowMs));
});

it('holds for ever without any', () => {
  const row = encodeRow(['a'], tail);
  expect(rowText(row, nowMs).toString()).toBe('{"cells":["a"],"object":null}');
  expect(rowEnd(row, nowMs)).toBe(Number.POSITIVE_INFINITY);
});
