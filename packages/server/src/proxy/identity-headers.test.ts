import { expect, it } from 'vitest';
import { identityHeaders, isIdentityHeader } from './identity-headers.js';

it('say who asks, in bytes', () => {
  const user = { name: 'alïce', uid: 'u-1', groups: ['devs', 'a, b'], extra: { 'acme.com/proj%ct é': ['x', 'ÿ'], none: [] } };
  expect(identityHeaders(user)).toEqual({
    'x-remote-user': 'alÃ¯ce',
    'x-remote-uid': 'u-1',
    'x-remote-group': ['devs', 'a, b'],
    'x-remote-extra-acme.com%2Fproj%25ct%20%C3%A9': ['x', 'Ã¿'],
  });
  expect(identityHeaders({ name: 'system:anonymous', groups: [] })).toEqual({ 'x-remote-user': 'system:anonymous' });
});

it.each([
  ['x-remote-user', true],
  ['x-remote-uid', true],
  ['x-remote-group', true],
  ['x-remote-extra-', true],
  ['x-remote-extra-scopes', true],
  ['x-remote-users', false],
  ['x-remote', false],
])('%s is one: %s', (name, expected) => {
  expect(isIdentityHeader(name)).toBe(expected);
});
