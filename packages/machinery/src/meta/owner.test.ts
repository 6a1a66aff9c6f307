import { expect, it } from 'vitest';
import { controllerOf } from './owner.js';

it('finds the owner that manages the object', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u' };
  expect(controllerOf({ ownerReferences: [owner, { ...owner, name: 'other', controller: true }] })?.name).toBe('other');
  expect(controllerOf({ ownerReferences: [owner] })).toBeUndefined();
  expect(controllerOf({})).toBeUndefined();
});
