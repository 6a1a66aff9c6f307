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
    { authorize: ({ verb }) => ({ decision: verbs.includes(verb) ? 'allow' : 'noOpinion' }) },
  );
}

function contextOf(user: UserInfo = alice): WriteContext {
  return { user, namespace: 'ns' } as unknown as WriteContext;
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

  it('may change in what they do not grant', async () => {
    await expect(guard({ rules: [] }).checkRole(role(secrets), role(secrets), contextOf())).resolves.toBeUndefined();
  });

  it('are written freely by who may escalate, and by the privileged', async () => {
    await expect(guard({ verbs: ['escalate'] }).checkRole(role(secrets), undefined, contextOf())).resolves.toBeUndefined();
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
    await expect(guard().checkClusterRole(aggregating, undefined, contextOf())).rejects.toMatchObject({
      message: 'clusterroles.rbac.authorization.k8s.io "r" is forbidden: must have cluster-admin privileges to use the aggregationRule',
    });
  });
});

describe('bindings', () => {
  it('bind no role with more rights than their author has', async () => {
    await expect(guard().checkBinding('rolebindings', binding('big'), undefined, contextOf())).rejects.toMatchObject({ code: 403 });
    await expect(guard({ rules: [secrets] }).checkBinding('rolebindings', binding('big'), undefined, contextOf())).resolves.toBeUndefined();
    await expect(guard({ verbs: ['bind'] }).checkBinding('rolebindings', binding('big'), undefined, contextOf())).resolves.toBeUndefined();
  });

  it('need their role', async () => {
    await expect(guard().checkBinding('rolebindings', binding('missing'), undefined, contextOf())).rejects.toMatchObject({
      code: 404,
      message: 'rolebindings.rbac.authorization.k8s.io "missing" not found',
    });
  });
});
