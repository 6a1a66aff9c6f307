import type { AuthorizationAttributes, UserInfo } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { AbacAuthorizer } from './abac-authorizer.js';
import type { AbacPolicy } from './abac-policy.js';

const alice: UserInfo = { name: 'alice', groups: ['devs', 'system:authenticated'] };
const nothing: AbacPolicy = { user: '', group: '', readonly: false, apiGroup: '', namespace: '', resource: '', nonResourcePath: '' };

/** `get pods` in ns, or `get /path`. */
function request(verb: string, what: string, { namespace = 'ns', apiGroup = '' } = {}): AuthorizationAttributes {
  const resourceRequest = !what.startsWith('/');
  return {
    user: alice,
    verb,
    resourceRequest,
    apiGroup,
    apiVersion: 'v1',
    resource: resourceRequest ? what : '',
    subresource: '',
    namespace: resourceRequest ? namespace : '',
    name: '',
    path: resourceRequest ? '' : what,
  };
}

const pods = { namespace: 'ns', resource: 'pods' };

describe('a policy', () => {
  it.each<[Partial<AbacPolicy>, AuthorizationAttributes, boolean]>([
    [{ user: 'alice', ...pods }, request('delete', 'pods'), true],
    [{ user: 'bob', ...pods }, request('get', 'pods'), false],
    [{ group: 'devs', ...pods }, request('get', 'pods'), true],
    [{ group: 'ops', ...pods }, request('get', 'pods'), false],
    [{ user: 'alice', group: 'devs', ...pods }, request('get', 'pods'), true],
    [{ user: 'alice', group: 'ops', ...pods }, request('get', 'pods'), false],
    [{ user: 'bob', group: 'devs', ...pods }, request('get', 'pods'), false],
    [{ ...pods }, request('get', 'pods'), false],
    [{ user: 'alice', readonly: true, ...pods }, request('watch', 'pods'), true],
    [{ user: 'alice', readonly: true, ...pods }, request('create', 'pods'), false],
    [{ user: 'alice', ...pods }, request('get', 'services'), false],
    [{ user: 'alice', ...pods }, request('get', 'pods', { namespace: 'other' }), false],
    [{ user: 'alice', ...pods }, request('get', 'pods', { apiGroup: 'metrics.k8s.io' }), false],
    [{ user: 'alice', namespace: '*', resource: '*', apiGroup: '*' }, request('get', 'x', { namespace: '', apiGroup: 'y' }), true],
    [{ user: 'alice', resource: 'nodes' }, request('get', 'nodes', { namespace: '' }), true],
    [{ user: 'alice', namespace: '*', resource: '*', apiGroup: '*' }, request('get', '/version'), false],
    [{ user: 'alice', nonResourcePath: '/version' }, request('get', '/version'), true],
    [{ user: 'alice', nonResourcePath: '/version' }, request('get', '/version/x'), false],
    [{ user: 'alice', nonResourcePath: '/api/*' }, request('get', '/api/v1'), true],
    [{ user: 'alice', nonResourcePath: '*' }, request('post', '/x'), true],
    [{ user: 'alice', nonResourcePath: '*' }, request('get', 'pods'), false],
  ])('%j allows %j: %j', (policy, asked, allowed) => {
    expect(
      new AbacAuthorizer([
        { ...nothing, user: 'nobody' },
        { ...nothing, ...policy },
      ]).authorize(asked),
    ).toEqual(allowed ? { decision: 'allow' } : { decision: 'noOpinion', reason: 'No policy matched.' });
  });
});

it('lists what a user may do in a namespace, in the order of the file', () => {
  const authorizer = new AbacAuthorizer([
    { ...nothing, group: 'devs', ...pods, readonly: true },
    { ...nothing, user: 'bob', ...pods },
    { ...nothing, user: 'alice', namespace: '*', apiGroup: 'apps', resource: '*', nonResourcePath: '/x' },
    { ...nothing, user: 'alice', namespace: 'other', resource: 'secrets' },
  ]);
  expect(authorizer.rulesFor(alice, 'ns')).toEqual({
    rules: [
      { verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['pods'] },
      { verbs: ['*'], apiGroups: ['apps'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['/x'] },
    ],
    errors: [],
  });
});
