import { rbac } from '@keelson/schema';
import { defineResource } from '@keelson/server';
import { bindingDefinition } from './binding.js';
import { validateBinding } from './bindings-validation.js';

type ClusterRoleBinding = rbac.v1.ClusterRoleBinding;

export const clusterRoleBindings = defineResource<ClusterRoleBinding>(rbac.v1.ClusterRoleBinding, {
  names: { plural: 'clusterrolebindings' },
  scope: 'Cluster',
  storage: { key: 'clusterrolebindings' },
  ...bindingDefinition,
  validate: (binding, old) => validateBinding(binding, old, { namespaced: false, roleKinds: ['ClusterRole'] }),
});
