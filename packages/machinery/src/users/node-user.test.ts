import { expect, it } from 'vitest';
import { nodeNameOf } from './node-user.js';

it.each([
  ['system:node:n1', ['system:nodes', 'system:authenticated'], 'n1'],
  ['system:node:', ['system:nodes'], ''],
  ['system:node:n1', ['system:authenticated'], undefined],
  ['alice', ['system:nodes'], undefined],
])('%s in %j is node %j', (name, groups, expected) => {
  expect(nodeNameOf({ name, groups })).toBe(expected);
});
