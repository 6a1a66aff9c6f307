import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMicroTime, formatTime, microTimeNow, normalizeTime, parseMicroTime, parseTime, timeNow } from './timestamp.js';

describe('Time', () => {
  it.each([
    ['2024-01-31T12:34:56Z', '2024-01-31T12:34:56Z'],
    ['2024-01-31T12:34:56.999999999Z', '2024-01-31T12:34:56Z'],
    ['2024-01-31T12:34:56,5Z', '2024-01-31T12:34:56Z'],
    ['2024-01-31T00:30:00+02:00', '2024-01-30T22:30:00Z'],
    ['2024-12-31T23:30:00.1-01:00', '2025-01-01T00:30:00Z'],
    ['1969-12-31T23:59:59.5Z', '1969-12-31T23:59:59Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['2024-01-01T5:00:00Z', '2024-01-01T05:00:00Z'],
  ])('%s is %s', (text, canonical) => {
    expect(normalizeTime(text)).toBe(canonical);
  });

  it('keeps the fraction for those who ask', () => {
    expect(parseTime('1970-01-01T00:00:01.25Z')).toEqual({ seconds: 1, nanos: 250_000_000 });
  });

  it.each([
    ['', 'parsing time "" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "2006"'],
    ['yesterday', 'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"'],
    ['2024-1-01T00:00:00Z', 'parsing time "2024-1-01T00:00:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse "1-01T00:00:00Z" as "01"'],
    ['2024-01-01 00:00:00Z', 'parsing time "2024-01-01 00:00:00Z" as "2006-01-02T15:04:05Z07:00": cannot parse " 00:00:00Z" as "T"'],
    ['2024-01-01T00:00:00', 'parsing time "2024-01-01T00:00:00" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00"'],
    ['2024-01-01T00:00:00Zz', 'parsing time "2024-01-01T00:00:00Zz": extra text: "z"'],
    ['2024-13-01T00:00:00Z', 'parsing time "2024-13-01T00:00:00Z": month out of range'],
    ['2024-01-01T24:00:00Z', 'parsing time "2024-01-01T24:00:00Z": hour out of range'],
    ['2024-01-01T00:60:00Z', 'parsing time "2024-01-01T00:60:00Z": minute out of range'],
    ['2024-01-01T00:00:60Z', 'parsing time "2024-01-01T00:00:60Z": second out of range'],
    ['2024-04-31T00:00:00Z', 'parsing time "2024-04-31T00:00:00Z": day out of range'],
    ['2024-01-00T00:00:00Z', 'parsing time "2024-01-00T00:00:00Z": day out of range'],
    ['2023-02-29T00:00:00Z', 'parsing time "2023-02-29T00:00:00Z": day out of range'],
  ])('refuses %j', (text, message) => {
    expect(() => normalizeTime(text)).toThrow(new RangeError(message));
  });

  it('reads back what it prints', () => {
    const seconds = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 });
    fc.assert(fc.property(seconds, (s) => parseTime(formatTime({ seconds: s })).seconds === s));
  });

  it('is now in whole seconds', () => {
    expect(timeNow()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });
});

describe('MicroTime', () => {
  it('has six digits, in and out', () => {
    expect(formatMicroTime(parseMicroTime('2024-01-01T01:00:00.123456+01:00'))).toBe('2024-01-01T00:00:00.123456Z');
    expect(formatMicroTime({ seconds: 0, nanos: 1_999 })).toBe('1970-01-01T00:00:00.000001Z');
    expect(microTimeNow()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  it.each([
    [
      '2024-01-01t00:00:01.000000z',
      'parsing time "2024-01-01t00:00:01.000000z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "t00:00:01.000000z" as "T"',
    ],
    ['', 'parsing time "" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "" as "2006"'],
    ['2024-01-01T00:00:01Z', 'parsing time "2024-01-01T00:00:01Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"'],
  ])('refuses %j', (text, message) => {
    expect(() => parseMicroTime(text)).toThrow(new RangeError(message));
  });
});
