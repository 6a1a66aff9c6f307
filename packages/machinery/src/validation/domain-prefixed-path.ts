import { type FieldError, invalidField, required } from '../field/field-error.js';
import type { FieldPath } from '../field/path.js';
import { dns1123Subdomain } from '../meta/name-forms.js';

const segment = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const segmentText = new RegExp(`^${segment}$`);

/** A domain and what it calls its own: `example.com/controller`. */
export function validateDomainPrefixedPath(text: string, at: FieldPath): FieldError[] {
  if (text === '') return [required(at)];
  const slash = text.indexOf('/');
  const [domain, rest] = slash < 0 ? ['', ''] : [text.slice(0, slash), text.slice(slash + 1)];
  if (domain === '' || rest === '') return [invalidField(at, text, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  const errors = dns1123Subdomain(domain).map((detail) => invalidField(at, domain, detail));
  if (!segmentText.test(rest)) {
    errors.push(invalidField(at, rest, `Invalid path (regex used for validation is '${segment}')`));
  }
  return errors;
}
