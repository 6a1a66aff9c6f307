import { describe, expect, it } from 'vitest';
import { problemsOf } from '../testing/problems-of.js';
import { leaseCandidates } from './lease-candidates.js';

const spec = { leaseName: 'l', binaryVersion: '1.34.0', emulationVersion: '1.33.0', strategy: 'OldestEmulationVersion' };

function problems(changes: object, old?: object): string[] {
  return problemsOf(leaseCandidates, { spec: { ...spec, ...changes } }, old && { spec: old });
}

describe('lease candidates', () => {
  it.each([
    {},
    { strategy: 'example.com/mine', emulationVersion: '' },
    { binaryVersion: '1.34.0-rc.1', emulationVersion: '1.34.0-alpha.3' },
  ])('are taken: %j', (changes) => {
    expect(problems(changes)).toEqual([]);
  });

  it.each([
    [{ leaseName: '' }, ['spec.leaseName: Required value']],
    [{ binaryVersion: '' }, ['spec.binaryVersion: Required value']],
    [
      { binaryVersion: 'v1.34.0', emulationVersion: '0.0.1' },
      [
        'spec.binaryVersion: Invalid value: "v1.34.0": must be a valid semantic version',
        'spec.binaryVersion: Invalid value: "v1.34.0": must be greater than or equal to `emulationVersion`',
      ],
    ],
    [
      { binaryVersion: '1.34.0-rc.1', emulationVersion: '1.34.0' },
      ['spec.binaryVersion: Invalid value: "1.34.0-rc.1": must be greater than or equal to `emulationVersion`'],
    ],
    [
      { emulationVersion: 'x' },
      [
        'spec.emulationVersion: Invalid value: "x": must be a valid semantic version',
        "spec.emulationVersion: Required value: must be specified when `strategy` is 'OldestEmulationVersion'",
      ],
    ],
    [{ emulationVersion: '' }, ["spec.emulationVersion: Required value: must be specified when `strategy` is 'OldestEmulationVersion'"]],
    [{ strategy: '' }, ['spec.strategy: Required value']],
    [{ strategy: 'Other' }, ['spec.strategy.strategy: Unsupported value: "Other": supported values: "OldestEmulationVersion"']],
    [
      { strategy: 'a/b/c' },
      [
        "spec.strategy.strategy: Invalid value: \"a/b/c\": a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    ],
  ])('are refused: %j', (changes, expected) => {
    expect(problems(changes)).toEqual(expected);
  });

  it('keep the lease that they are for', () => {
    expect(problems({ leaseName: 'other' }, spec)).toEqual(['spec.leaseName: Invalid value: "other": field is immutable']);
  });
});
