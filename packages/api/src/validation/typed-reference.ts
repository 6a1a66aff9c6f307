import { dns1123Subdomain, type FieldError, type FieldPath, pathSegmentName, required } from '@keelson/machinery';
import { validateForm } from './names.js';

interface TypedReference {
  readonly apiGroup?: string | null;
  readonly kind: string;
  readonly name: string;
}

/** A reference to an object of any kind: what it says must do as parts of a path. */
export function validateTypedReference({ apiGroup, kind, name }: TypedReference, at: FieldPath): FieldError[] {
  const errors = apiGroup === undefined || apiGroup === null ? [] : validateForm(apiGroup, at.child('apiGroup'), dns1123Subdomain);
  for (const [field, value] of Object.entries({ kind, name })) {
    if (value === '') errors.push(required(at.child(field)));
    else errors.push(...validateForm(value, at.child(field), pathSegmentName));
  }
  return errors;
}
