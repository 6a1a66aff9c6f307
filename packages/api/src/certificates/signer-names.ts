import {
  dns1123Label,
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  invalidField,
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
    ...validateWithin(within, at),
    ...(Buffer.byteLength(name) > maxNameBytes ? [tooLong(at, maxNameBytes)] : []),
  ];
}

function validateDomain(domain: string, at: FieldPath): FieldError[] {
  const labels = domain.split('.');
  return [
    ...(Buffer.byteLength(domain) > maxDomainBytes ? [tooLong(at, maxDomainBytes)] : []),
    ...labels.flatMap((label) =>
      dns1123Label(label).map((detail) => invalidField(at, domain, `validating label ${quote(label)}: ${detail}`)),
    ),
    ...(labels.length < 2 ? [invalidField(at, domain, 'should be a domain with at least two segments separated by dots')] : []),
  ];
}

function validateWithin(within: string, at: FieldPath): FieldError[] {
  return within
    .split('.')
    .flatMap((label) => dns1123Subdomain(label).map((detail) => invalidField(at, within, `validating label ${quote(label)}: ${detail}`)));
}
