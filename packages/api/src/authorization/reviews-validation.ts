import {
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalid,
  invalidField,
  type KubeObject,
  type ObjectMeta,
  path,
  required,
} from '@keelson/machinery';
import type { authorization } from '@keelson/schema';
import type { ReviewedAccess } from './review-attributes.js';

const specPath = path('spec');

interface SelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** A selector of fields or of labels. */
interface SelectorAttributes {
  readonly rawSelector?: string;
  readonly requirements?: readonly SelectorRequirement[];
}

/** Operators that are not known are fine: authorizers leave out what they do not understand. */
function validateRequirement({ key, operator, values = [] }: SelectorRequirement, at: FieldPath): FieldError[] {
  const errors = key === '' ? [required(at.child('key'), 'must be specified')] : [];
  const takesValues = operator === 'In' || operator === 'NotIn';
  const valuesPath = at.child('values');
  if (takesValues && values.length === 0) errors.push(required(valuesPath, "must be specified when `operator` is 'In' or 'NotIn'"));
  if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0) {
    errors.push(forbiddenField(valuesPath, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  }
  return errors;
}

/** A selector is given as text or as requirements, and says something. */
function validateSelectorForm({ rawSelector = '', requirements = [] }: SelectorAttributes, at: FieldPath): FieldError[] {
  if (rawSelector === '' && requirements.length === 0) {
    return [required(at.child('requirements'), `when ${at} is specified, requirements or rawSelector is required`)];
  }
  if (rawSelector === '' || requirements.length === 0) return [];
  return [invalidField(at.child('rawSelector'), rawSelector, 'may not specified at the same time as requirements')];
}

function validateSelector(selector: SelectorAttributes | undefined, at: FieldPath): FieldError[] {
  if (selector === undefined) return [];
  const { requirements = [] } = selector;
  return [
    ...validateSelectorForm(selector, at),
    ...requirements.flatMap((requirement, i) => validateRequirement(requirement, at.child('requirements').index(i))),
  ];
}

function validateSelectors({ fieldSelector, labelSelector }: authorization.v1.ResourceAttributes): FieldError[] {
  const at = specPath.child('resourceAttributes');
  return [...validateSelector(fieldSelector, at.child('fieldSelector')), ...validateSelector(labelSelector, at.child('labelSelector'))];
}

/** Messages show it by the names that its fields have inside Kubernetes. */
function shownUrlAccess({ path: url = '', verb = '' }: authorization.v1.NonResourceAttributes): object {
  return { Path: url, Verb: verb };
}

function validateAccess({ resourceAttributes, nonResourceAttributes }: ReviewedAccess): FieldError[] {
  if (resourceAttributes === undefined && nonResourceAttributes === undefined) {
    const detail = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    return [invalidField(specPath.child('resourceAttributes'), null, detail)];
  }
  const at = specPath.child('nonResourceAttributes');
  const both = resourceAttributes !== undefined && nonResourceAttributes !== undefined;
  return [
    ...(both
      ? [invalidField(at, shownUrlAccess(nonResourceAttributes), 'cannot be specified in combination with resourceAttributes')]
      : []),
    ...(resourceAttributes === undefined ? [] : validateSelectors(resourceAttributes)),
  ];
}

/** A review is not an object: it has no name, no labels, nothing that outlives it. */
function validateNoMetadata(metadata: ObjectMeta, allowed: readonly string[], detail: string): FieldError[] {
  const fields = Object.entries(metadata).filter(([field, value]) => value !== undefined && value !== null && !allowed.includes(field));
  return fields.length === 0 ? [] : [invalidField(path('metadata'), metadata, detail)];
}

/** The user that a review names, or a group. */
function validateSubject({ user = '', groups = [] }: authorization.v1.SubjectAccessReviewSpec): FieldError[] {
  if (user !== '' || groups.length > 0) return [];
  return [invalidField(specPath.child('user'), user, 'at least one of user or group must be specified')];
}

export function validateSelfReview({ metadata, spec }: authorization.v1.SelfSubjectAccessReview): FieldError[] {
  return [...validateAccess(spec), ...validateNoMetadata(metadata, ['managedFields'], 'must be empty')];
}

export function validateSubjectReview({ metadata, spec }: authorization.v1.SubjectAccessReview): FieldError[] {
  return [...validateAccess(spec), ...validateSubject(spec), ...validateNoMetadata(metadata, ['managedFields'], 'must be empty')];
}

export function validateLocalReview({ metadata, spec }: authorization.v1.LocalSubjectAccessReview): FieldError[] {
  const { resourceAttributes, nonResourceAttributes } = spec;
  const asked = resourceAttributes?.namespace ?? '';
  const elsewhere = resourceAttributes !== undefined && asked !== metadata.namespace;
  const namespacePath = specPath.child('resourceAttributes', 'namespace');
  const urlPath = specPath.child('nonResourceAttributes');
  return [
    ...validateAccess(spec),
    ...validateSubject(spec),
    ...validateNoMetadata(metadata, ['managedFields', 'namespace'], 'must be empty except for namespace'),
    ...(elsewhere ? [invalidField(namespacePath, asked, 'must match metadata.namespace')] : []),
    ...(nonResourceAttributes === undefined
      ? []
      : [invalidField(urlPath, shownUrlAccess(nonResourceAttributes), 'disallowed on this kind of request')]),
  ];
}

/** Throws 422. Reviews are refused without their kind. */
export function requireValid<T extends KubeObject>(review: T, validate: (review: T) => FieldError[]): void {
  const errors = validate(review);
  if (errors.length > 0) throw invalid({ group: 'authorization.k8s.io', kind: '' }, '', errors);
}
