import {
  dns1035Label,
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  invalidField,
  type NameForm,
  path,
  patternDetail,
  qualifiedName,
  required,
} from '@keelson/machinery';
import type { apiserverinternal } from '@keelson/schema';
import { validateEach } from '../validation/each.js';
import { validateForm } from '../validation/names.js';

type Status = apiserverinternal.v1alpha1.StorageVersionStatus;
type ServerVersion = apiserverinternal.v1alpha1.ServerStorageVersion;
type Condition = apiserverinternal.v1alpha1.StorageVersionCondition;

const at = path('status');

/** `apps.deployments`: of what group and resource it tells. */
export const storageVersionName: NameForm = (name) => {
  const dot = name.lastIndexOf('.');
  if (dot < 0) return ['name must be in the form of <group>.<resource>'];
  return [
    ...dns1123Subdomain(name.slice(0, dot)).map((detail) => `the group segment ${detail}`),
    ...dns1035Label(name.slice(dot + 1)).map((detail) => `the resource segment ${detail}`),
  ];
};

const notApiVersion = `an apiVersion is ${patternDetail(
  'a DNS-1035 label, which must consist of lower case alphanumeric characters or ' +
    "'-', start with an alphabetic character, and end with an alphanumeric character",
  '[a-z]([-a-z0-9]*[a-z0-9])?',
  'my-name',
  'abc-123',
)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyVersion')`;

function part(title: string, text: string, form: NameForm): string[] {
  const details = text === '' ? ['must be non-empty'] : form(text);
  return details.map((detail) => `${title} part: ${detail}`);
}

function apiVersionDetails(apiVersion: string): string[] {
  const [first = '', second, ...more] = apiVersion.split('/');
  if (more.length > 0) return [notApiVersion];
  return second === undefined
    ? part('version', first, dns1035Label)
    : [...part('group', first, dns1123Subdomain), ...part('version', second, dns1035Label)];
}

function validateApiVersion(apiVersion: string, here: FieldPath): FieldError[] {
  const details = apiVersionDetails(apiVersion);
  return details.length === 0 ? [] : [invalidField(here, apiVersion, details.join(','))];
}

/** What is served can be read. */
function validateServed(version: string, here: FieldPath, decodable: readonly string[]): FieldError[] {
  const errors = validateApiVersion(version, here);
  if (decodable.includes(version)) return errors;
  const detail = `individual served version : ${version} must be included in decodableVersions : [${decodable.join(' ')}]`;
  return [...errors, invalidField(here, version, detail)];
}

function validateServer(
  { apiServerID = '', encodingVersion = '', decodableVersions, servedVersions }: ServerVersion,
  here: FieldPath,
): FieldError[] {
  const decodable = here.child('decodableVersions');
  const readsOwn = decodableVersions?.includes(encodingVersion) ?? false;
  return [
    ...validateForm(apiServerID, here.child('apiServerID'), dns1123Subdomain),
    ...validateApiVersion(encodingVersion, here.child('encodingVersion')),
    ...(decodableVersions ?? []).flatMap((version, i) => validateApiVersion(version, decodable.index(i))),
    ...(readsOwn ? [] : [invalidField(decodable, decodableVersions, `decodableVersions must include encodingVersion ${encodingVersion}`)]),
    ...validateEach(servedVersions, here.child('servedVersions'), (version, at) => validateServed(version, at, decodableVersions ?? [])),
  ];
}

/** What all servers write, if they write one version. */
function commonVersion([first, ...others]: readonly ServerVersion[]): string | undefined {
  const { encodingVersion: common = '' } = first ?? {};
  return first !== undefined && others.every(({ encodingVersion = '' }) => encodingVersion === common) ? common : undefined;
}

function validateCommonVersion({ storageVersions, commonEncodingVersion: told }: Status): FieldError[] {
  const common = commonVersion(storageVersions ?? []);
  const here = at.child('commonEncodingVersion');
  if (told === common) return [];
  if (common === undefined) {
    const detail =
      'should be nil if servers do not agree on the same encoding version, ' +
      'or if there is no server reporting the supported versions yet';
    return [invalidField(here, told, detail)];
  }
  const detail = `the ${told === undefined ? '' : 'actual '}common encoding version is ${common}`;
  return [invalidField(here, told, detail)];
}

/** Errors leave out `conditions`: as Kubernetes has it. */
function validateCondition({ type = '', status = '', reason, message }: Condition, here: FieldPath, before: number): FieldError[] {
  const again = `the type of the condition is not unique, it also appears in conditions[${before}]`;
  return [
    ...(before < 0 ? [] : [invalidField(here.child('type'), type, again)]),
    ...validateForm(type, here.child('type'), qualifiedName),
    ...validateForm(status, here.child('status'), qualifiedName),
    ...(reason ? [] : [required(here.child('reason'))]),
    ...(message ? [] : [required(here.child('message'))]),
  ];
}

export function validateStorageVersionStatus(status: Status): FieldError[] {
  const conditions = status.conditions ?? [];
  return [
    ...(status.storageVersions ?? []).flatMap((server, i) => validateServer(server, at.child('storageVersions').index(i))),
    ...validateCommonVersion(status),
    ...conditions.flatMap((condition, i) => {
      const before = conditions.slice(0, i).findLastIndex(({ type }) => type === condition.type);
      return validateCondition(condition, at.index(i), before);
    }),
  ];
}
