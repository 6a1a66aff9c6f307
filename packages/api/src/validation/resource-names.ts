import { type FieldError, type FieldPath, invalidField, qualifiedName } from '@keelson/machinery';
import { isExtendedResource, isHugePages, isNativeResource } from '@keelson/schema';
import { validateForm } from './names.js';

const computeResources = ['cpu', 'memory', 'ephemeral-storage'];

/** What is counted in pieces. */
const countedResources: ReadonlySet<string> = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);

const containerResources: ReadonlySet<string> = new Set(computeResources);

const standardResources: ReadonlySet<string> = new Set([
  ...computeResources,
  ...computeResources.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
  ...countedResources,
  'storage',
  'requests.storage',
]);

/** Whether amounts are whole numbers. */
export function isCountedResource(name: string): boolean {
  return countedResources.has(name) || isExtendedResource(name);
}

/** Whether containers may be promised more than there is. */
export function isOvercommitAllowed(name: string): boolean {
  return isNativeResource(name) && !isHugePages(name);
}

/** Any resource there is: one of the known ones, or one that its owner's domain is in front of. */
export function validateResourceName(name: string, at: FieldPath): FieldError[] {
  if (containerResources.has(name)) return [];
  const errors = validateForm(name, at, qualifiedName);
  if (errors.length > 0 || name.includes('/')) return errors;
  const known = standardResources.has(name) || isHugePages(name) || name.startsWith('requests.hugepages-');
  return known ? [] : [invalidField(at, name, 'must be a standard resource type or fully qualified')];
}

/** A resource that containers can have. */
export function validateContainerResourceName(name: string, at: FieldPath): FieldError[] {
  if (containerResources.has(name)) return [];
  const errors = validateResourceName(name, at);
  if (!name.includes('/')) {
    return isHugePages(name) ? errors : [...errors, invalidField(at, name, 'must be a standard resource for containers')];
  }
  if (isNativeResource(name) || isExtendedResource(name)) return errors;
  return [...errors, invalidField(at, name, "doesn't follow extended resource name standard")];
}
