import { parseGroupVersion } from '@keelson/machinery';
import type { rbac } from '@keelson/schema';
import { present } from '../conversion/present.js';
import type { Binding } from './binding.js';
import { rbacApiGroup } from './rbac-api-group.js';

type Alpha = rbac.v1alpha1.RoleBinding & rbac.v1alpha1.ClusterRoleBinding;
type AlphaSubject = rbac.v1alpha1.Subject;
type Subject = rbac.v1.Subject;

const allUsers = '*';
const authenticated = 'system:authenticated';

function groupOf({ kind, apiVersion = '' }: AlphaSubject): string {
  if (kind === 'ServiceAccount') return '';
  if (kind === 'User' || kind === 'Group') return rbacApiGroup;
  return parseGroupVersion(apiVersion)?.group ?? '';
}

function subjectToHub(given: AlphaSubject): Subject {
  const { apiVersion: _version, ...subject } = given;
  const { kind, name } = given;
  if (kind === 'User' && name === allUsers) return { ...subject, kind: 'Group', apiGroup: rbacApiGroup, name: authenticated };
  return present<Subject>({ ...subject, apiGroup: groupOf(given) || undefined });
}

function versionOf({ kind, apiGroup = '' }: Subject): string {
  if (kind === 'ServiceAccount' && apiGroup === '') return 'v1';
  if ((kind === 'User' || kind === 'Group') && apiGroup === rbacApiGroup) return `${rbacApiGroup}/v1alpha1`;
  // Nobody knows the version of other kinds.
  return apiGroup === '' ? '' : `${apiGroup}/`;
}

function subjectFromHub(subject: Subject): AlphaSubject {
  const { apiGroup: _group, ...others } = subject;
  return present<AlphaSubject>({ ...others, apiVersion: versionOf(subject) || undefined });
}

/** v1alpha1 names subjects by apiVersion instead of group, and means everybody with a name by the user `*`. */
export const alphaBinding = {
  toHub: ({ subjects, ...binding }: Alpha): Binding => present<Binding>({ ...binding, subjects: subjects?.map(subjectToHub) }),
  fromHub: ({ subjects, ...binding }: Binding): Alpha => present<Alpha>({ ...binding, subjects: subjects?.map(subjectFromHub) }),
};
