import { describe, expect, it } from 'vitest';
import { path } from '../field/path.js';
import { LabelSelector } from './label-selector.js';
import { compileObjectSelector, validateObjectSelector } from './object-selector.js';

describe('compiling', () => {
  it('matches nothing when absent and everything when empty', () => {
    expect(compileObjectSelector(undefined)).toBe(LabelSelector.nothing);
    expect(compileObjectSelector(null)).toBe(LabelSelector.nothing);
    expect(compileObjectSelector({})).toBe(LabelSelector.everything);
  });

  it('joins labels and expressions', () => {
    const selector = compileObjectSelector({
      matchLabels: { app: 'a' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['y', 'x'] },
        { key: 'legacy', operator: 'DoesNotExist' },
      ],
    });
    expect(selector.toString()).toBe('app=a,!legacy,tier in (x,y)');
    expect(selector.matches({ app: 'a', tier: 'x' })).toBe(true);
    expect(selector.matches({ app: 'a', tier: 'x', legacy: '' })).toBe(false);
  });

  it('refuses what is wrong', () => {
    expect(() => compileObjectSelector({ matchExpressions: [{ key: 'a', operator: 'Gt' }] })).toThrow(
      '"Gt" is not a valid label selector operator',
    );
    expect(() => compileObjectSelector({ matchExpressions: [{ key: 'a', operator: 'In' }] })).toThrow(
      "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
    );
  });
});

describe('validation', () => {
  const at = path('spec', 'selector');
  const errors = (expression: object) => validateObjectSelector({ matchExpressions: [expression] }, at).map(String);

  it('passes what is right', () => {
    expect(validateObjectSelector(undefined, at)).toEqual([]);
    expect(validateObjectSelector({ matchLabels: { a: 'b' } }, at)).toEqual([]);
    expect(errors({ key: 'a', operator: 'Exists' })).toEqual([]);
  });

  it('says what is wrong', () => {
    expect(errors({ key: 'a', operator: 'In' })).toEqual([
      "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ]);
    expect(errors({ key: 'a', operator: 'Exists', values: ['b'] })).toEqual([
      "spec.selector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
    ]);
    expect(errors({ key: 'a', operator: 'Nope', values: ['b'] })).toEqual([
      'spec.selector.matchExpressions[0].operator: Invalid value: "Nope": not a valid selector operator',
    ]);
    expect(errors({ operator: 'Exists' })[0]).toBe('spec.selector.matchExpressions[0].key: Invalid value: "": name part must be non-empty');
    expect(errors({ key: 'a', operator: 'In', values: ['ok', '-'] })[0]).toMatch(
      /^spec\.selector\.matchExpressions\[0\]\.values\[1\]: Invalid value: "-": a valid label must/,
    );
  });

  it('lets old values pass when told to', () => {
    const selector = { matchExpressions: [{ key: 'a', operator: 'In', values: ['-'] }] };
    expect(validateObjectSelector(selector, at, { tolerateInvalidValues: true })).toEqual([]);
  });
});
