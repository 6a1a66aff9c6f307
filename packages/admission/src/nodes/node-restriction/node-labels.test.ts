import { expect, it } from 'vitest';
import { forbiddenLabelChanges } from './node-labels.js';

it.each<[string, boolean]>([
  ['zone', false],
  ['example.com/zone', false],
  ['kubernetes.io/hostname', false],
  ['topology.kubernetes.io/zone', false],
  ['beta.kubernetes.io/os', false],
  ['kubelet.kubernetes.io/x', false],
  ['my.node.kubernetes.io/x', false],
  ['node.kubernetes.io/x', false],
  ['node-role.kubernetes.io/master', true],
  ['kubernetes.io/other', true],
  ['k8s.io/x', true],
  ['foo.k8s.io/x', true],
  ['notk8s.io/x', false],
  ['node-restriction.kubernetes.io/x', true],
  ['sub.node-restriction.kubernetes.io/x', true],
])('%s is for others to set: %s', (key, forbidden) => {
  const expected = forbidden ? [key] : [];
  expect(forbiddenLabelChanges({ [key]: 'a' })).toEqual(expected);
  expect(forbiddenLabelChanges({ [key]: 'a' }, { [key]: 'b' })).toEqual(expected);
  expect(forbiddenLabelChanges(undefined, { [key]: 'b' })).toEqual(expected);
  expect(forbiddenLabelChanges({ [key]: 'a' }, { [key]: 'a' })).toEqual([]);
});

it('are told in order', () => {
  expect(forbiddenLabelChanges({ 'b.k8s.io/x': '', 'a.k8s.io/x': '' })).toEqual(['a.k8s.io/x', 'b.k8s.io/x']);
});
