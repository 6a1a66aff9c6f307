import { memoized } from '../caches/memoized.js';

/**
 * Says what is wrong with a text that should have a certain form: nothing when it is right, else one or more details
 * for an Invalid field error.
 */
export type NameForm = (text: string) => readonly string[];

const correct: readonly string[] = [];

const dns1123LabelPattern = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const dns1123SubdomainPattern = `${dns1123LabelPattern}(\\.${dns1123LabelPattern})*`;
const underscoredLabelPattern = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const underscoredSubdomainPattern = `${underscoredLabelPattern}(\\.${underscoredLabelPattern})*`;
const wildcardSubdomainPattern = `\\*\\.${dns1123SubdomainPattern}`;
const dns1035LabelPattern = '[a-z]([-a-z0-9]*[a-z0-9])?';
const qualifiedNamePattern = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValuePattern = `(${qualifiedNamePattern})?`;
const cIdentifierPattern = '[A-Za-z_][A-Za-z0-9_]*';
const configMapKeyPattern = '[-._a-zA-Z0-9]+';
const httpHeaderNamePattern = '[-A-Za-z0-9]+';
const percentPattern = '[0-9]+%';

const dns1123Subdomain253 = matcher(dns1123SubdomainPattern);

/** The detail for a text that does not match: what it must be, examples, and the regular expression. */
export function patternDetail(rule: string, pattern: string, ...examples: readonly string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(' or ');
  return `${rule} (e.g. ${shown}regex used for validation is '${pattern}')`;
}

function maxLengthDetail(maxLength: number): string {
  return `must be no more than ${maxLength} characters`;
}

function matcher(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

/** Builds a form from a pattern over the whole text and a limit in bytes of UTF-8. */
function patternForm(pattern: string, maxLength: number, detail: string): NameForm {
  const regexp = matcher(pattern);
  return (text) => {
    const tooLong = exceeds(text, maxLength);
    const matches = regexp.test(text);
    if (!tooLong && matches) return correct;
    return [...(tooLong ? [maxLengthDetail(maxLength)] : []), ...(matches ? [] : [detail])];
  };
}

function exceeds(text: string, maxBytes: number): boolean {
  return text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes);
}

const dns1123LabelForm = patternForm(
  dns1123LabelPattern,
  63,
  patternDetail(
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    dns1123LabelPattern,
    'my-name',
    '123-abc',
  ),
);

/** RFC 1123 label, at most 63 characters: namespaces, container names, host names. */
export const dns1123Label: NameForm = (text) => {
  const details = dns1123LabelForm(text);
  if (details.length === 0 || !dns1123Subdomain253.test(text) || !text.includes('.')) return details;
  return [...details.slice(0, -1), 'must not contain dots'];
};

/** RFC 1123 subdomain, at most 253 characters: the form of most names. */
export const dns1123Subdomain: NameForm = patternForm(
  dns1123SubdomainPattern,
  253,
  patternDetail(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    dns1123SubdomainPattern,
    'example.com',
  ),
);

/** As `dns1123Subdomain`, but for underscores, which names of services such as `_http._tcp.example.com` have. */
export const underscoredSubdomain: NameForm = patternForm(
  underscoredSubdomainPattern,
  253,
  patternDetail(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
    underscoredSubdomainPattern,
    'example.com',
  ),
);

/** `*.` and an RFC 1123 subdomain: hosts of ingress rules. */
export const wildcardDns1123Subdomain: NameForm = patternForm(
  wildcardSubdomainPattern,
  253,
  patternDetail(
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
    wildcardSubdomainPattern,
    '*.example.com',
  ),
);

/** RFC 1035 label, at most 63 characters: names of services. */
export const dns1035Label: NameForm = patternForm(
  dns1035LabelPattern,
  63,
  patternDetail(
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    dns1035LabelPattern,
    'my-name',
    'abc-123',
  ),
);

const qualifiedNameDetail = patternDetail(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  qualifiedNamePattern,
  'MyName',
  'my.name',
  '123-abc',
);
const qualifiedNamePart = patternForm(qualifiedNamePattern, 63, qualifiedNameDetail);

/** `name` or `subdomain/name`: keys of labels and annotations, finalizers, condition types. */
export const qualifiedName: NameForm = memoized((text) => {
  const [first = '', second, ...more] = text.split('/');
  if (more.length > 0) {
    return [`a qualified name ${qualifiedNameDetail} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const nameDetails = namePart(second ?? first);
  const prefixDetails = second === undefined ? correct : prefixPart(first);
  if (nameDetails.length === 0) return prefixDetails;
  return [...prefixDetails, ...nameDetails];
});

function prefixPart(prefix: string): readonly string[] {
  if (prefix === '') return ['prefix part must be non-empty'];
  return dns1123Subdomain(prefix).map((detail) => `prefix part ${detail}`);
}

function namePart(name: string): readonly string[] {
  const details = qualifiedNamePart(name);
  if (details.length === 0) return correct;
  return [...(name === '' ? ['must be non-empty'] : []), ...details].map((detail) => `name part ${detail}`);
}

export const labelValue: NameForm = patternForm(
  labelValuePattern,
  63,
  patternDetail(
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    labelValuePattern,
    'MyValue',
    'my_value',
    '12345',
  ),
);

/** Anything that can be one segment of a URL path: names of RBAC objects. */
export const pathSegmentName: NameForm = (text) => {
  if (text === '.' || text === '..') return [`may not be '${text}'`];
  return pathSegmentPrefix(text);
};

/** The start of a path segment: `.` and `..` are fine, something will follow. */
const pathSegmentPrefix: NameForm = (text) => {
  return ['/', '%'].filter((illegal) => text.includes(illegal)).map((illegal) => `may not contain '${illegal}'`);
};

export const cIdentifier: NameForm = patternForm(
  cIdentifierPattern,
  Number.MAX_SAFE_INTEGER,
  patternDetail(
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
    cIdentifierPattern,
    'my_name',
    'MY_NAME',
    'MyName',
  ),
);

/** Name of an environment variable: any printable ASCII but `=`. */
export const envVarName: NameForm = (text) => {
  if (text === '') return ['environment variable name must be non-empty'];
  return /^[ -<>-~]+$/.test(text)
    ? correct
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
};

const configMapKeyForm = patternForm(
  configMapKeyPattern,
  253,
  patternDetail(
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
    configMapKeyPattern,
    'key.name',
    'KEY_NAME',
    'key-name',
  ),
);

/** Key of a config map or secret: it becomes a file name. */
export const configMapKey: NameForm = (text) => {
  const details = configMapKeyForm(text);
  const path = text === '.' || text === '..' ? `must not be '${text}'` : text.startsWith('..') ? "must not start with '..'" : undefined;
  return path === undefined ? details : [...details, path];
};

/** Name of a port: an IANA service name (RFC 6335), at most 15 characters. */
export const portName: NameForm = (text) => {
  const details: string[] = [];
  if (text.length > 15) details.push(maxLengthDetail(15));
  if (!/^[-a-z0-9]+$/.test(text)) details.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(text)) details.push('must contain at least one letter (a-z)');
  if (text.includes('--')) details.push('must not contain consecutive hyphens');
  if (text.startsWith('-') || text.endsWith('-')) details.push('must not begin or end with a hyphen');
  return details;
};

export const httpHeaderName: NameForm = patternForm(
  httpHeaderNamePattern,
  Number.MAX_SAFE_INTEGER,
  patternDetail("a valid HTTP header must consist of alphanumeric characters or '-'", httpHeaderNamePattern, 'X-Header-Name'),
);

export const percent: NameForm = patternForm(
  percentPattern,
  Number.MAX_SAFE_INTEGER,
  patternDetail("a valid percent string must be a numeric string followed by an ending '%'", percentPattern, '1%', '93%'),
);

/** The form of a `generateName`: like the name itself, except that a trailing hyphen will be followed by something. */
export function generateNameForm(form: NameForm): NameForm {
  if (form === pathSegmentName) return pathSegmentPrefix;
  // The last two characters are masked together, so that neither the hyphen nor what stands before it can offend.
  return (text) => form(text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text);
}
