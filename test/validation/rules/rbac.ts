import type { Rule, RulesOfKind } from '../rule.js';
import { notLabelValue, notSubdomain, unsupported } from './format-messages.js';

const group = 'rbac.authorization.k8s.io';
const paths = '/apis/rbac.authorization.k8s.io/v1';

const ruleRules: Rule[] = [
  {
    rule: 'a rule has verbs',
    accepted: { 'rules[0].verbs': ['*'] },
    refused: { 'rules[0].verbs': [] },
    errors: ['rules[0].verbs: Required value: verbs must contain at least one value'],
  },
  {
    rule: 'a rule about resources has groups of them',
    accepted: { 'rules[0].apiGroups': [''] },
    refused: { 'rules[0].apiGroups': undefined },
    errors: ['rules[0].apiGroups: Required value: resource rules must supply at least one api group'],
  },
  {
    rule: 'a rule has resources',
    accepted: { 'rules[0].resources': ['pods/*'], 'rules[0].resourceNames': ['a'] },
    refused: { 'rules[0].resources': undefined },
    errors: ['rules[0].resources: Required value: resource rules must supply at least one resource'],
  },
  {
    rule: 'what is changed is looked at twice',
    on: 'update',
    accepted: { 'rules[0].verbs': ['list'] },
    refused: { 'rules[0].verbs': [] },
    errors: Array(2).fill('rules[0].verbs: Required value: verbs must contain at least one value'),
  },
];

const example = { rules: [{ verbs: ['get'], apiGroups: ['apps'], resources: ['deployments'] }] };

export const roles: RulesOfKind = {
  collection: `${paths}/namespaces/default/roles`,
  kind: `Role.${group}`,
  example,
  rules: [
    ...ruleRules,
    {
      rule: 'rules of a namespace are not about URLs',
      accepted: { rules: [] },
      refused: { 'rules[0]': { verbs: ['get'], nonResourceURLs: ['/healthz'] } },
      errors: ['rules[0].nonResourceURLs: Invalid value: ["/healthz"]: namespaced rules cannot apply to non-resource URLs'],
    },
  ],
};

const noSelectors =
  'aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil';
const noVerbs = 'rules[0].verbs: Required value: verbs must contain at least one value';

export const clusterRoles: RulesOfKind = {
  collection: `${paths}/clusterroles`,
  kind: `ClusterRole.${group}`,
  example,
  rules: [
    ...ruleRules,
    {
      rule: 'a rule is about resources or URLs',
      accepted: { 'rules[0]': { verbs: ['get'], nonResourceURLs: ['/healthz'] } },
      refused: { 'rules[0].nonResourceURLs': ['/healthz'] },
      errors: ['rules[0].nonResourceURLs: Invalid value: ["/healthz"]: rules cannot apply to both regular resources and non-resource URLs'],
    },
    {
      rule: 'who aggregates roles selects some',
      accepted: { aggregationRule: { clusterRoleSelectors: [{}] } },
      refused: { aggregationRule: {} },
      errors: [noSelectors],
    },
    {
      rule: 'roles are selected by labels',
      accepted: { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } },
      refused: { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: '-' } }] } },
      errors: [
        `aggregationRule.clusterRoleSelectors[0].matchLabels: Invalid value: "-": ${notLabelValue}`,
        'aggregationRule.clusterRoleSelectors[0]: Invalid value: null: invalid label selector.',
      ],
    },
    {
      rule: 'rules and what is aggregated are looked at twice together',
      on: 'update',
      accepted: { aggregationRule: { clusterRoleSelectors: [{}] } },
      refused: { 'rules[0].verbs': [], aggregationRule: {} },
      errors: [noVerbs, noSelectors, noVerbs, noSelectors],
    },
  ],
};

const noName = 'subjects[0].name: Required value';

const bindingRules: Rule[] = [
  {
    rule: 'a role is one of RBAC',
    accepted: { 'roleRef.apiGroup': undefined },
    refused: { 'roleRef.apiGroup': 'rbac' },
    errors: [`roleRef.apiGroup: ${unsupported('rbac', group)}`],
  },
  {
    rule: 'a role has a name',
    accepted: { 'roleRef.name': 'system:a' },
    refused: { 'roleRef.name': '' },
    errors: ['roleRef.name: Required value'],
  },
  {
    rule: 'the name of a role is a part of a path',
    accepted: { 'roleRef.name': 'A b' },
    refused: { 'roleRef.name': 'a/b' },
    errors: ['roleRef.name: Invalid value: "a/b": may not contain \'/\''],
  },
  {
    rule: 'a binding is to a role for good',
    on: 'update',
    accepted: { subjects: [] },
    refused: { 'roleRef.name': 'other' },
    errors: [`roleRef: Invalid value: {"APIGroup":"${group}","Kind":"ClusterRole","Name":"other"}: cannot change roleRef`],
  },
  {
    rule: 'a subject is of a kind that there is',
    accepted: { subjects: [{ kind: 'Group', name: 'g' }] },
    refused: { subjects: [{ kind: 'Robot', name: 'g' }] },
    errors: [`subjects[0].kind: ${unsupported('Robot', 'ServiceAccount', 'User', 'Group')}`],
  },
  {
    rule: 'a subject has a name',
    accepted: { subjects: [{ kind: 'User', name: 'anyone at all' }] },
    refused: { subjects: [{ kind: 'User', name: '' }] },
    errors: [noName],
  },
  {
    rule: 'what is changed is looked at twice',
    on: 'update',
    accepted: { subjects: [{ kind: 'User', name: 'u' }] },
    refused: { subjects: [{ kind: 'User', name: '' }] },
    errors: [noName, noName],
  },
  {
    rule: 'the name of a service account is a subdomain',
    accepted: { 'subjects[0].name': 'a.b' },
    refused: { 'subjects[0].name': 'A' },
    errors: [`subjects[0].name: Invalid value: "A": ${notSubdomain}`],
  },
  {
    rule: 'service accounts are of no group',
    accepted: { 'subjects[0].apiGroup': '' },
    refused: { 'subjects[0].apiGroup': group },
    errors: [`subjects[0].apiGroup: ${unsupported(group, '')}`],
  },
  ...['User', 'Group'].map(
    (kind): Rule => ({
      rule: `a subject of kind ${kind} is one of RBAC`,
      accepted: { subjects: [{ kind, name: 'n', apiGroup: group }] },
      refused: { subjects: [{ kind, name: 'n', apiGroup: 'v1' }] },
      errors: [`subjects[0].apiGroup: ${unsupported('v1', group)}`],
    }),
  ),
];

const binding = {
  roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'view' },
  subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }],
};

export const roleBindings: RulesOfKind = {
  collection: `${paths}/namespaces/default/rolebindings`,
  kind: `RoleBinding.${group}`,
  example: binding,
  rules: [
    ...bindingRules,
    {
      rule: 'a role is of a kind that there is',
      accepted: { 'roleRef.kind': 'Role' },
      refused: { 'roleRef.kind': 'User' },
      errors: [`roleRef.kind: ${unsupported('User', 'Role', 'ClusterRole')}`],
    },
    {
      rule: 'a service account may be without a namespace, but not without a name',
      accepted: { 'subjects[0].namespace': undefined },
      refused: { 'subjects[0].namespace': undefined, 'subjects[0].name': '' },
      errors: [noName],
    },
  ],
};

export const clusterRoleBindings: RulesOfKind = {
  collection: `${paths}/clusterrolebindings`,
  kind: `ClusterRoleBinding.${group}`,
  example: binding,
  rules: [
    ...bindingRules,
    {
      rule: 'a role is one of the cluster',
      accepted: { 'roleRef.kind': 'ClusterRole' },
      refused: { 'roleRef.kind': 'Role' },
      errors: [`roleRef.kind: ${unsupported('Role', 'ClusterRole')}`],
    },
    {
      rule: 'a service account has a namespace',
      accepted: { 'subjects[0].namespace': 'kube-system' },
      refused: { 'subjects[0].namespace': undefined },
      errors: ['subjects[0].namespace: Required value'],
    },
  ],
};
