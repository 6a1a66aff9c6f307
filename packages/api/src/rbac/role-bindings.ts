import { rbac } from '@keelson/schema';
import { defineResource } from '@keelson/server';
import { bindingDefinition } from './binding.js';
import { validateBinding } from './bindings-validation.js';

type RoleBinding = rbac.v1.RoleBinding;

export const roleBindings = defineResource<RoleBinding>(rbac.v1.RoleBinding, {
  names: { plural: 'rolebindings' },
  scope: 'Namespaced',
  storage: { key: 'rolebindings' },
  ...bindingDefinition,
  validate: (binding, old) => validateBinding(binding, old, { namespaced: true, roleKinds: ['Role', 'ClusterRole'] }),
});
