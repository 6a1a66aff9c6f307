import { expect, it } from 'vitest';
import { credentialsFrom } from './kubeconfig-users.js';

const user = (authorization: string) => ({ authorization });

it.each([
  ['a.x.io:8443', 'exact with port'],
  ['b.x.io:8443', 'domain with port'],
  ['a.x.io:443', 'exact'],
  ['b.c.x.io:443', 'domain'],
  ['c.y.io:443', 'everybody else'],
])('finds who the server is to %s: %s', (target, authorization) => {
  const users = new Map(
    Object.entries({
      'a.x.io:8443': user('exact with port'),
      '*.x.io:8443': user('domain with port'),
      'a.x.io': user('exact'),
      '*.x.io': user('domain'),
      '*': user('everybody else'),
      me: user('current'),
    }),
  );
  expect(credentialsFrom({ users, current: 'me' })(target)).toEqual({ authorization });
});

it('is the user of the current context where nobody else is named, or nobody', () => {
  const users = new Map([['me', user('current')]]);
  expect(credentialsFrom({ users, current: 'me' })('a.io:443')).toEqual({ authorization: 'current' });
  expect(credentialsFrom({ users, current: undefined })('a.io:443')).toEqual({});
});
