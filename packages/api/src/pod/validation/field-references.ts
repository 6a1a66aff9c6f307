import {
  canonicalQuantity,
  type FieldError,
  type FieldPath,
  invalidField,
  notSupported,
  Quantity,
  qualifiedName,
  required,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateForm } from '../../validation/names.js';

/** Fields of a pod that its containers can be told of somehow. */
const knownFields: ReadonlySet<string> = new Set([
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.phase',
  'status.podIP',
  'status.podIPs',
]);
/** Old names. */
const renamedFields: Readonly<Record<string, string>> = { 'spec.host': 'spec.nodeName' };

const subscripted = /^(.+?)\['(.*)'\]$/s;

function unknownField(apiVersion: string, fieldPath: string, name: string, key: string | undefined): string | undefined {
  if (apiVersion !== 'v1') return `unsupported pod version: ${apiVersion}`;
  if (key === undefined) return knownFields.has(name) ? undefined : `field label not supported: ${fieldPath}`;
  const isMap = name === 'metadata.annotations' || name === 'metadata.labels';
  return isMap ? undefined : `field label does not support subscript: ${fieldPath}`;
}

/** A field of the pod itself, one of `supported`, or one label or annotation: `metadata.labels['app']`. */
export function validateFieldReference(
  { apiVersion = '', fieldPath }: core.v1.ObjectFieldSelector,
  at: FieldPath,
  supported: readonly string[],
): FieldError[] {
  const here = at.child('fieldPath');
  if (apiVersion === '') return [required(at.child('apiVersion'))];
  if (fieldPath === '') return [required(here)];
  const [, map, key] = subscripted.exec(fieldPath) ?? [];
  const name = map ?? renamedFields[fieldPath] ?? fieldPath;
  const problem = unknownField(apiVersion, fieldPath, name, key);
  if (problem !== undefined) return [invalidField(here, fieldPath, `error converting fieldPath: ${problem}`)];
  if (key !== undefined) return validateForm(name === 'metadata.annotations' ? key.toLowerCase() : key, at, qualifiedName);
  return supported.includes(name) ? [] : [notSupported(here, name, supported)];
}

const resources = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const hugePages = /^(?:limits|requests)\.hugepages-/;

const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];
/** By what resources are shown in, and how messages call them. */
const divisors: Readonly<Record<string, readonly [resource: string, allowed: readonly string[], shown: string]>> = {
  cpu: ['cpu', ['1m', '1'], '1m and 1'],
  memory: ['memory', byteDivisors, byteDivisors.join(', ')],
  'ephemeral-storage': ['local ephemeral storage', byteDivisors, byteDivisors.join(', ')],
  hugepages: ['hugepages', byteDivisors, byteDivisors.join(', ')],
};

function validateDivisor(resource: string, divisor: string, at: FieldPath): FieldError[] {
  if (Quantity.parse(divisor).sign === 0) return [];
  const rule = divisors[hugePages.test(resource) ? 'hugepages' : resource.slice(resource.indexOf('.') + 1)];
  if (rule === undefined) return [];
  const [name, allowed, shown] = rule;
  if (allowed.includes(canonicalQuantity(divisor))) return [];
  return [invalidField(at, resource, `only divisor's values ${shown} are supported with the ${name} resource`)];
}

/** A limit or request of a container. In a volume it must be said of which. */
export function validateResourceReference(
  { containerName = '', resource, divisor = '0' }: core.v1.ResourceFieldSelector,
  at: FieldPath,
  inVolume: boolean,
): FieldError[] {
  const divisorErrors = validateDivisor(resource, divisor, at.child('divisor'));
  const here = at.child('resource');
  if (inVolume && containerName === '') return [required(at.child('containerName')), ...divisorErrors];
  if (resource === '') return [required(here), ...divisorErrors];
  if (resources.includes(resource) || hugePages.test(resource)) return divisorErrors;
  return [notSupported(here, resource, resources), ...divisorErrors];
}
