import type { JsonObject } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { onlyTimesChanged } from './unchanged-times.js';

function object(time: string, rest: JsonObject = {}, entry: JsonObject = {}): JsonObject {
  return {
    metadata: { name: 'n', managedFields: [{ manager: 'm', time, fieldsV1: { 'f:data': {} }, ...entry }] },
    data: { a: '1' },
    ...rest,
  };
}

describe('onlyTimesChanged', () => {
  it('holds when the objects differ in times of managers at most', () => {
    expect(onlyTimesChanged(object('1'), object('2'))).toBe(true);
    expect(onlyTimesChanged(object('1'), object('1'))).toBe(true);
  });

  it('does not hold when anything else differs', () => {
    expect(onlyTimesChanged(object('1'), object('2', { data: { a: '2' } }))).toBe(false);
    expect(onlyTimesChanged(object('1'), object('2', {}, { manager: 'other' }))).toBe(false);
    expect(onlyTimesChanged(object('1'), object('2', {}, { fieldsV1: {} }))).toBe(false);
    expect(onlyTimesChanged(object('1'), { ...object('2'), metadata: { name: 'n' } })).toBe(false);
    expect(onlyTimesChanged({ metadata: {} }, { metadata: {} })).toBe(false);
  });
});
