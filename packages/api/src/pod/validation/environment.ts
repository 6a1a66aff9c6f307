import {
  configMapKey,
  dns1123Label,
  dns1123Subdomain,
  envVarName,
  type FieldError,
  type FieldPath,
  hasFeature,
  invalidField,
  notFoundField,
  required,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateEach } from '../../validation/each.js';
import { validateNoBacksteps } from '../../validation/local-path.js';
import { validateForm, validateRequiredForm } from '../../validation/names.js';
import { validateFieldReference, validateResourceReference } from './field-references.js';

type EnvVar = core.v1.EnvVar;
type EnvVarSource = core.v1.EnvVarSource;

/** What a variable can be told of its pod. */
const podFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

interface KeyReference {
  readonly name?: string;
  readonly key: string;
}

function validateKeyReference({ name = '', key }: KeyReference, at: FieldPath): FieldError[] {
  return [...validateForm(name, at.child('name'), dns1123Subdomain), ...validateRequiredForm(key, at.child('key'), configMapKey)];
}

/** A file of a volume that init containers have written (KEP-3721). */
function validateFileReference({ key = '', volumeName = '', path = '' }: core.v1.FileKeySelector, at: FieldPath): FieldError[] {
  return [
    ...validateRequiredForm(key, at.child('key'), envVarName),
    ...validateRequiredForm(volumeName, at.child('volumeName'), dns1123Label),
    ...(path === '' ? [required(at.child('path'))] : validateNoBacksteps(path, at.child('path'))),
  ];
}

function validateSources(source: EnvVarSource, at: FieldPath): FieldError[][] {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  return [
    ...(fieldRef ? [validateFieldReference(fieldRef, at.child('fieldRef'), podFields)] : []),
    ...(resourceFieldRef ? [validateResourceReference(resourceFieldRef, at.child('resourceFieldRef'), false)] : []),
    ...(configMapKeyRef ? [validateKeyReference(configMapKeyRef, at.child('configMapKeyRef'))] : []),
    ...(secretKeyRef ? [validateKeyReference(secretKeyRef, at.child('secretKeyRef'))] : []),
    ...(fileKeyRef ? [validateFileReference(fileKeyRef, at.child('fileKeyRef'))] : []),
  ];
}

function sourceProblem(sources: number, value: string): string | undefined {
  if (sources === 0)
    return `must specify one of: \`fieldRef\`, \`resourceFieldRef\`, \`configMapKeyRef\`${hasFeature('EnvFiles') ? ', `secretKeyRef` or `fileKeyRef`' : ' or `secretKeyRef`'}`;
  if (value !== '') return 'may not be specified when `value` is not empty';
  return sources > 1 ? 'may not have more than one field specified at a time' : undefined;
}

function validateVariable({ name, value = '', valueFrom }: EnvVar, at: FieldPath): FieldError[] {
  const nameErrors = validateRequiredForm(name, at.child('name'), envVarName);
  if (!valueFrom) return nameErrors;
  const here = at.child('valueFrom');
  const sources = validateSources(valueFrom, here);
  const problem = sourceProblem(sources.length, value);
  return [...nameErrors, ...sources.flat(), ...(problem === undefined ? [] : [invalidField(here, '', problem)])];
}

/** Variables from files are read from volumes that are made for the pod. */
export function validateFileVolumes(
  variables: readonly EnvVar[] | undefined,
  volumes: ReadonlyMap<string, core.v1.Volume>,
  at: FieldPath,
): FieldError[] {
  return validateEach(variables, at, ({ valueFrom }, here) => {
    if (!valueFrom?.fileKeyRef) return [];
    const { volumeName = '' } = valueFrom.fileKeyRef;
    const place = here.child('valueFrom', 'fileKeyRef', 'volumeName');
    const volume = volumes.get(volumeName);
    if (volume === undefined) return [notFoundField(place, volumeName)];
    return volume.emptyDir ? [] : [invalidField(place, volumeName, 'referenced volume must be of type emptyDir')];
  });
}

export function validateEnv(variables: readonly EnvVar[] | undefined, at: FieldPath): FieldError[] {
  return validateEach(variables, at, validateVariable);
}

/** Config maps and secrets whose keys all become variables. What is wrong with their number is said of the whole list. */
export function validateEnvFrom(sources: readonly core.v1.EnvFromSource[] | undefined, at: FieldPath): FieldError[] {
  return validateEach(sources, at, ({ prefix = '', configMapRef, secretRef }, here) => {
    const name = (field: string, reference: { readonly name?: string }) =>
      validateRequiredForm(reference.name ?? '', here.child(field, 'name'), dns1123Subdomain);
    return [
      ...(prefix === '' ? [] : validateForm(prefix, here.child('prefix'), envVarName)),
      ...(configMapRef ? name('configMapRef', configMapRef) : []),
      ...(secretRef ? name('secretRef', secretRef) : []),
      ...(configMapRef || secretRef ? [] : [invalidField(at, '', 'must specify one of: `configMapRef` or `secretRef`')]),
      ...(configMapRef && secretRef ? [invalidField(at, '', 'may not have more than one field specified at a time')] : []),
    ];
  });
}
