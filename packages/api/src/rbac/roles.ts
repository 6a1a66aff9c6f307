import { pathSegmentName } from '@keelson/machinery';
import { rbac } from '@keelson/schema';
import { defineResource } from '@keelson/server';
import { validateRules } from './rules-validation.js';

type Role = rbac.v1.Role;

export const roles = defineResource<Role>(rbac.v1.Role, {
  names: { plural: 'roles' },
  scope: 'Namespaced',
  storage: { key: 'roles' },
  createOnUpdate: true,
  nameForm: pathSegmentName,
  validate: ({ rules }, old) => validateRules(rules, { namespaced: true, old }),
});
