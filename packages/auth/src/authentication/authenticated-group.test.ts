import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { AuthenticatedGroupAdder } from './authenticated-group.js';

const request = new IncomingMessage(new Socket());

it.each([
  [{ name: 'alice', groups: ['devs'] }, ['devs', 'system:authenticated']],
  [{ name: 'alice', groups: ['system:authenticated', 'devs'] }, ['system:authenticated', 'devs']],
  [{ name: 'x', groups: ['system:unauthenticated'] }, ['system:unauthenticated']],
  [{ name: 'system:anonymous', groups: [] }, []],
])('%o', async (user, groups) => {
  const result = { user, audiences: ['api'] };
  const expected = { user: { name: user.name, groups }, audiences: ['api'] };
  expect(new AuthenticatedGroupAdder({ authenticate: () => result }).authenticate(request)).toEqual(expected);
  await expect(new AuthenticatedGroupAdder({ authenticate: async () => result }).authenticate(request)).resolves.toEqual(expected);
});
