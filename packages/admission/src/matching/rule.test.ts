import { expect, it } from 'vitest';
import { namespaces, pods, served, target } from '../testing/attributes.js';
import { matchesRule } from './rule.js';

const all = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'] };
const rule = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] };
const nodes = target('', 'Node', 'nodes');

it.each([
  [{}, true],
  [{ operations: ['UPDATE', 'CREATE'] }, true],
  [{ operations: ['*'] }, true],
  [{ operations: ['UPDATE'] }, false],
  [{ apiGroups: ['*'] }, true],
  [{ apiGroups: ['apps'] }, false],
  [{ apiVersions: ['v1beta1', '*'] }, true],
  [{ apiVersions: ['v1beta1'] }, false],
  [{ resources: ['services', 'pods'] }, true],
  [{ resources: ['services'] }, false],
  [{ resources: [] }, false],
])('takes %j about the creation of a pod: %s', (change, expected) => {
  expect(matchesRule({ ...rule, ...change }, 'CREATE', 'a', served(pods))).toBe(expected);
});

it.each([
  ['pods', '', true],
  ['pods', 'status', false],
  ['pods/status', 'status', true],
  ['pods/status', '', false],
  ['pods/*', 'status', true],
  ['pods/*', '', true],
  ['*', '', true],
  ['*', 'status', false],
  ['*/status', 'status', true],
  ['*/*', 'status', true],
  ['services/*', 'status', false],
])('takes resource %s of a rule for pods with subresource %j: %s', (wanted, subresource, expected) => {
  expect(matchesRule({ ...all, resources: [wanted] }, 'CREATE', 'a', served(pods, subresource))).toBe(expected);
});

it.each([
  [undefined, [true, true, true]],
  ['*', [true, true, true]],
  ['Namespaced', [true, false, false]],
  ['Cluster', [false, true, true]],
  ['Galactic', [false, false, false]],
])('takes scope %s for a pod, a node and a namespace: %j', (scope, expected) => {
  const anything = { ...all, resources: ['*'], ...(scope !== undefined && { scope }) };
  const found = [
    matchesRule(anything, 'CREATE', 'a', served(pods)),
    matchesRule(anything, 'CREATE', '', served(nodes)),
    matchesRule(anything, 'CREATE', 'a', served(namespaces)),
  ];
  expect(found).toEqual(expected);
});
