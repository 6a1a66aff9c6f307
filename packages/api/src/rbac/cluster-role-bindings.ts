import { rbac } from '@keelson/schema';
import { defineResource, type Resource } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { alphaBinding } from './alpha-subjects.js';
import { bindingDefinition } from './binding.js';
import { validateBinding } from './bindings-validation.js';
import type { EscalationGuard } from './escalation.js';

type ClusterRoleBinding = rbac.v1.ClusterRoleBinding;

export function createClusterRoleBindings(guard: EscalationGuard | undefined): Resource {
  return defineResource<ClusterRoleBinding>(rbac.v1.ClusterRoleBinding, {
    names: { plural: 'clusterrolebindings' },
    scope: 'Cluster',
    metadataChecks: { own: 2 },
    storage: { key: 'clusterrolebindings' },
    versions: [
      removedVersion(rbac.v1beta1.ClusterRoleBinding, { deprecated: '1.17', removed: '1.22', use: rbac.v1.ClusterRoleBinding }),
      removedVersion(
        rbac.v1alpha1.ClusterRoleBinding,
        { deprecated: '1.17', removed: '1.23', use: rbac.v1.ClusterRoleBinding },
        alphaBinding,
      ),
    ],
    ...bindingDefinition,
    ...(guard && { authorizeWrite: (binding, old, context) => guard.checkBinding('clusterrolebindings', binding, old, context) }),
    validate: (binding, old) => validateBinding(binding, old, { namespaced: false, roleKinds: ['ClusterRole'] }),
  });
}
