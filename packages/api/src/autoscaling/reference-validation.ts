import { type FieldError, type FieldPath, invalidField, pathSegmentName, required } from '@keelson/machinery';
import type { autoscaling } from '@keelson/schema';
import { validateForm } from '../validation/names.js';

type Reference = autoscaling.v2.CrossVersionObjectReference;

/** A reference to an object of any kind: kind and name must do as parts of a path. */
export function validateReference({ kind, name, apiVersion = '' }: Reference, at: FieldPath): FieldError[] {
  return [
    ...validateSegment(kind, at.child('kind')),
    ...validateSegment(name, at.child('name')),
    ...(apiVersion.split('/').length > 2
      ? [invalidField(at.child('apiVersion'), apiVersion, `unexpected GroupVersion string: ${apiVersion}`)]
      : []),
  ];
}

/** What is scaled must be named with its group; only the core group has none. */
export function validateScaleTarget(reference: Reference, at: FieldPath): FieldError[] {
  const errors = validateReference(reference, at);
  const { apiVersion = '', kind } = reference;
  const inCore = apiVersion === 'v1' && kind === 'ReplicationController';
  if (!inCore && !apiVersion.includes('/')) {
    errors.push(invalidField(at.child('apiVersion'), apiVersion, 'apiVersion must specify API group'));
  }
  return errors;
}

function validateSegment(value: string, at: FieldPath): FieldError[] {
  return value === '' ? [required(at)] : validateForm(value, at, pathSegmentName);
}
