import { rbac } from '@keelson/schema';
import { defineResource, type Resource } from '@keelson/server';
import { bindingDefinition } from './binding.js';
import { validateBinding } from './bindings-validation.js';
import type { EscalationGuard } from './escalation.js';

type RoleBinding = rbac.v1.RoleBinding;

export function createRoleBindings(guard: EscalationGuard | undefined): Resource {
  return defineResource<RoleBinding>(rbac.v1.RoleBinding, {
    names: { plural: 'rolebindings' },
    scope: 'Namespaced',
    storage: { key: 'rolebindings' },
    ...bindingDefinition,
    ...(guard && { authorizeWrite: (binding, old, context) => guard.checkBinding('rolebindings', binding, old, context) }),
    validate: (binding, old) => validateBinding(binding, old, { namespaced: true, roleKinds: ['Role', 'ClusterRole'] }),
  });
}
