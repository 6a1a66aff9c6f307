import type { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { areAllowed, mergedTolerations } from './tolerations.js';

type Toleration = core.v1.Toleration;

const all: Toleration = { operator: 'Exists' };
const any: Toleration = { key: 'a', operator: 'Exists' };
const equal: Toleration = { key: 'a', operator: 'Equal', value: '1' };
const noExecute: Toleration = { ...any, effect: 'NoExecute' };
const seconds = (tolerationSeconds: number): Toleration => ({ ...noExecute, tolerationSeconds });

describe('mergedTolerations', () => {
  it.each<[string, Toleration[], Toleration[], Toleration[]]>([
    ['keeps what differs', [any], [{ key: 'b', operator: 'Exists' }], [any, { key: 'b', operator: 'Exists' }]],
    ['keeps equal ones once', [any, any], [any], [any]],
    ['drops what an earlier one says', [any], [equal], [any]],
    ['drops what a later one says', [equal, noExecute], [any], [any]],
    ['lets everything be said by one', [equal, noExecute], [all], [all]],
    ['keeps the longer stay', [seconds(5), seconds(60)], [seconds(10)], [seconds(60)]],
    ['takes for ever as the longest', [seconds(5)], [noExecute], [noExecute]],
    ['keeps another value', [equal], [{ ...equal, value: '2' }], [equal, { ...equal, value: '2' }]],
    ['takes no operator as Equal', [{ key: 'a', value: '1' }], [equal], [{ key: 'a', value: '1' }]],
    ['takes no key as all keys only of Exists', [{ operator: 'Equal', value: '1' }], [equal], [{ operator: 'Equal', value: '1' }, equal]],
  ])('%s', (_, first, second, expected) => {
    expect(mergedTolerations(first, second)).toEqual(expected);
  });

  it('shares nothing with what it is given', () => {
    const [merged] = mergedTolerations([any]);
    expect(merged).not.toBe(any);
  });
});

describe('areAllowed', () => {
  it.each<[string, Toleration[], Toleration[], boolean]>([
    ['what is listed', [equal], [equal], true],
    ['less than what is listed', [equal, seconds(5)], [any], true],
    ['more than what is listed', [any], [equal], false],
    ['one that is not listed', [equal, { key: 'b', operator: 'Exists' }], [any], false],
    ['anything, when nothing is listed', [all], [], true],
    ['none', [], [equal], true],
  ])('%s', (_, tolerations, allowed, expected) => {
    expect(areAllowed(tolerations, allowed)).toBe(expected);
  });
});
