import { pathSegmentName } from '@keelson/machinery';
import { rbac } from '@keelson/schema';
import { defineResource, type Resource } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { repeatedOnUpdate } from '../validation/repeat-on-update.js';
import type { EscalationGuard } from './escalation.js';
import { validateRules } from './rules-validation.js';

type Role = rbac.v1.Role;

export function createRoles(guard: EscalationGuard | undefined): Resource {
  return defineResource<Role>(rbac.v1.Role, {
    names: { plural: 'roles' },
    scope: 'Namespaced',
    metadataChecks: { own: 2 },
    storage: { key: 'roles' },
    versions: [
      removedVersion(rbac.v1beta1.Role, { deprecated: '1.17', removed: '1.22', use: rbac.v1.Role }),
      removedVersion(rbac.v1alpha1.Role, { deprecated: '1.17', removed: '1.23', use: rbac.v1.Role }),
    ],
    createOnUpdate: true,
    ...(guard && { authorizeWrite: (role, old, context) => guard.checkRole(role, old, context) }),
    nameForm: pathSegmentName,
    validate: ({ rules }, old) => repeatedOnUpdate(validateRules(rules, true), old),
  });
}
