import { rbac } from '@keelson/schema';
import { defineResource, type Resource } from '@keelson/server';
import { bindingDefinition } from './binding.js';
import { validateBinding } from './bindings-validation.js';
import type { EscalationGuard } from './escalation.js';

type ClusterRoleBinding = rbac.v1.ClusterRoleBinding;

export function createClusterRoleBindings(guard: EscalationGuard | undefined): Resource {
  return defineResource<ClusterRoleBinding>(rbac.v1.ClusterRoleBinding, {
    names: { plural: 'clusterrolebindings' },
    scope: 'Cluster',
    storage: { key: 'clusterrolebindings' },
    ...bindingDefinition,
    ...(guard && { authorizeWrite: (binding, old, context) => guard.checkBinding('clusterrolebindings', binding, old, context) }),
    validate: (binding, old) => validateBinding(binding, old, { namespaced: false, roleKinds: ['ClusterRole'] }),
  });
}
