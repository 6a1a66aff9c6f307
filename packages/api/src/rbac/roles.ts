import { pathSegmentName } from '@keelson/machinery';
import { rbac } from '@keelson/schema';
import { defineResource, type Resource } from '@keelson/server';
import type { EscalationGuard } from './escalation.js';
import { validateRules } from './rules-validation.js';

type Role = rbac.v1.Role;

export function createRoles(guard: EscalationGuard | undefined): Resource {
  return defineResource<Role>(rbac.v1.Role, {
    names: { plural: 'roles' },
    scope: 'Namespaced',
    storage: { key: 'roles' },
    createOnUpdate: true,
    ...(guard && { authorizeWrite: (role, old, context) => guard.checkRole(role, old, context) }),
    nameForm: pathSegmentName,
    validate: ({ rules }, old) => validateRules(rules, { namespaced: true, old }),
  });
}
