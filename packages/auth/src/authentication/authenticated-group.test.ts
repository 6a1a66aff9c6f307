import { expect, it } from 'vitest';
import { AuthenticatedGroupAdder } from './authenticated-group.js';

it.each([
  [{ name: 'alice', groups: ['devs'] }, ['devs', 'system:authenticated']],
  [{ name: 'alice', groups: ['system:authenticated', 'devs'] }, ['system:authenticated', 'devs']],
  [{ name: 'x', groups: ['system:unauthenticated'] }, ['system:unauthenticated']],
  [{ name: 'system:anonymous', groups: [] }, []],
])('%o', async (user, groups) => {
  const result = { user, audiences: ['api'] };
  const expected = { user: { name: user.name, groups }, audiences: ['api'] };
  expect(new AuthenticatedGroupAdder().add(result)).toEqual(expected);
  await expect(new AuthenticatedGroupAdder().add(Promise.resolve(result))).resolves.toEqual(expected);
});
