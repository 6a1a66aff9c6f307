import { missingRules } from '@keelson/api';
import { type GroupVersionResource, semanticallyEqual } from '@keelson/machinery';
import type { rbac } from '@keelson/schema';
import { RBAC_GROUP } from './binding-notation.js';
import type { PolicyKind } from './policy-reconciler.js';

const gvr = (resource: string): GroupVersionResource => ({ group: RBAC_GROUP, version: 'v1', resource });

export const roleKind: PolicyKind<rbac.v1.Role> = { gvr: gvr('roles'), addMissing: addRules };

export const clusterRoleKind: PolicyKind<rbac.v1.ClusterRole> = {
  gvr: gvr('clusterroles'),
  addMissing(role, wanted) {
    addRules(role, wanted);
    addSelectors(role, wanted);
  },
};

export const roleBindingKind: PolicyKind<rbac.v1.RoleBinding> = {
  gvr: gvr('rolebindings'),
  addMissing: addSubjects,
  mustBeReplaced: bindsAnotherRole,
};

export const clusterRoleBindingKind: PolicyKind<rbac.v1.ClusterRoleBinding> = {
  ...roleBindingKind,
  gvr: gvr('clusterrolebindings'),
};

/** Rules that stand where they should, as nearly always all do, need not be taken apart. */
function addRules(role: rbac.v1.Role, wanted: rbac.v1.Role): void {
  const has = role.rules ?? [];
  const others = (wanted.rules ?? []).filter((rule, i) => !semanticallyEqual(rule, has[i]));
  const missing = missingRules(has, others);
  if (missing.length > 0) role.rules = [...has, ...missing];
}

/** A role that is to have rules of its own does not aggregate: a controller would overwrite them. */
function addSelectors(role: rbac.v1.ClusterRole, { aggregationRule }: rbac.v1.ClusterRole): void {
  if (aggregationRule === undefined) {
    delete role.aggregationRule;
    return;
  }
  const has = role.aggregationRule?.clusterRoleSelectors ?? [];
  const missing = (aggregationRule.clusterRoleSelectors ?? []).filter((one) => !has.some((other) => semanticallyEqual(one, other)));
  if (missing.length > 0) role.aggregationRule = { ...role.aggregationRule, clusterRoleSelectors: [...has, ...missing] };
}

function addSubjects(binding: rbac.v1.RoleBinding, wanted: rbac.v1.RoleBinding): void {
  const has = binding.subjects ?? [];
  const missing = (wanted.subjects ?? []).filter((one) => !has.some((other) => semanticallyEqual(one, other)));
  if (missing.length > 0) binding.subjects = [...has, ...missing];
}

function bindsAnotherRole({ roleRef }: rbac.v1.RoleBinding, wanted: rbac.v1.RoleBinding): boolean {
  return !semanticallyEqual(roleRef, wanted.roleRef);
}
