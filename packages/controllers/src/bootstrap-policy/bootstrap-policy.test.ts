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

/** Names of roles and bindings, and the rules of roles in short. */
function shortly(...switched: [gate: string, on: boolean][]): Set<string> {
  const policy = bootstrapPolicy(new Map([...defaultFeatures, ...switched]));
  const word = (rule: rbac.v1.PolicyRule) => `${rule.verbs} ${rule.apiGroups} ${rule.resources} ${rule.resourceNames ?? ''}`.trim();
  return new Set([
    ...policy.clusterRoles.flatMap(({ metadata: { name }, rules }) => [
      name ?? '',
      ...(rules ?? []).map((rule) => `${name}: ${word(rule)}`),
    ]),
    ...policy.clusterRoleBindings.map(({ metadata: { name }, subjects }) => `${name} for ${(subjects ?? []).map((one) => one.name)}`),
  ]);
}

function difference(...switched: [gate: string, on: boolean][]): { more: string[]; less: string[] } {
  const [before, after] = [shortly(), shortly(...switched)];
  return { more: [...after].filter((one) => !before.has(one)), less: [...before].filter((one) => !after.has(one)) };
}

describe('features bring roles and rules with them, and take them away:', () => {
  it('ClusterTrustBundle', () => {
    const publisher = 'system:controller:kube-apiserver-serving-clustertrustbundle-publisher';
    expect(difference(['ClusterTrustBundle', true])).toEqual({
      more: [
        'system:cluster-trust-bundle-discovery',
        'system:cluster-trust-bundle-discovery: get,list,watch certificates.k8s.io clustertrustbundles',
        'system:node: get,list,watch certificates.k8s.io clustertrustbundles',
        publisher,
        `${publisher}: attest certificates.k8s.io signers kubernetes.io/kube-apiserver-serving`,
        `${publisher}: create,delete,list,update,watch certificates.k8s.io clustertrustbundles`,
        `${publisher}: create,patch,update ,events.k8s.io events`,
        'system:cluster-trust-bundle-discovery for system:serviceaccounts',
        `${publisher} for kube-apiserver-serving-clustertrustbundle-publisher`,
      ],
      less: [],
    });
  });

  it('PodCertificateRequest', () => {
    const cleaner = 'system:controller:podcertificaterequestcleaner';
    expect(difference(['PodCertificateRequest', true])).toEqual({
      more: [
        'system:node: create,get,list,watch certificates.k8s.io podcertificaterequests',
        cleaner,
        `${cleaner}: delete,get,list,watch certificates.k8s.io podcertificaterequests`,
        `${cleaner} for podcertificaterequestcleaner`,
      ],
      less: [],
    });
  });

  it('KubeletServiceAccountTokenForCredentialProviders', () => {
    const gate: [string, boolean] = ['KubeletServiceAccountTokenForCredentialProviders', false];
    expect(difference(gate)).toEqual({ more: [], less: ['system:node: get  serviceaccounts'] });
  });

  it('DRADeviceTaints, where devices are allocated at all', () => {
    const taints: [string, boolean] = ['DRADeviceTaints', true];
    const { more } = difference(taints);
    expect(more.filter((one) => !one.includes('device-taint-eviction-controller'))).toEqual([
      'system:kube-scheduler: get,list,watch resource.k8s.io devicetaintrules',
    ]);
    expect(difference(taints, ['DynamicResourceAllocation', false]).more).toEqual([]);
  });

  it('SELinuxChangePolicy', () => {
    const { more, less } = difference(['SELinuxChangePolicy', false]);
    expect(more).toEqual([]);
    expect(less.map((one) => one.split(/:? (?=get|create|for)/)[0])).toEqual(Array(7).fill('system:controller:selinux-warning-controller'));
  });
});
