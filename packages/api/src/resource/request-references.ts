import { dns1123Label, type FieldError, type FieldPath, invalidField } from '@keelson/machinery';
import type { resource } from '@keelson/schema';
import { validateForm } from '../validation/names.js';
import { validateSet } from './device-validation.js';

const maxReferences = 32;
const unknown = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

/** What others call the requests of a claim: `request`, or `request/alternative`. */
export function requestNames({ requests }: resource.v1beta2.DeviceClaim): ReadonlySet<string> {
  return new Set(
    (requests ?? []).flatMap(({ name, firstAvailable = [] }) => [name, ...firstAvailable.map((each) => `${name}/${each.name}`)]),
  );
}

export function validateRequestReference(name: string, at: FieldPath, known: ReadonlySet<string>): FieldError[] {
  const parts = name.split('/');
  const isUnknown = known.has(name) ? [] : [invalidField(at, name, unknown)];
  return parts.length > 2 ? isUnknown : [...parts.flatMap((part) => validateForm(part, at, dns1123Label)), ...isUnknown];
}

export function validateRequestReferences(names: readonly string[] | undefined, at: FieldPath, known: ReadonlySet<string>): FieldError[] {
  const validate = (name: string, here: FieldPath) => validateRequestReference(name, here, known);
  return validateSet(names, at, maxReferences, validate, { keyOf: (name) => name });
}
