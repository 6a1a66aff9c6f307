import { rbac } from '@keelson/schema';
import { defineResource, type Resource } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { alphaBinding } from './alpha-subjects.js';
import { bindingDefinition } from './binding.js';
import { validateBinding } from './bindings-validation.js';
import type { EscalationGuard } from './escalation.js';

type RoleBinding = rbac.v1.RoleBinding;

export function createRoleBindings(guard: EscalationGuard | undefined): Resource {
  return defineResource<RoleBinding>(rbac.v1.RoleBinding, {
    names: { plural: 'rolebindings' },
    scope: 'Namespaced',
    metadataChecks: { own: 2 },
    storage: { key: 'rolebindings' },
    versions: [
      removedVersion(rbac.v1beta1.RoleBinding, { deprecated: '1.17', removed: '1.22', use: rbac.v1.RoleBinding }),
      removedVersion(rbac.v1alpha1.RoleBinding, { deprecated: '1.17', removed: '1.23', use: rbac.v1.RoleBinding }, alphaBinding),
    ],
    ...bindingDefinition,
    ...(guard && { authorizeWrite: (binding, old, context) => guard.checkBinding('rolebindings', binding, old, context) }),
    validate: (binding, old) => validateBinding(binding, old, { namespaced: true, roleKinds: ['Role', 'ClusterRole'] }),
  });
}
