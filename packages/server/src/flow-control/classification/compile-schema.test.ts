import type { UserInfo } from '@keelson/machinery';
import type { flowcontrol } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { requestState } from '../testing/request-state.js';
import { compileSchema } from './compile-schema.js';

type Rule = flowcontrol.v1.PolicyRulesWithSubjects;

const any = ['*'];
const alice: UserInfo = { name: 'alice', groups: ['dev', 'system:authenticated'] };
const account: UserInfo = { name: 'system:serviceaccount:web:runner', groups: ['system:serviceaccounts'] };
const everything: Pick<Rule, 'resourceRules' | 'nonResourceRules'> = {
  resourceRules: [{ verbs: any, apiGroups: any, resources: any, clusterScope: true, namespaces: any }],
  nonResourceRules: [{ verbs: any, nonResourceURLs: any }],
};
const everybody: flowcontrol.v1.Subject[] = [{ kind: 'User', user: { name: '*' } }];

function matches(rules: Rule[], url: string, { user = alice, method = 'GET' } = {}): boolean {
  const spec = { priorityLevelConfiguration: { name: 'x' }, matchingPrecedence: 1, rules };
  return compileSchema(spec)(user)?.(requestState(method, url).info) ?? false;
}

describe('subjects', () => {
  it.each<[flowcontrol.v1.Subject, boolean, boolean]>([
    [{ kind: 'User', user: { name: 'alice' } }, true, false],
    [{ kind: 'User', user: { name: '*' } }, true, true],
    [{ kind: 'User', user: { name: 'system:serviceaccount:web:runner' } }, false, true],
    [{ kind: 'Group', group: { name: 'dev' } }, true, false],
    [{ kind: 'Group', group: { name: 'system:serviceaccounts' } }, false, true],
    [{ kind: 'Group', group: { name: '*' } }, true, true],
    [{ kind: 'ServiceAccount', serviceAccount: { namespace: 'web', name: 'runner' } }, false, true],
    [{ kind: 'ServiceAccount', serviceAccount: { namespace: 'web', name: 'other' } }, false, false],
    [{ kind: 'ServiceAccount', serviceAccount: { namespace: 'web', name: '*' } }, false, true],
    [{ kind: 'ServiceAccount', serviceAccount: { namespace: 'we', name: '*' } }, false, false],
  ])('%j', (subject, isAlice, isAccount) => {
    const rules = [{ subjects: [subject], ...everything }];
    expect([alice, account].map((user) => matches(rules, '/api/v1/pods', { user }))).toEqual([isAlice, isAccount]);
  });

  it('must be of the rule that is about the request', () => {
    const rules = [
      { subjects: [{ kind: 'User', user: { name: 'bob' } }], ...everything },
      { subjects: everybody, nonResourceRules: [{ verbs: any, nonResourceURLs: ['/version'] }] },
    ];
    expect([matches(rules, '/api/v1/pods'), matches(rules, '/version')]).toEqual([false, true]);
  });
});

describe('resource rules', () => {
  const rule = (of: Partial<flowcontrol.v1.ResourcePolicyRule>) => [
    { subjects: everybody, resourceRules: [{ verbs: any, apiGroups: any, resources: any, namespaces: any, ...of }] },
  ];

  it.each<[Partial<flowcontrol.v1.ResourcePolicyRule>, string, boolean]>([
    [{ verbs: ['list'] }, 'GET /api/v1/namespaces/a/pods', true],
    [{ verbs: ['get'] }, 'GET /api/v1/namespaces/a/pods', false],
    [{ apiGroups: ['apps'] }, 'GET /apis/apps/v1/namespaces/a/deployments', true],
    [{ apiGroups: ['apps'] }, 'GET /api/v1/namespaces/a/pods', false],
    [{ apiGroups: [''] }, 'GET /api/v1/namespaces/a/pods', true],
    [{ resources: ['pods'] }, 'GET /api/v1/namespaces/a/pods/x/log', false],
    [{ resources: ['pods/log'] }, 'GET /api/v1/namespaces/a/pods/x/log', true],
    [{ namespaces: ['a', 'b'] }, 'GET /api/v1/namespaces/b/pods', true],
    [{ namespaces: ['a', 'b'] }, 'GET /api/v1/namespaces/c/pods', false],
    // Across all namespaces is cluster scope.
    [{}, 'GET /api/v1/pods', false],
    [{ clusterScope: true, namespaces: [] }, 'GET /api/v1/pods', true],
    [{ clusterScope: true, namespaces: [] }, 'GET /api/v1/nodes/n', true],
    [{ clusterScope: true, namespaces: [] }, 'GET /api/v1/namespaces/a/pods', false],
    [{}, 'GET /version', false],
  ])('%j: %s', (of, request, expected) => {
    const [method, url] = request.split(' ') as [string, string];
    expect(matches(rule(of), url, { method })).toBe(expected);
  });
});

it.each([
  ['/healthz', '/healthz', true],
  ['/healthz', '/healthz/etcd', true],
  ['/healthz', '/healthzz', false],
  ['/healthz/*', '/healthz/etcd', true],
  ['/healthz/*', '/healthz', false],
  ['*', '/version', true],
  ['*', '/api/v1/pods', false],
])('paths: %s: %s', (path, url, expected) => {
  const rules = [{ subjects: everybody, nonResourceRules: [{ verbs: ['get'], nonResourceURLs: [path] }] }];
  expect([matches(rules, url), matches(rules, url, { method: 'POST' })]).toEqual([expected, false]);
});
