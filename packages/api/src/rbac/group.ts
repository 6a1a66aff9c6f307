import { type ApiGroup, defineGroup } from '@keelson/server';
import { createClusterRoleBindings } from './cluster-role-bindings.js';
import { createClusterRoles } from './cluster-roles.js';
import type { EscalationGuard } from './escalation.js';
import { createRoleBindings } from './role-bindings.js';
import { createRoles } from './roles.js';

/** Roles and their bindings. Without a guard whoever may write them may grant anything. */
export function rbacGroup(guard?: EscalationGuard): ApiGroup {
  return defineGroup({
    group: 'rbac.authorization.k8s.io',
    priority: 17000,
    versions: [
      { version: 'v1', priority: 15, enabledByDefault: true },
      { version: 'v1beta1', priority: 12, enabledByDefault: false, removed: true },
      { version: 'v1alpha1', priority: 9, enabledByDefault: false, removed: true },
    ],
    resources: [createClusterRoleBindings(guard), createClusterRoles(guard), createRoleBindings(guard), createRoles(guard)],
  });
}
