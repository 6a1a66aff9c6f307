import type { Features, ObjectMeta } from '@keelson/machinery';
import type { rbac } from '@keelson/schema';
import { aggregatedRules } from './aggregated-rules.js';
import { RBAC_GROUP, serviceAccount } from './binding-notation.js';
import { clusterRoleBindings, roleBindings } from './bindings.js';
import { clusterRoles } from './cluster-roles.js';
import { controllerRoles } from './controller-roles.js';
import { namespaceRoles } from './namespace-roles.js';
import { granted, type RoleTable } from './rule-notation.js';

type ClusterRole = rbac.v1.ClusterRole;
type ClusterRoleBinding = rbac.v1.ClusterRoleBinding;
type Role = rbac.v1.Role;
type RoleBinding = rbac.v1.RoleBinding;

export interface BootstrapPolicy {
  readonly clusterRoles: readonly ClusterRole[];
  readonly clusterRoleBindings: readonly ClusterRoleBinding[];
  readonly roles: readonly Role[];
  readonly roleBindings: readonly RoleBinding[];
}

/** Annotation that says whether the server may change the object: not where it is "false". */
export const AUTO_UPDATE = 'rbac.authorization.kubernetes.io/autoupdate';

/** A cluster role with this label, of a role's name, is part of that role. */
const aggregateTo = (role: string) => ({ [`${RBAC_GROUP}/aggregate-to-${role}`]: 'true' });

/** Which of the roles that aggregate are part of another one. */
const contained: Readonly<Record<string, string | undefined>> = { edit: 'admin', view: 'edit' };

const controllerPrefix = 'system:controller:';

/** The roles and bindings that every cluster with RBAC has: each component can do its work, and administrators everything. */
export function bootstrapPolicy(features: Features): BootstrapPolicy {
  const roles = presentRoles(clusterRoles, features);
  const ofControllers = presentRoles(controllerRoles, features);
  return {
    clusterRoles: [
      ...aggregatingRoles(features),
      ...[...roles].map(([name, rules]) => clusterRole(name, rules)),
      ...[...ofControllers].map(([name, rules]) => clusterRole(controllerPrefix + name, rules)),
    ],
    clusterRoleBindings: [
      ...Object.entries(clusterRoleBindings)
        .filter(([name]) => roles.has(name))
        .map(([name, subjects]) => clusterRoleBinding(name, subjects)),
      ...[...ofControllers.keys()].map((name) => clusterRoleBinding(controllerPrefix + name, [serviceAccount(name)])),
    ],
    roles: Object.entries(namespaceRoles).flatMap(([namespace, roles]) =>
      Object.entries(roles).map(([name, rules]) => ({ metadata: metadata({ name, namespace }), rules: [...rules] })),
    ),
    roleBindings: roleBindings.map(({ name, namespace, role = name, subjects }) => ({
      metadata: metadata({ name, namespace }),
      roleRef: { apiGroup: RBAC_GROUP, kind: 'Role', name: role },
      subjects: [...subjects],
    })),
  };
}

/** Rules of roles by the roles' names. A role of which no rule is left is not there. */
function presentRoles(table: RoleTable, features: Features): ReadonlyMap<string, rbac.v1.PolicyRule[]> {
  const all = Object.entries(table).map(([name, rules]) => [name, granted(rules, features)] as const);
  return new Map(all.filter(([, rules]) => rules.length > 0));
}

/** `admin` and its like have no rules of their own: the controller manager gathers them from what carries their label. */
function aggregatingRoles(features: Features): ClusterRole[] {
  return Object.entries(aggregatedRules).flatMap(([name, rules]) => [
    {
      metadata: metadata({ name, labels: contained[name] === undefined ? {} : aggregateTo(contained[name]) }),
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregateTo(name) }] },
      rules: null,
    },
    clusterRole(aggregatedName(name), granted(rules, features), aggregateTo(name)),
  ]);
}

/** The role with the rules that `role` itself had before roles could aggregate. */
export function aggregatedName(role: string): string {
  return `system:aggregate-to-${role}`;
}

function clusterRole(name: string, rules: readonly rbac.v1.PolicyRule[], labels: Record<string, string> = {}): ClusterRole {
  return { metadata: metadata({ name, labels }), rules: [...rules] };
}

function clusterRoleBinding(name: string, subjects: readonly rbac.v1.Subject[]): ClusterRoleBinding {
  return { metadata: metadata({ name }), roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name }, subjects: [...subjects] };
}

function metadata({ labels, ...identity }: ObjectMeta): ObjectMeta {
  return { ...identity, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels }, annotations: { [AUTO_UPDATE]: 'true' } };
}
