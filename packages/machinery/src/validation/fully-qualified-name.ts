import { type FieldError, invalidField, required } from '../field/field-error.js';
import type { FieldPath } from '../field/path.js';
import { dns1123Subdomain } from '../meta/name-forms.js';

/** Names of webhooks and initializers: a domain of three labels or more, so that nobody takes another's by chance. */
export function validateFullyQualifiedName(name: string, at: FieldPath): FieldError[] {
  if (name === '') return [required(at)];
  const details = dns1123Subdomain(name);
  if (details.length > 0) return [invalidField(at, name, details.join(','))];
  if (name.split('.').length >= 3) return [];
  return [invalidField(at, name, 'should be a domain with at least three segments separated by dots')];
}
