import {
  dns1123Label,
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  invalidField,
  type NameForm,
  quote,
  required,
  tooLong,
} from '@keelson/machinery';

/** Signs whatever was signed before signers had names; v1 does not take it. */
export const legacySigner = 'kubernetes.io/legacy-unknown';

const maxDomainBytes = 253;
const maxNameBytes = 2 * 253 + 63 + 2;

/** `example.com/signer-name`: a domain, and a name within it. */
export function validateSignerName(name: string, at: FieldPath): FieldError[] {
  if (name === '') return [required(at)];
  const [domain = '', within = '', ...more] = name.split('/');
  if (more.length > 0 || within === '' || !name.includes('/')) {
    return [invalidField(at, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")];
  }
  return [
    ...validateDomain(domain, at),
    ...validateLabels(within, at, dns1123Subdomain),
    ...(Buffer.byteLength(name) > maxNameBytes ? [tooLong(at, maxNameBytes)] : []),
  ];
}

function validateDomain(domain: string, at: FieldPath): FieldError[] {
  const labels = domain.split('.');
  return [
    ...(Buffer.byteLength(domain) > maxDomainBytes ? [tooLong(at, maxDomainBytes)] : []),
    ...validateLabels(domain, at, dns1123Label),
    ...(labels.length < 2 ? [invalidField(at, domain, 'should be a domain with at least two segments separated by dots')] : []),
  ];
}

/** Only the first label that is wrong is told of: what is wrong with others would read the same. */
function validateLabels(text: string, at: FieldPath, form: NameForm): FieldError[] {
  for (const label of text.split('.')) {
    const details = form(label);
    if (details.length > 0) return details.map((detail) => invalidField(at, text, `validating label ${quote(label)}: ${detail}`));
  }
  return [];
}
