import type { AuthorizationAttributes, UserInfo } from '@keelson/machinery';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Binding, Policy, type Subject } from './policy.js';
import type { PolicyRule } from './policy-rule.js';
import { RbacAuthorizer } from './rbac-authorizer.js';

let policy: Policy;
let rbac: RbacAuthorizer;
beforeEach(() => {
  policy = new Policy();
  rbac = new RbacAuthorizer(policy);
});

const readPods: PolicyRule = { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] };

function role(name: string, rules: PolicyRule[] | null, namespace = ''): void {
  policy.setRole({ metadata: { name, ...(namespace && { namespace }) }, rules });
}

function bind(name: string, roleName: string, subjects: Subject[], { namespace = '', kind = 'ClusterRole' } = {}): Binding {
  const binding = { metadata: { name, ...(namespace && { namespace }) }, roleRef: { kind, name: roleName }, subjects };
  policy.setBinding(binding);
  return binding;
}

const alice: UserInfo = { name: 'alice', groups: ['devs', 'system:authenticated'] };
const user = (name: string): Subject => ({ kind: 'User', name });
const group = (name: string): Subject => ({ kind: 'Group', name });

/** `get pods/x in default`, `get pods/log x in default`, `get /healthz` */
function request(
  verb: string,
  what: string,
  { name = '', namespace = 'default', apiGroup = '', by = alice } = {},
): AuthorizationAttributes {
  const isPath = what.startsWith('/');
  const [resource = '', ...rest] = isPath ? [] : what.split('/');
  return {
    user: by,
    verb,
    resourceRequest: !isPath,
    apiGroup,
    apiVersion: 'v1',
    resource,
    subresource: rest.join('/'),
    namespace: isPath ? '' : namespace,
    name,
    path: isPath ? what : '',
  };
}

const decide = (...args: Parameters<typeof request>) => rbac.authorize(request(...args));
const allows = (...args: Parameters<typeof request>) => decide(...args).decision === 'allow';

describe('a rule', () => {
  it.each<[PolicyRule, Parameters<typeof request>, boolean]>([
    [readPods, ['get', 'pods'], true],
    [readPods, ['delete', 'pods'], false],
    [readPods, ['get', 'pods', { apiGroup: 'apps' }], false],
    [readPods, ['get', 'pods/log'], false],
    [readPods, ['get', '/api'], false],
    [{ ...readPods, verbs: ['*'] }, ['delete', 'pods'], true],
    [{ ...readPods, apiGroups: ['*'] }, ['get', 'pods', { apiGroup: 'apps' }], true],
    [{ ...readPods, resources: ['*'] }, ['get', 'pods/log'], true],
    [{ ...readPods, resources: ['pods/log'] }, ['get', 'pods/log'], true],
    [{ ...readPods, resources: ['pods/log'] }, ['get', 'pods'], false],
    [{ ...readPods, resources: ['*/log'] }, ['get', 'pods/log'], true],
    [{ ...readPods, resources: ['*/log'] }, ['get', 'log'], false],
    [{ ...readPods, resources: ['services/log', 'pods/log'] }, ['get', 'pods/log'], true],
    [{ ...readPods, resources: ['services/log', 'pods/exec'] }, ['get', 'pods/log'], false],
    [{ ...readPods, resources: ['pods/a/b'] }, ['get', 'pods/a/b'], true],
    [{ ...readPods, resources: ['*/a/b'] }, ['get', 'pods/a/b'], true],
    [{ ...readPods, resources: ['*/b'] }, ['get', 'pods/a/b'], false],
    [{ ...readPods, resourceNames: ['x'] }, ['get', 'pods', { name: 'x' }], true],
    [{ ...readPods, resourceNames: ['x'] }, ['get', 'pods', { name: 'y' }], false],
    [{ ...readPods, resourceNames: ['x'] }, ['list', 'pods'], false],
    [{ verbs: ['get'], nonResourceURLs: ['/healthz'] }, ['get', '/healthz'], true],
    [{ verbs: ['get'], nonResourceURLs: ['/healthz'] }, ['get', '/healthz/ping'], false],
    [{ verbs: ['get'], nonResourceURLs: ['/healthz/*'] }, ['get', '/healthz/ping'], true],
    [{ verbs: ['get'], nonResourceURLs: ['/healthz/*'] }, ['get', '/healthz'], false],
    [{ verbs: ['get'], nonResourceURLs: ['*'] }, ['get', '/anything'], true],
    [{ verbs: ['*'], nonResourceURLs: ['*'] }, ['get', 'pods'], false],
    [{ verbs: null }, ['get', 'pods'], false],
  ])('%j: %j is %s', (rule, asked, expected) => {
    role('r', [rule]);
    bind('b', 'r', [user('alice')]);
    expect(allows(...asked)).toBe(expected);
  });
});

describe('a binding', () => {
  beforeEach(() => role('reader', [readPods]));

  it('of the cluster counts everywhere, of a namespace only there', () => {
    bind('all', 'reader', [user('alice')]);
    bind('some', 'reader', [user('bob')], { namespace: 'default' });
    const bob = { name: 'bob', groups: [] };
    expect([allows('get', 'pods'), allows('get', 'pods', { namespace: '' })]).toEqual([true, true]);
    const seen = ['default', 'other', ''].map((namespace) => allows('get', 'pods', { namespace, by: bob }));
    expect(seen).toEqual([true, false, false]);
  });

  it('is for users, groups and service accounts, whose namespace may be its own', () => {
    bind('b', 'reader', [group('devs'), { kind: 'ServiceAccount', name: 'a', namespace: 'n' }, { kind: 'ServiceAccount', name: 'own' }], {
      namespace: 'default',
    });
    const account = (name: string) => ({ name: `system:serviceaccount:${name}`, groups: [] });
    expect(
      [alice, account('n:a'), account('default:own'), account('n:own'), { name: 'devs', groups: [] }].map((by) =>
        allows('get', 'pods', { by }),
      ),
    ).toEqual([true, true, true, false, false]);
  });

  it('of the cluster needs the namespace of a service account', () => {
    bind('b', 'reader', [{ kind: 'ServiceAccount', name: 'a' }]);
    expect(allows('get', 'pods', { by: { name: 'system:serviceaccount::a', groups: [] } })).toBe(false);
  });

  it('to a Role means the one of its namespace', () => {
    role('writer', [{ ...readPods, verbs: ['delete'] }], 'default');
    bind('here', 'writer', [user('alice')], { namespace: 'default', kind: 'Role' });
    bind('there', 'writer', [user('alice')], { namespace: 'other', kind: 'Role' });
    expect(decide('delete', 'pods')).toMatchObject({
      decision: 'allow',
      reason: 'RBAC: allowed by RoleBinding "here/default" of Role "writer" to User "alice"',
    });
    expect(decide('delete', 'pods', { namespace: 'other' })).toEqual({
      decision: 'noOpinion',
      reason: 'RBAC: role.rbac.authorization.k8s.io "writer" not found',
    });
  });

  it('says who was allowed by what', () => {
    bind('b', 'reader', [group('devs')]);
    bind('c', 'reader', [{ kind: 'ServiceAccount', name: 'a', namespace: 'n' }]);
    const account = { name: 'system:serviceaccount:n:a', groups: [] };
    expect([decide('get', 'pods').reason, decide('get', 'pods', { by: account }).reason]).toEqual([
      'RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "reader" to Group "devs"',
      'RBAC: allowed by ClusterRoleBinding "c" of ClusterRole "reader" to ServiceAccount "a/n"',
    ]);
  });

  it('counts as it is now', () => {
    expect(decide('get', 'pods')).toEqual({ decision: 'noOpinion' });
    const binding = bind('b', 'reader', [user('alice'), group('devs')]);
    expect(allows('get', 'pods')).toBe(true);
    bind('b', 'reader', [user('bob')]);
    expect(allows('get', 'pods')).toBe(false);
    policy.setBinding(binding);
    role('reader', [{ ...readPods, resources: ['nodes'] }]);
    expect([allows('get', 'pods'), allows('get', 'nodes')]).toEqual([false, true]);
    policy.deleteRole({ metadata: { name: 'reader' } });
    expect(decide('get', 'nodes').reason).toBe('RBAC: clusterrole.rbac.authorization.k8s.io "reader" not found');
    policy.deleteBinding({ metadata: { name: 'b' } });
    policy.deleteBinding({ metadata: { name: 'b' } });
    expect(decide('get', 'nodes')).toEqual({ decision: 'noOpinion' });
  });
});

describe('what a user holds', () => {
  it('are the rules of all roles bound to them there, and what could not be found', async () => {
    const deletePods = { ...readPods, verbs: ['delete'] };
    role('reader', [readPods]);
    role('deleter', [deletePods], 'default');
    bind('everywhere', 'reader', [group('devs')]);
    bind('here', 'deleter', [user('alice')], { namespace: 'default', kind: 'Role' });
    bind('gone', 'gone', [user('alice')], { namespace: 'default' });
    const errors = ['clusterrole.rbac.authorization.k8s.io "gone" not found'];
    expect(await rbac.heldBy(alice, 'default')).toEqual({ rules: [readPods, deletePods], errors });
    expect(await rbac.heldBy(alice, '')).toEqual({ rules: [readPods], errors: [] });
    bind('everywhere', 'reader', [user('alice'), group('devs')]);
    expect(await rbac.heldBy(alice, '')).toEqual({ rules: [readPods], errors: [] });
    expect(await rbac.ofRole({ kind: 'Role', name: 'deleter' }, 'default')).toEqual([deletePods]);
    expect(await rbac.ofRole({ kind: 'Role', name: 'deleter' }, 'other')).toBeUndefined();
  });
});
