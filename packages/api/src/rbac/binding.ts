import { pathSegmentName } from '@keelson/machinery';
import type { rbac } from '@keelson/schema';
import { age, type Column, col, nameColumn, type ResourceDefinition, wide } from '@keelson/server';
import { rbacApiGroup } from './rbac-api-group.js';

/** What role bindings and cluster role bindings have in common. */
export type Binding = rbac.v1.RoleBinding & rbac.v1.ClusterRoleBinding;

function defaults({ roleRef, subjects }: Binding): void {
  roleRef.apiGroup ||= rbacApiGroup;
  for (const subject of subjects ?? []) {
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= rbacApiGroup;
  }
}

function subjectsText({ subjects = [] }: Binding, kind: string): string {
  return subjects
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace = '' }) => (kind === 'ServiceAccount' ? `${namespace}/${name}` : name))
    .join(', ');
}

const columns: readonly Column<Binding>[] = [
  nameColumn(),
  col('Role', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
  age(),
  wide('Users', (binding) => subjectsText(binding, 'User')),
  wide('Groups', (binding) => subjectsText(binding, 'Group')),
  wide('ServiceAccounts', (binding) => subjectsText(binding, 'ServiceAccount')),
];

export const bindingDefinition = {
  createOnUpdate: true,
  nameForm: pathSegmentName,
  defaults,
  columns,
} satisfies Partial<ResourceDefinition<Binding>>;
