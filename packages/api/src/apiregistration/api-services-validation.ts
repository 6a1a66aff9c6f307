import {
  dns1035Label,
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  invalidField,
  path,
  pathSegmentName,
  quote,
  required,
} from '@keelson/machinery';
import type { apiregistration } from '@keelson/schema';
import { validateOptionalEnumerated } from '../validation/enumerated.js';
import { validateForm } from '../validation/names.js';

type APIService = apiregistration.v1.APIService;
type Spec = apiregistration.v1.APIServiceSpec;

const specPath = path('spec');
const maxGroupPriority = 20000;
const maxVersionPriority = 1000;
const maxPort = 65535;

function validateNames({ metadata, spec }: APIService): FieldError[] {
  const expected = `${spec.version ?? ''}.${spec.group ?? ''}`;
  return (['name', 'generateName'] as const).flatMap((field) => {
    const name = metadata[field] ?? '';
    // One that is missing, or could not even be in a path, is refused for that alone.
    if (name === '' || name === expected || pathSegmentName(name).length > 0) return [];
    return [invalidField(path('metadata', field), name, `must be \`spec.version+"."+spec.group\`: ${quote(expected)}`)];
  });
}

function validateGroup({ group = '', version = '' }: Spec): FieldError[] {
  const at = specPath.child('group');
  if (group !== '') return validateForm(group, at, dns1123Subdomain);
  return version === 'v1' ? [] : [required(at, 'only v1 may have an empty group and it better be legacy kube')];
}

function validatePriority(spec: Spec, field: 'groupPriorityMinimum' | 'versionPriority', max: number): FieldError[] {
  const value = spec[field];
  return value > 0 && value <= max ? [] : [invalidField(specPath.child(field), value, `must be positive and less than ${max}`)];
}

function validateLocal({ caBundle = '', insecureSkipTLSVerify }: Spec): FieldError[] {
  const bytes = Buffer.byteLength(caBundle, 'base64');
  const insecurePath = specPath.child('insecureSkipTLSVerify');
  return [
    ...(bytes > 0 ? [invalidField(specPath.child('caBundle'), `${bytes} bytes`, 'local APIServices may not have a caBundle')] : []),
    ...(insecureSkipTLSVerify ? [invalidField(insecurePath, true, 'local APIServices may not have insecureSkipTLSVerify')] : []),
  ];
}

function validatePort(port: number, at: FieldPath): FieldError[] {
  return port >= 1 && port <= maxPort ? [] : [invalidField(at, port, 'port is not valid: must be between 1 and 65535, inclusive')];
}

function validateRemote(service: apiregistration.v1.ServiceReference, { caBundle, insecureSkipTLSVerify }: Spec): FieldError[] {
  const at = specPath.child('service');
  const contradicting = insecureSkipTLSVerify === true && (caBundle ?? '') !== '';
  return [
    ...(service.namespace ? [] : [required(at.child('namespace'))]),
    ...(service.name ? [] : [required(at.child('name'))]),
    ...(service.port === undefined ? [] : validatePort(service.port, at.child('port'))),
    ...(contradicting ? [invalidField(specPath.child('insecureSkipTLSVerify'), true, 'may not be true if caBundle is present')] : []),
  ];
}

export function validateApiService(apiService: APIService): FieldError[] {
  const { spec } = apiService;
  return [
    ...validateNames(apiService),
    ...validateGroup(spec),
    ...validateForm(spec.version ?? '', specPath.child('version'), dns1035Label),
    ...validatePriority(spec, 'groupPriorityMinimum', maxGroupPriority),
    ...validatePriority(spec, 'versionPriority', maxVersionPriority),
    ...(spec.service === undefined ? validateLocal(spec) : validateRemote(spec.service, spec)),
  ];
}

export function validateApiServiceStatus({ status }: APIService): FieldError[] {
  const at = path('status', 'conditions');
  return (status.conditions ?? []).flatMap((condition, i) =>
    validateOptionalEnumerated(condition.status, at.index(i).child('status'), ['True', 'False', 'Unknown']),
  );
}
