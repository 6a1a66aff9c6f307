import type { UserInfo } from '@keelson/machinery';
import type { rbac } from '@keelson/schema';
import type { WriteContext } from '@keelson/server';
import { describe, expect, it } from 'vitest';
import { EscalationGuard } from './escalation.js';
import { compact, missingRules, type PolicyRule, ruleText } from './policy-rules.js';

const alice: UserInfo = { name: 'alice', groups: ['devs'] };
const held: PolicyRule = { verbs: ['get'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['a'] };
const secrets: PolicyRule = { verbs: ['get', 'list'], apiGroups: [''], resources: ['secrets'] };

function guard({
  rules = [held],
  verbs = [],
  errors = [],
}: {
  rules?: PolicyRule[];
  verbs?: string[];
  errors?: string[];
} = {}): EscalationGuard {
  return new EscalationGuard(
    {
      heldBy: async () => ({ rules, errors }),
      ofRole: async ({ name }) => (name === 'missing' ? undefined : [secrets]),
    },
    { authorize: ({ verb, name }) => ({ decision: verbs.includes(`${verb} ${name}`) ? 'allow' : 'noOpinion' }) },
  );
}

function contextOf(user: UserInfo = alice, name = ''): WriteContext {
  return { user, namespace: 'ns', name } as unknown as WriteContext;
}

function role(...rules: PolicyRule[]): rbac.v1.Role {
  return { metadata: { name: 'r' }, rules };
}

function binding(name: string): rbac.v1.RoleBinding {
  return { metadata: { name: 'b' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name }, subjects: [] };
}

describe('a rule is missing unless a held one covers it', () => {
  it.each<[PolicyRule, PolicyRule, string[]]>([
    [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, secrets, []],
    [held, { ...held, resourceNames: ['a', 'b'] }, ['{APIGroups:[""], Resources:["configmaps"], ResourceNames:["b"], Verbs:["get"]}']],
    [held, { verbs: ['get'], apiGroups: [''], resources: ['configmaps'] }, ['{APIGroups:[""], Resources:["configmaps"], Verbs:["get"]}']],
    [{ verbs: ['get'], apiGroups: [''], resources: ['*/log'] }, { verbs: ['get'], apiGroups: [''], resources: ['pods/log'] }, []],
    [
      { verbs: ['get'], nonResourceURLs: ['/api/*'] },
      { verbs: ['get'], nonResourceURLs: ['/api/v1', '/x'] },
      ['{NonResourceURLs:["/x"], Verbs:["get"]}'],
    ],
    [held, secrets, ['{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}']],
  ])('%j of %j', (has, wanted, texts) => {
    expect(compact(missingRules([has], [wanted])).map(ruleText)).toEqual(texts);
  });
});

describe('roles', () => {
  it('grant no more than their author holds', async () => {
    await expect(guard().checkRole(role(held), undefined, contextOf())).resolves.toBeUndefined();
    await expect(guard().checkRole(role(held, secrets), undefined, contextOf())).rejects.toMatchObject({
      code: 403,
      message:
        'roles.rbac.authorization.k8s.io "r" is forbidden: user "alice" (groups=["devs"]) is attempting to grant RBAC permissions not currently held:\n' +
        '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}',
    });
  });

  it('may be brought to their end by anybody, and changed by who holds what they grant alone', async () => {
    const old = role(secrets);
    const released = { ...old, metadata: { ...old.metadata, finalizers: [] } };
    await expect(guard().checkRole(released, { ...old, metadata: { ...old.metadata, finalizers: ['x/y'] } }, contextOf())).resolves.toBe(
      undefined,
    );
    const labelled = { ...old, metadata: { ...old.metadata, labels: { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' } } };
    await expect(guard().checkRole(labelled, old, contextOf())).rejects.toMatchObject({ code: 403 });
    await expect(guard({ rules: [secrets] }).checkRole(labelled, old, contextOf())).resolves.toBeUndefined();
  });

  it('that ask for more than can be compared need an author who holds them as they are written', async () => {
    const many = Array.from({ length: 1000 }, (_, i) => `x${i}`);
    const huge: PolicyRule = { verbs: many, apiGroups: many, resources: many };
    const problem = '1000000000 permissions that no rule held covers together, where at most 10000 are compared';
    await expect(guard().checkRole(role(huge), undefined, contextOf())).rejects.toThrow(`not currently held:\n${problem}`);
    const all: PolicyRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
    await expect(guard({ rules: [held, all] }).checkRole(role(huge), undefined, contextOf())).resolves.toBeUndefined();
  });

  it('are written freely by who may escalate, and by the privileged', async () => {
    await expect(guard({ verbs: ['escalate '] }).checkRole(role(secrets), undefined, contextOf())).resolves.toBeUndefined();
    const named = guard({ verbs: ['escalate r'] });
    await expect(named.checkRole(role(secrets), undefined, contextOf(alice, 'r'))).resolves.toBeUndefined();
    await expect(named.checkRole(role(secrets), undefined, contextOf())).rejects.toMatchObject({ code: 403 });
    const admin = contextOf({ name: 'admin', groups: ['system:masters'] });
    await expect(guard({ rules: [] }).checkRole(role(secrets), undefined, admin)).resolves.toBeUndefined();
  });

  it('say what could not be found out', async () => {
    const failing = guard({ rules: [], errors: ['clusterrole "x" not found'] });
    await expect(failing.checkRole(role(held), undefined, contextOf())).rejects.toThrow(
      /; resolution errors: \[clusterrole "x" not found\]$/,
    );
  });

  it('aggregate others only for who may do everything', async () => {
    const aggregating = { ...role(), aggregationRule: { clusterRoleSelectors: [{}] } };
    const message =
      'clusterroles.rbac.authorization.k8s.io "r" is forbidden: must have cluster-admin privileges to use the aggregationRule';
    await expect(guard().checkClusterRole(aggregating, undefined, contextOf())).rejects.toMatchObject({ message });
    await expect(guard().checkClusterRole(role(), aggregating, contextOf())).rejects.toMatchObject({ message });
    const labelled = { ...aggregating, metadata: { name: 'r', labels: { a: 'b' } } };
    await expect(guard().checkClusterRole(labelled, aggregating, contextOf())).rejects.toMatchObject({ message });
    const admin: PolicyRule[] = [
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ];
    await expect(guard({ rules: admin }).checkClusterRole(labelled, aggregating, contextOf())).resolves.toBeUndefined();
  });
});

describe('bindings', () => {
  it('bind no role with more rights than their author has', async () => {
    await expect(guard().checkBinding('rolebindings', binding('big'), undefined, contextOf())).rejects.toMatchObject({ code: 403 });
    await expect(guard({ rules: [secrets] }).checkBinding('rolebindings', binding('big'), undefined, contextOf())).resolves.toBeUndefined();
    await expect(
      guard({ verbs: ['bind big'] }).checkBinding('rolebindings', binding('big'), undefined, contextOf()),
    ).resolves.toBeUndefined();
  });

  it('may be brought to their end by anybody', async () => {
    const old = binding('big');
    const owned = { ...old, metadata: { ...old.metadata, ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }] } };
    await expect(guard().checkBinding('rolebindings', old, owned, contextOf())).resolves.toBeUndefined();
    const labelled = { ...old, metadata: { ...old.metadata, labels: { a: 'b' } } };
    await expect(guard().checkBinding('rolebindings', labelled, old, contextOf())).rejects.toMatchObject({ code: 403 });
  });

  it('need their role', async () => {
    await expect(guard().checkBinding('rolebindings', binding('missing'), undefined, contextOf())).rejects.toMatchObject({
      code: 404,
      message: 'rolebindings.rbac.authorization.k8s.io "missing" not found',
    });
  });
});
