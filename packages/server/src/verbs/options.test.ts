import { ApiError } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { Query } from '../http/query.js';
import { checkDeleteOptions, deleteOptionsFromQuery, managerOf, writeOptions } from './options.js';

function failure(act: () => unknown): string {
  try {
    return JSON.stringify(act());
  } catch (error) {
    if (error instanceof ApiError) return `${error.code} ${error.message}`;
    throw error;
  }
}

describe('write options', () => {
  it('are few when nothing is asked', () => {
    expect(writeOptions(new Query(''), 'CreateOptions')).toEqual({
      dryRun: false,
      fieldManager: '',
      fieldValidation: 'Warn',
      force: undefined,
      object: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
    });
  });

  it('are read, and shown to admission', () => {
    expect(writeOptions(new Query('dryRun=All&fieldManager=me&fieldValidation=Strict&force=1'), 'PatchOptions', true)).toEqual({
      dryRun: true,
      fieldManager: 'me',
      fieldValidation: 'Strict',
      force: true,
      object: {
        kind: 'PatchOptions',
        apiVersion: 'meta.k8s.io/v1',
        dryRun: ['All'],
        force: true,
        fieldManager: 'me',
        fieldValidation: 'Strict',
      },
    });
    expect(writeOptions(new Query('force=1'), 'UpdateOptions').force).toBeUndefined();
    expect(() => writeOptions(new Query('force=false'), 'PatchOptions')).toThrow(
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    );
  });

  it.each([
    ['dryRun=None', 'dryRun: Unsupported value: ["None"]: supported values: "All"'],
    ['dryRun=All&dryRun=x', 'dryRun: Unsupported value: ["All","x"]: supported values: "All"'],
    ['fieldValidation=Loose', 'fieldValidation: Unsupported value: "Loose": supported values: "", "Ignore", "Strict", "Warn"'],
    ['fieldManager=a%07b', 'fieldManager: Invalid value: "a\\ab": invalid character U+0007 (at position 1)'],
    ['fieldManager=%C3%A9%E2%80%8B', 'fieldManager: Invalid value: "é\\u200b": invalid character U+200B (at position 2)'],
    [`fieldManager=${'x'.repeat(129)}`, 'fieldManager: Too long: may not be more than 128 bytes'],
    [`fieldManager=${'%C3%A9'.repeat(65)}`, 'fieldManager: Too long: may not be more than 128 bytes'],
  ])('refuse %s', (query, expected) => {
    expect(failure(() => writeOptions(new Query(query), 'UpdateOptions'))).toBe(`422 UpdateOptions.meta.k8s.io "" is invalid: ${expected}`);
  });
});

describe('the manager', () => {
  it.each([
    ['me', 'kubectl/v1.34', 'me'],
    ['', 'kubectl/v1.34 (linux)', 'kubectl'],
    ['', 'plain', 'plain'],
    ['', undefined, ''],
    ['', 'a\u0001b\u200bc/1', 'abc'],
    ['', 'x'.repeat(200), 'x'.repeat(128)],
    ['', 'é'.repeat(100), 'é'.repeat(64)],
    ['', `x${'é'.repeat(100)}`, `x${'é'.repeat(63)}`],
  ])('is %j of %j: %j', (given, agent, expected) => {
    expect(managerOf(given, agent)).toBe(expected);
  });
});

describe('delete options', () => {
  it('are read from a query', () => {
    const query = new Query('gracePeriodSeconds=5&orphanDependents=false&dryRun=All');
    expect(checkDeleteOptions(deleteOptionsFromQuery(query))).toEqual({
      gracePeriodSeconds: 5,
      orphanDependents: false,
      propagationPolicy: undefined,
      preconditions: undefined,
      dryRun: true,
      ignoreReadError: false,
      object: { kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/v1', gracePeriodSeconds: 5, orphanDependents: false, dryRun: ['All'] },
    });
  });

  it('are the same from a body', () => {
    const preconditions = { uid: 'u' };
    expect(checkDeleteOptions({ propagationPolicy: 'Foreground', preconditions })).toMatchObject({
      propagationPolicy: 'Foreground',
      preconditions,
      dryRun: false,
      gracePeriodSeconds: undefined,
    });
  });

  it('ignore what cannot be read only where that is switched on', () => {
    const ignoring = { ignoreStoreReadErrorWithClusterBreakingPotential: true };
    const query = new Query('ignoreStoreReadErrorWithClusterBreakingPotential=true');
    expect(deleteOptionsFromQuery(query)).toEqual(ignoring);
    const typed = { kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/v1' };
    expect(checkDeleteOptions({ ...ignoring, dryRun: ['All'] })).toMatchObject({
      ignoreReadError: false,
      object: { ...typed, dryRun: ['All'] },
    });
    const features = new Map([['AllowUnsafeMalformedObjectDeletion', true]]);
    expect(checkDeleteOptions(ignoring, features)).toMatchObject({ ignoreReadError: true, object: { ...typed, ...ignoring } });
    expect(() => checkDeleteOptions({ ...ignoring, orphanDependents: true }, features)).toThrow(
      'cannot be set together with .orphanDependents',
    );
  });

  it.each([
    [
      { propagationPolicy: 'x' },
      'propagationPolicy: Unsupported value: "x": supported values: "Foreground", "Background", "Orphan", "nil"',
    ],
    [
      { propagationPolicy: 'Orphan', orphanDependents: false },
      'propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
    ],
    [{ dryRun: ['x'] }, 'dryRun: Unsupported value: ["x"]: supported values: "All"'],
  ])('refuse %j', (options, expected) => {
    expect(failure(() => checkDeleteOptions(options))).toBe(`422 DeleteOptions.meta.k8s.io "" is invalid: ${expected}`);
  });
});
