import { readFileSync } from 'node:fs';
import { defaultFeatures, type KubeObject } from '@keelson/machinery';
import type { rbac } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { recordings } from '../../../../test/recordings.js';
import { bootstrapPolicy } from './bootstrap-policy.js';

interface KnownRule {
  readonly v: string[];
  readonly g?: string[];
  readonly r?: string[];
  readonly n?: string[];
  readonly u?: string[];
}

interface Known {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly aggregate?: Record<string, string>[];
  readonly rules?: KnownRule[];
  readonly role?: string;
  readonly subjects?: string[];
}

const facts = recordings('facts');

function known(...lists: string[]): unknown[] {
  const all = JSON.parse(readFileSync(`${facts}/bootstrap.json`, 'utf8')) as Record<string, Known[]>;
  return sorted(lists.flatMap((list) => all[list] ?? []));
}

/** In the words of the facts. */
function told(objects: readonly (KubeObject & Partial<rbac.v1.ClusterRole & rbac.v1.ClusterRoleBinding>)[]): unknown[] {
  return sorted(
    objects.map(({ metadata: { name = '', namespace, labels, annotations }, rules, aggregationRule, roleRef, subjects }) => {
      const { 'kubernetes.io/bootstrapping': bootstrapping, ...others } = labels ?? {};
      expect([bootstrapping, annotations]).toEqual(['rbac-defaults', { 'rbac.authorization.kubernetes.io/autoupdate': 'true' }]);
      return {
        name,
        namespace,
        labels: Object.keys(others).length > 0 ? others : undefined,
        aggregate: aggregationRule?.clusterRoleSelectors?.map(({ matchLabels }) => matchLabels),
        rules: roleRef ? undefined : (rules ?? []).map(ruleTold),
        role: roleRef && `${roleRef.kind}/${roleRef.name}`,
        subjects: roleRef && (subjects ?? []).map(subjectTold),
      };
    }),
  );
}

function ruleTold({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: rbac.v1.PolicyRule): object {
  return { v: verbs, g: apiGroups, r: resources, n: resourceNames, u: nonResourceURLs };
}

function subjectTold({ kind, apiGroup, namespace, name }: rbac.v1.Subject): string {
  expect(apiGroup).toBe(kind === 'ServiceAccount' ? undefined : 'rbac.authorization.k8s.io');
  return namespace === undefined ? `${kind}:${name}` : `${kind}:${namespace}/${name}`;
}

function sorted<T extends { readonly name: string; readonly namespace?: string | undefined }>(list: readonly T[]): T[] {
  const key = ({ name, namespace = '' }: T) => `${namespace}/${name}`;
  return [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

describe.runIf(facts !== undefined)('the bootstrap policy is that of Kubernetes v1.34:', () => {
  const policy = bootstrapPolicy(defaultFeatures);

  it('cluster roles', () => {
    expect(told(policy.clusterRoles)).toEqual(known('clusterRoles', 'controllerRoles'));
  });

  it('cluster role bindings', () => {
    expect(told(policy.clusterRoleBindings)).toEqual(known('clusterRoleBindings', 'controllerRoleBindings'));
  });

  it('roles', () => {
    expect(told(policy.roles)).toEqual(known('namespaceRoles'));
  });

  it('role bindings', () => {
    expect(told(policy.roleBindings)).toEqual(known('namespaceRoleBindings'));
  });
});
