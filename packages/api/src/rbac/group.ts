import { defineGroup } from '@keelson/server';
import { clusterRoleBindings } from './cluster-role-bindings.js';
import { clusterRoles } from './cluster-roles.js';
import { roleBindings } from './role-bindings.js';
import { roles } from './roles.js';

export const rbacGroup = defineGroup({
  group: 'rbac.authorization.k8s.io',
  priority: 17000,
  versions: [{ version: 'v1', priority: 15, enabledByDefault: true }],
  resources: [clusterRoleBindings, clusterRoles, roleBindings, roles],
});
