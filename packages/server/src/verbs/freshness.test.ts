import { ApiError, defaultFeatures } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { Query } from '../http/query.js';
import {
  getFreshness,
  listFreshness,
  listRevision,
  plainRevision,
  readOptions,
  validateListOptions,
  validateWatchOptions,
} from './freshness.js';

function failure(act: () => unknown): string {
  try {
    return JSON.stringify(act());
  } catch (error) {
    if (error instanceof ApiError) return `${error.code} ${error.message}`;
    throw error;
  }
}

const invalid = '422 ListOptions.meta.k8s.io "" is invalid: ';
const match = 'resourceVersionMatch: Forbidden: ';

describe('options of a list', () => {
  it.each([
    ['', 'undefined'],
    ['resourceVersion=5&resourceVersionMatch=Exact', 'undefined'],
    ['resourceVersion=0&resourceVersionMatch=NotOlderThan', 'undefined'],
    ['resourceVersionMatch=Exact', `${invalid}${match}resourceVersionMatch is forbidden unless resourceVersion is provided`],
    ['resourceVersion=0&resourceVersionMatch=Exact', `${invalid}${match}resourceVersionMatch "exact" is forbidden for resourceVersion "0"`],
    [
      'resourceVersion=1&resourceVersionMatch=Newest',
      `${invalid}resourceVersionMatch: Unsupported value: "Newest": supported values: "Exact", "NotOlderThan", ""`,
    ],
    [
      'resourceVersion=1&resourceVersionMatch=Exact&continue=x',
      `${invalid}${match}resourceVersionMatch is forbidden when continue is provided`,
    ],
    ['sendInitialEvents=false', `${invalid}sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list`],
  ])('%j: %s', (query, expected) => {
    expect(String(failure(() => validateListOptions(readOptions(new Query(query)))))).toBe(expected);
  });
});

describe('options of a watch', () => {
  it.each([
    ['', 'undefined'],
    ['resourceVersion=5', 'undefined'],
    ['sendInitialEvents=true&resourceVersionMatch=NotOlderThan', 'undefined'],
    ['sendInitialEvents=true', `${invalid}${match}sendInitialEvents requires setting resourceVersionMatch to NotOlderThan`],
    [
      'resourceVersionMatch=NotOlderThan',
      `${invalid}${match}resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided`,
    ],
    [
      'sendInitialEvents=true&resourceVersionMatch=Exact',
      `${invalid}[${match}sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"]`,
    ],
    [
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&continue=x',
      `${invalid}${match}resourceVersionMatch is forbidden when continue is provided`,
    ],
  ])('%j: %s', (query, expected) => {
    expect(String(failure(() => validateWatchOptions(readOptions(new Query(query)), defaultFeatures)))).toBe(expected);
  });
});

describe('a revision', () => {
  it.each([
    ['0', 0],
    ['12', 12],
    ['007', 7],
    ['9007199254740991', 2 ** 53 - 1],
    ['9007199254740993', 2 ** 53 - 1],
    ['18446744073709551615', 2 ** 53 - 1],
  ])('%s is %d', (text, revision) => {
    expect([listRevision(text), plainRevision(text)]).toEqual([revision, revision]);
  });

  it.each([
    ['x', 'strconv.ParseUint: parsing "x": invalid syntax'],
    ['-1', 'strconv.ParseUint: parsing "-1": invalid syntax'],
    ['1.5', 'strconv.ParseUint: parsing "1.5": invalid syntax'],
    ['18446744073709551616', 'strconv.ParseUint: parsing "18446744073709551616": value out of range'],
    ['9'.repeat(5000), `strconv.ParseUint: parsing "${'9'.repeat(5000)}": value out of range`],
  ])('%s is none', (text, why) => {
    expect(failure(() => plainRevision(text))).toBe(`500 resourceVersion: Invalid value: "${text}": ${why}`);
    expect(failure(() => listRevision(text))).toBe(`400 invalid resource version: resourceVersion: Invalid value: "${text}": ${why}`);
  });
});

describe('freshness', () => {
  it.each([
    ['', { at: 'consistent' }],
    ['0', { at: 'any' }],
    ['5', { at: 'notOlderThan', revision: 5 }],
  ])('of a get at %j', (text, expected) => {
    expect(getFreshness(text)).toEqual(expected);
  });

  it.each([
    ['', { at: 'consistent' }],
    ['limit=5', { at: 'consistent' }],
    ['resourceVersion=0&limit=5', { at: 'any' }],
    ['resourceVersion=7', { at: 'notOlderThan', revision: 7 }],
    ['resourceVersion=7&limit=-1', { at: 'notOlderThan', revision: 7 }],
    ['resourceVersion=7&limit=5', { at: 'exact', revision: 7 }],
    ['resourceVersion=7&resourceVersionMatch=Exact', { at: 'exact', revision: 7 }],
    ['resourceVersion=7&resourceVersionMatch=NotOlderThan&limit=5', { at: 'notOlderThan', revision: 7 }],
  ])('of a list with %j', (query, expected) => {
    expect(listFreshness(readOptions(new Query(query)))).toEqual(expected);
  });
});
