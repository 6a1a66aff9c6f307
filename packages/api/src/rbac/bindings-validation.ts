import {
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  invalidField,
  notSupported,
  path,
  pathSegmentName,
  required,
  semanticallyEqual,
} from '@keelson/machinery';
import type { rbac } from '@keelson/schema';
import { validateForm } from '../validation/names.js';
import { repeatedOnUpdate } from '../validation/repeat-on-update.js';
import type { Binding } from './binding.js';
import { rbacApiGroup } from './rbac-api-group.js';

function validateRoleRef({ apiGroup, kind, name }: rbac.v1.RoleRef, kinds: readonly string[]): FieldError[] {
  const at = path('roleRef');
  return [
    ...(apiGroup === rbacApiGroup ? [] : [notSupported(at.child('apiGroup'), apiGroup, [rbacApiGroup])]),
    ...(kinds.includes(kind) ? [] : [notSupported(at.child('kind'), kind, kinds)]),
    ...(name === '' ? [required(at.child('name'))] : validateForm(name, at.child('name'), pathSegmentName)),
  ];
}

function validateApiGroup(apiGroup: string, at: FieldPath, supported: string): FieldError[] {
  return apiGroup === supported ? [] : [notSupported(at.child('apiGroup'), apiGroup, [supported])];
}

function validateServiceAccount({ name, apiGroup = '', namespace }: rbac.v1.Subject, at: FieldPath, namespaced: boolean): FieldError[] {
  return [
    ...(name === '' ? [] : validateForm(name, at.child('name'), dns1123Subdomain)),
    ...validateApiGroup(apiGroup, at, ''),
    ...(namespaced || namespace ? [] : [required(at.child('namespace'))]),
  ];
}

function validateSubject(subject: rbac.v1.Subject, at: FieldPath, namespaced: boolean): FieldError[] {
  const errors = subject.name === '' ? [required(at.child('name'))] : [];
  switch (subject.kind) {
    case 'ServiceAccount':
      return [...errors, ...validateServiceAccount(subject, at, namespaced)];
    case 'User':
    case 'Group':
      return [...errors, ...validateApiGroup(subject.apiGroup ?? '', at, rbacApiGroup)];
    default:
      return [...errors, notSupported(at.child('kind'), subject.kind, ['ServiceAccount', 'User', 'Group'])];
  }
}

/** A binding is to a role for good: who could bind one role is not asked again for another. */
function validateUpdate({ roleRef }: Binding, old: Binding): FieldError[] {
  if (semanticallyEqual(roleRef, old.roleRef)) return [];
  const shown = { APIGroup: roleRef.apiGroup, Kind: roleRef.kind, Name: roleRef.name };
  return [invalidField(path('roleRef'), shown, 'cannot change roleRef')];
}

export interface BindingRules {
  readonly namespaced: boolean;
  /** Kinds of roles that may be bound, as messages list them. */
  readonly roleKinds: readonly string[];
}

export function validateBinding(binding: Binding, old: Binding | undefined, { namespaced, roleKinds }: BindingRules): FieldError[] {
  const subjects = binding.subjects ?? [];
  const findings = [
    ...validateRoleRef(binding.roleRef, roleKinds),
    ...subjects.flatMap((subject, i) => validateSubject(subject, path('subjects').index(i), namespaced)),
  ];
  return [...repeatedOnUpdate(findings, old), ...(old === undefined ? [] : validateUpdate(binding, old))];
}
