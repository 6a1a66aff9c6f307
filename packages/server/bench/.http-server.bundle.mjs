// bench/http-server.ts

// src/filters/audit-id.ts
import { randomUUID } from 'node:crypto';
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:https';

var assignAuditId = (ctx, next) => {
  const given = ctx.req.headers['audit-id'];
  const id = typeof given === 'string' && given !== '' ? given : randomUUID();
  ctx.state.auditId = id;
  ctx.res.setHeader('Audit-Id', id);
  return next();
};

// ../machinery/src/meta/group-version.ts
function formatGroupVersion({ group, version }) {
  return group === '' ? version : `${group}/${version}`;
}
function parseGroupVersion(apiVersion) {
  const slash2 = apiVersion.indexOf('/');
  if (slash2 < 0) return { group: '', version: apiVersion };
  if (apiVersion.indexOf('/', slash2 + 1) >= 0) return void 0;
  return { group: apiVersion.slice(0, slash2), version: apiVersion.slice(slash2 + 1) };
}
function formatGroupResource({ group, resource }) {
  return group === '' ? resource : `${resource}.${group}`;
}

// ../machinery/src/quote.ts
var needsEscape = /[^\x20-\x7e]|["\\]/;
var printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
var loneSurrogate = /^[\ud800-\udfff]$/;
var shortEscapes = /* @__PURE__ */ new Map([
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['	', '\\t'],
  ['\v', '\\v'],
  ['"', '\\"'],
  ['\\', '\\\\'],
]);
function isPrintable(char) {
  return printable.test(char);
}
function quote(text) {
  if (!needsEscape.test(text)) return `"${text}"`;
  let out = '"';
  for (const char of text) out += shortEscapes.get(char) ?? escapeUnprintable(char);
  return `${out}"`;
}
function escapeUnprintable(char) {
  if (isPrintable(char)) return char;
  if (loneSurrogate.test(char)) return '\uFFFD';
  const code = char.codePointAt(0) ?? 0;
  if (code < 32 || code === 127) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 65536 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}

// ../machinery/src/errors/api-error.ts
var ApiError = class extends Error {
  name = 'ApiError';
  status;
  constructor(code, reason, message, details, options) {
    super(message, options);
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason !== '' && { reason }),
      ...(details && { details }),
      code,
    };
  }
  get code() {
    return this.status.code ?? 500;
  }
  get reason() {
    return this.status.reason ?? '';
  }
};
function resourceDetails({ group, resource }, name, rest = {}) {
  return { ...(name !== '' && { name }), ...(group !== '' && { group }), ...(resource !== '' && { kind: resource }), ...rest };
}
function badRequest(message) {
  return new ApiError(400, 'BadRequest', message);
}
function unauthorized(message = 'Unauthorized') {
  return new ApiError(401, 'Unauthorized', message);
}
function forbidden(gr, name, why) {
  const subject = gr.resource === '' ? 'forbidden' : `${formatGroupResource(gr)}${name === '' ? '' : ` ${quote(name)}`} is forbidden`;
  return new ApiError(403, 'Forbidden', `${subject}: ${why}`, resourceDetails(gr, name));
}
function notFound(gr, name) {
  return new ApiError(404, 'NotFound', `${formatGroupResource(gr)} ${quote(name)} not found`, resourceDetails(gr, name));
}
function alreadyExists(gr, name) {
  return new ApiError(409, 'AlreadyExists', `${formatGroupResource(gr)} ${quote(name)} already exists`, resourceDetails(gr, name));
}
function expired(message) {
  return new ApiError(410, 'Expired', message);
}
function internalError(cause) {
  const text = cause instanceof Error ? cause.message : String(cause);
  return new ApiError(500, 'InternalError', `Internal error occurred: ${text}`, { causes: [{ message: text }] }, { cause });
}
function serviceUnavailable(message) {
  return new ApiError(503, 'ServiceUnavailable', message);
}
function timeout(message, retryAfterSeconds = 0) {
  return new ApiError(504, 'Timeout', `Timeout: ${message}`, retryAfterSeconds > 0 ? { retryAfterSeconds } : {});
}
function tooLargeResourceVersion(asked, current) {
  return new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

// ../machinery/src/field/path.ts
var FieldPath = class _FieldPath {
  #parent;
  #step;
  #subscript;
  constructor(parent, step, subscript) {
    this.#parent = parent;
    this.#step = step;
    this.#subscript = subscript;
  }
  /** A field of this object, or a field of a field: `p.child('spec', 'template')`. */
  child(name, ...more) {
    let path2 = new _FieldPath(this, name, false);
    for (const next of more) path2 = new _FieldPath(path2, next, false);
    return path2;
  }
  /** An element of this list. */
  index(index) {
    return new _FieldPath(this, index, true);
  }
  /** An entry of this map, or an element of this keyed list. */
  key(key2) {
    return new _FieldPath(this, key2, true);
  }
  toString() {
    if (this.#subscript) return `${this.#parent ?? ''}[${this.#step}]`;
    return this.#parent === void 0 ? String(this.#step) : `${this.#parent}.${this.#step}`;
  }
};
function path(name, ...more) {
  const root = new FieldPath(void 0, name, false);
  const [next, ...rest] = more;
  return next === void 0 ? root : root.child(next, ...rest);
}

// ../machinery/src/meta/generate-name.ts
var alphabet = 'bcdfghjklmnpqrstvwxz2456789';
var suffixLength = 5;
var maxNameLength = 63;
var maxBaseLength = maxNameLength - suffixLength;
var unbiasedBytes = 256 - (256 % alphabet.length);

// ../machinery/src/meta/name-forms.ts
var correct = [];
var dns1123LabelPattern = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
var dns1123SubdomainPattern = `${dns1123LabelPattern}(\\.${dns1123LabelPattern})*`;
var wildcardSubdomainPattern = `\\*\\.${dns1123SubdomainPattern}`;
var dns1035LabelPattern = '[a-z]([-a-z0-9]*[a-z0-9])?';
var qualifiedNamePattern = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
var labelValuePattern = `(${qualifiedNamePattern})?`;
var cIdentifierPattern = '[A-Za-z_][A-Za-z0-9_]*';
var configMapKeyPattern = '[-._a-zA-Z0-9]+';
var httpHeaderNamePattern = '[-A-Za-z0-9]+';
var percentPattern = '[0-9]+%';
var dns1123Subdomain253 = matcher(dns1123SubdomainPattern);
function patternDetail(rule, pattern, ...examples) {
  const shown = examples.map((example) => `'${example}', `).join(' or ');
  return `${rule} (e.g. ${shown}regex used for validation is '${pattern}')`;
}
function maxLengthDetail(maxLength) {
  return `must be no more than ${maxLength} characters`;
}
function matcher(pattern) {
  return new RegExp(`^(?:${pattern})$`);
}
function patternForm(pattern, maxLength, detail) {
  const regexp = matcher(pattern);
  return (text) => {
    const tooLong2 = exceeds(text, maxLength);
    const matches = regexp.test(text);
    if (!tooLong2 && matches) return correct;
    return [...(tooLong2 ? [maxLengthDetail(maxLength)] : []), ...(matches ? [] : [detail])];
  };
}
function exceeds(text, maxBytes) {
  return text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes);
}
var dns1123LabelForm = patternForm(
  dns1123LabelPattern,
  63,
  patternDetail(
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    dns1123LabelPattern,
    'my-name',
    '123-abc',
  ),
);
var dns1123Subdomain = patternForm(
  dns1123SubdomainPattern,
  253,
  patternDetail(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    dns1123SubdomainPattern,
    'example.com',
  ),
);
var wildcardDns1123Subdomain = patternForm(
  wildcardSubdomainPattern,
  253,
  patternDetail(
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
    wildcardSubdomainPattern,
    '*.example.com',
  ),
);
var dns1035Label = patternForm(
  dns1035LabelPattern,
  63,
  patternDetail(
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    dns1035LabelPattern,
    'my-name',
    'abc-123',
  ),
);
var qualifiedNameDetail = patternDetail(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  qualifiedNamePattern,
  'MyName',
  'my.name',
  '123-abc',
);
var qualifiedNamePart = patternForm(qualifiedNamePattern, 63, qualifiedNameDetail);
var labelValue = patternForm(
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
var cIdentifier = patternForm(
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
var configMapKeyForm = patternForm(
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
var httpHeaderName = patternForm(
  httpHeaderNamePattern,
  Number.MAX_SAFE_INTEGER,
  patternDetail("a valid HTTP header must consist of alphanumeric characters or '-'", httpHeaderNamePattern, 'X-Header-Name'),
);
var percent = patternForm(
  percentPattern,
  Number.MAX_SAFE_INTEGER,
  patternDetail("a valid percent string must be a numeric string followed by an ending '%'", percentPattern, '1%', '93%'),
);

// ../machinery/src/quantity/format.ts
var binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
var decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
var smallestDecimalExponent = -9;
var multipliers = new Map([
  ...binarySuffixes.map((suffix, i) => [suffix, { base: 2, exponent: 10 * i, format: 'BinarySI' }]),
  // After the binary ones: no suffix at all is decimal.
  ...decimalSuffixes.map((suffix, i) => [suffix, { base: 10, exponent: smallestDecimalExponent + 3 * i, format: 'DecimalSI' }]),
]);
var maxExponent = 1e3;
var exponentSuffix = /^[eE]([+-]?\d+)$/;
function multiplierOf(suffix) {
  const known = multipliers.get(suffix);
  if (known !== void 0) return known;
  const written = exponentSuffix.exec(suffix)?.[1];
  if (written === void 0) return void 0;
  const exponent = Number(written);
  return Math.abs(exponent) <= maxExponent ? { base: 10, exponent, format: 'DecimalExponent' } : void 0;
}
function binarySuffix(thousands) {
  return binarySuffixes[thousands] ?? '';
}
var maxBinaryPower = binarySuffixes.length - 1;
function decimalSuffix(exponent, format) {
  if (exponent === 0) return '';
  const letter = format === 'DecimalExponent' ? void 0 : decimalSuffixes[(exponent - smallestDecimalExponent) / 3];
  return letter ?? `e${exponent}`;
}

// ../machinery/src/quantity/quantity.ts
var nano = -9;
var maxInt64 = 2n ** 63n - 1n;
var quantityText = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/;
var formatWrong = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
var suffixWrong = "unable to parse quantity's suffix";
var maxTextLength = 1e3;
var Quantity = class _Quantity {
  static zero = new _Quantity(0n, 0, 'DecimalSI');
  /** The most that a binary quantity can be: 64 bits. */
  static max = new _Quantity(maxInt64, 0, 'BinarySI');
  format;
  #digits;
  #scale;
  #text;
  constructor(digits, scale, format) {
    this.#digits = digits;
    this.#scale = scale;
    this.format = format;
  }
  /** digits × 10^scale. What is finer than nano is rounded away from zero: who wants some gets some. */
  static of(digits, scale = 0, format = 'DecimalSI') {
    const [reduced, exponent] = reduce(BigInt(digits), scale);
    if (exponent >= nano) return new _Quantity(reduced, exponent, format);
    return new _Quantity(...reduce(divideAwayFromZero(reduced, nano - exponent), nano), format);
  }
  /** Reads any text a client may write. Throws with the text Kubernetes' clients know. */
  static parse(text) {
    const [, sign, whole = '', fraction = '', suffix = ''] = (text !== '' && text.length <= maxTextLength && quantityText.exec(text)) || [];
    if (sign === void 0) throw new RangeError(formatWrong);
    const multiplier = multiplierOf(suffix);
    if (multiplier === void 0) throw new RangeError(suffixWrong);
    const digits = BigInt(`0${whole}${fraction}`);
    const quantity = scaled(digits, -fraction.length, multiplier);
    return sign === '-' ? quantity.negate() : quantity;
  }
  get sign() {
    return this.#digits === 0n ? 0 : this.#digits > 0n ? 1 : -1;
  }
  compare(other) {
    const [a, b] = align(this, other);
    return a === b ? 0 : a < b ? -1 : 1;
  }
  equals(other) {
    return this.#digits === other.#digits && this.#scale === other.#scale;
  }
  /** The sum, in this quantity's format; zero has none of its own. */
  add(other) {
    const [a, b, scale] = align(this, other);
    return _Quantity.of(a + b, scale, this.sign === 0 ? other.format : this.format);
  }
  /** The difference, in this quantity's format; zero has none of its own. */
  sub(other) {
    return this.add(other.negate());
  }
  negate() {
    return new _Quantity(-this.#digits, this.#scale, this.format);
  }
  /** The number in units of 10^scale, rounded away from zero and held within 64 bits: 1500m in milli is 1500. */
  scaledValue(scale) {
    const shift = this.#scale - scale;
    const value = shift >= 0 ? this.#digits * 10n ** BigInt(shift) : divideAwayFromZero(this.#digits, -shift);
    return value > maxInt64 ? maxInt64 : value < -maxInt64 - 1n ? -maxInt64 - 1n : value;
  }
  /** The whole number, rounded away from zero and held within 64 bits. */
  value() {
    return this.scaledValue(0);
  }
  /** In thousandths, rounded away from zero and held within 64 bits. */
  milliValue() {
    return this.scaledValue(-3);
  }
  /** The number when it is whole and fits 64 bits. */
  asInt64() {
    if (this.#scale < 0) return void 0;
    const value = this.#digits * 10n ** BigInt(this.#scale);
    return BigInt.asIntN(64, value) === value ? value : void 0;
  }
  /** The nearest floating-point number: for metrics and ratios, not for decisions. */
  toNumber() {
    return Number(`${this.#digits}e${this.#scale}`);
  }
  /** The canonical text: no fraction, the largest suffix of the format that leaves a whole number. */
  toString() {
    this.#text ??= this.#print();
    return this.#text;
  }
  toJSON() {
    return this.toString();
  }
  #print() {
    const value = this.format === 'BinarySI' ? this.#whole() : void 0;
    if (value !== void 0 && (value >= 1024n || value <= -1024n)) return printBinary(value);
    const exponent = Math.floor(this.#scale / 3) * 3;
    const digits = this.#digits * 10n ** BigInt(this.#scale - exponent);
    return digits === 0n ? '0' : `${digits}${decimalSuffix(exponent, this.format)}`;
  }
  /** The number when it is whole, of any size. */
  #whole() {
    return this.#scale < 0 ? void 0 : this.#digits * 10n ** BigInt(this.#scale);
  }
  /** Digits and scale, for arithmetic between quantities. */
  get parts() {
    return [this.#digits, this.#scale];
  }
};
var plainText = /^(?:([1-9]\d{0,14})([mkMG]|Ki)?|([1-9]\d{0,8})(Mi|Gi))$/;
function isPlainlyCanonical(text) {
  const [, digits, suffix, binaryDigits] = plainText.exec(text) ?? [];
  if (binaryDigits !== void 0) return Number(binaryDigits) % 1024 !== 0;
  if (digits === void 0) return text === '0';
  return Number(digits) % (suffix === 'Ki' ? 1024 : 1e3) !== 0;
}
function canonicalQuantity(text) {
  return isPlainlyCanonical(text) ? text : Quantity.parse(text).toString();
}
function scaled(digits, scale, { base, exponent, format }) {
  if (base === 10) return Quantity.of(digits, scale + exponent, format);
  const quantity = Quantity.of(digits * 2n ** BigInt(exponent), scale, format);
  const [kept, keptScale] = quantity.parts;
  if (kept !== 0n && keptScale < 0 && kept < 10n ** BigInt(-keptScale)) return Quantity.of(kept, keptScale, 'DecimalSI');
  return quantity.compare(Quantity.max) > 0 ? Quantity.max : quantity;
}
function reduce(digits, scale) {
  if (digits === 0n) return [0n, 0];
  let [kept, exponent] = [digits, scale];
  while (kept % 1000n === 0n) [kept, exponent] = [kept / 1000n, exponent + 3];
  while (kept % 10n === 0n) [kept, exponent] = [kept / 10n, exponent + 1];
  return [kept, exponent];
}
function divideAwayFromZero(digits, places) {
  const divisor = 10n ** BigInt(places);
  const quotient = digits / divisor;
  if (digits % divisor === 0n) return quotient;
  return digits > 0n ? quotient + 1n : quotient - 1n;
}
function align(left, right) {
  const [a, aScale] = left.parts;
  const [b, bScale] = right.parts;
  const scale = Math.min(aScale, bScale);
  return [a * 10n ** BigInt(aScale - scale), b * 10n ** BigInt(bScale - scale), scale];
}
function printBinary(value) {
  let [digits, power] = [value, 0];
  while (power < maxBinaryPower && digits % 1024n === 0n) [digits, power] = [digits / 1024n, power + 1];
  return `${digits}${binarySuffix(power)}`;
}

// ../machinery/src/selectors/field-selector.ts
var FieldSelector = class _FieldSelector {
  /** Matches everything. */
  static everything = new _FieldSelector([]);
  requirements;
  /** Whether fields fulfil every requirement. Allocates nothing. */
  matches;
  constructor(requirements) {
    this.requirements = requirements;
    this.matches = compileAll(requirements);
  }
  get matchesEverything() {
    return this.requirements.length === 0;
  }
  /** The value a field must have exactly, when there is one: lets an index or a single read stand in for a scan. */
  exactValue(field) {
    return this.requirements.find((requirement) => requirement.field === field && requirement.operator === '=')?.value;
  }
  /** A selector of changed requirements: renamed fields, or refused ones when `change` throws. */
  map(change) {
    return new _FieldSelector(this.requirements.map(change));
  }
  /** The canonical text: parsing it gives an equal selector. */
  toString() {
    return this.requirements.map(({ field, operator, value }) => `${field}${operator}${escapeValue(value)}`).join(',');
  }
};
function compileAll(requirements) {
  const matchers = requirements.map(compile);
  const [first, second] = matchers;
  if (first === void 0) return () => true;
  if (second === void 0) return first;
  return (fields2) => {
    for (let i = 0; i < matchers.length; i++) if (!matchers[i]?.(fields2)) return false;
    return true;
  };
}
function compile({ field, operator, value }) {
  const wanted = operator === '=';
  return (fields2) => (fieldOf(fields2, field) === value) === wanted;
}
function fieldOf(fields2, field) {
  const value = fields2[field];
  return typeof value === 'string' ? value : '';
}
function escapeValue(value) {
  return value.replace(/[\\,=]/g, '\\$&');
}

// ../machinery/src/selectors/requirement.ts
function formatRequirement({ key: key2, operator, values }) {
  switch (operator) {
    case 'exists':
      return key2;
    case '!':
      return `!${key2}`;
    case 'in':
    case 'notin':
      return `${key2} ${operator} (${values.join(',')})`;
    case 'gt':
      return `${key2}>${values.join(',')}`;
    case 'lt':
      return `${key2}<${values.join(',')}`;
    default:
      return `${key2}${operator}${values.join(',')}`;
  }
}
function compileRequirement({ key: key2, operator, values }) {
  const [first = ''] = values;
  switch (operator) {
    case 'exists':
      return (labels) => labelOf(labels, key2) !== void 0;
    case '!':
      return (labels) => labelOf(labels, key2) === void 0;
    case 'in':
    case 'notin':
      return compileMembership(key2, values, operator === 'in');
    case 'gt':
    case 'lt':
      return compileComparison(key2, BigInt(first), operator === 'gt');
    case '!=':
      return (labels) => labelOf(labels, key2) !== first;
    default:
      return (labels) => labelOf(labels, key2) === first;
  }
}
function labelOf(labels, key2) {
  const value = labels?.[key2];
  return typeof value === 'string' ? value : void 0;
}
function compileMembership(key2, values, wanted) {
  const set = new Set(values);
  return (labels) => {
    const value = labelOf(labels, key2);
    return (value !== void 0 && set.has(value)) === wanted;
  };
}
function compileComparison(key2, bound, greater) {
  const safeBound = Number(bound);
  const boundIsSafe = Number.isSafeInteger(safeBound);
  return (labels) => {
    const text = labelOf(labels, key2);
    if (text === void 0) return false;
    if (boundIsSafe && text.length <= 15) {
      const value2 = parseDigits(text);
      return greater ? value2 > safeBound : value2 < safeBound;
    }
    const value = parseInt64(text);
    return value !== void 0 && (greater ? value > bound : value < bound);
  };
}
function parseDigits(text) {
  if (text === '') return Number.NaN;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
var int64 = /^[+-]?\d+$/;
function parseInt64(text) {
  if (!int64.test(text) || text.length > 80) return void 0;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return BigInt.asIntN(64, value) === value ? value : void 0;
}

// ../machinery/src/selectors/label-selector.ts
var LabelSelector = class _LabelSelector {
  /** Matches everything. */
  static everything = new _LabelSelector([]);
  /** Matches nothing: what an absent selector in an object means. */
  static nothing = new _LabelSelector([], () => false);
  /** Ordered by key. */
  requirements;
  /** Whether labels fulfil every requirement. Allocates nothing. */
  matches;
  constructor(requirements, matches) {
    this.requirements = [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    this.matches = matches ?? compileAll2(this.requirements);
  }
  get matchesEverything() {
    return this.requirements.length === 0 && this !== _LabelSelector.nothing;
  }
  /** The value a label must have exactly, when there is one: lets an index stand in for a scan. */
  exactValue(key2) {
    for (const { key: candidate, operator, values } of this.requirements) {
      if (candidate !== key2) continue;
      if (operator === '=' || operator === '==' || (operator === 'in' && values.length === 1)) return values[0];
    }
    return void 0;
  }
  /** The canonical text: parsing it gives an equal selector. */
  toString() {
    return this.requirements.map(formatRequirement).join(',');
  }
};
function compileAll2(requirements) {
  const matchers = requirements.map(compileRequirement);
  const [first, second] = matchers;
  if (first === void 0) return () => true;
  if (second === void 0) return first;
  if (matchers.length === 2) return (labels) => first(labels) && second(labels);
  return (labels) => {
    for (let i = 0; i < matchers.length; i++) if (!matchers[i]?.(labels)) return false;
    return true;
  };
}

// ../machinery/src/selectors/check-requirement.ts
var arity = {
  in: [1, Number.POSITIVE_INFINITY, "for 'in', 'notin' operators, values set can't be empty"],
  notin: [1, Number.POSITIVE_INFINITY, "for 'in', 'notin' operators, values set can't be empty"],
  '=': [1, 1, 'exact-match compatibility requires one single value'],
  '==': [1, 1, 'exact-match compatibility requires one single value'],
  '!=': [1, 1, 'exact-match compatibility requires one single value'],
  exists: [0, 0, 'values set must be empty for exists and does not exist'],
  '!': [0, 0, 'values set must be empty for exists and does not exist'],
  gt: [1, 1, "for 'Gt', 'Lt' operators, exactly one value is required"],
  lt: [1, 1, "for 'Gt', 'Lt' operators, exactly one value is required"],
};

// ../machinery/src/time/duration.ts
var nanosPerMicro = 1000n;
var nanosPerMilli = 1000000n;
var nanosPerSecond = 1000000000n;
var nanosPerMinute = 60n * nanosPerSecond;
var nanosPerHour = 60n * nanosPerMinute;
var maxNanos = 2n ** 63n - 1n;
var unitNanos = /* @__PURE__ */ new Map([
  ['ns', 1n],
  ['us', nanosPerMicro],
  ['\xB5s', nanosPerMicro],
  // micro sign
  ['\u03BCs', nanosPerMicro],
  // Greek letter mu
  ['ms', nanosPerMilli],
  ['s', nanosPerSecond],
  ['m', nanosPerMinute],
  ['h', nanosPerHour],
]);
var term = /(\d*)(?:\.(\d*))?([^\d.]*)/y;
function parseDuration(text) {
  const negative = text.startsWith('-');
  const body2 = /^[+-]/.test(text) ? text.slice(1) : text;
  if (body2 === '0') return 0n;
  if (body2 === '') throw invalidDuration(text);
  let nanos = 0n;
  for (let at = 0; at < body2.length; at = term.lastIndex) {
    term.lastIndex = at;
    nanos += termNanos(term.exec(body2) ?? [], text);
    if (nanos > maxNanos + (negative ? 1n : 0n)) throw invalidDuration(text);
  }
  return negative ? -nanos : nanos;
}
function termNanos([, whole = '', fraction, unit = ''], text) {
  if (whole === '' && (fraction ?? '') === '') throw invalidDuration(text);
  if (unit === '') throw new RangeError(`time: missing unit in duration ${quote(text)}`);
  const nanos = unitNanos.get(unit);
  if (nanos === void 0) throw new RangeError(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
  const wholeNanos = whole.length > 19 ? maxNanos + 2n : BigInt(whole || 0) * nanos;
  const digits = (fraction ?? '').slice(0, 18);
  return wholeNanos + (BigInt(digits || 0) * nanos) / 10n ** BigInt(digits.length);
}
function invalidDuration(text) {
  return new RangeError(`time: invalid duration ${quote(text)}`);
}
function formatDuration(nanos) {
  if (nanos < 0n) return `-${formatDuration(-nanos)}`;
  if (nanos === 0n) return '0s';
  if (nanos < nanosPerMicro) return `${nanos}ns`;
  if (nanos < nanosPerMilli) return `${decimal(nanos, nanosPerMicro)}\xB5s`;
  if (nanos < nanosPerSecond) return `${decimal(nanos, nanosPerMilli)}ms`;
  const seconds = `${decimal(nanos % nanosPerMinute, nanosPerSecond)}s`;
  const minutes = (nanos / nanosPerMinute) % 60n;
  const hours = nanos / nanosPerHour;
  if (hours > 0n) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0n ? `${minutes}m${seconds}` : seconds;
}
function decimal(nanos, unit) {
  const places = String(unit).length - 1;
  const fraction = String(nanos % unit)
    .padStart(places, '0')
    .replace(/0+$/, '');
  return fraction === '' ? `${nanos / unit}` : `${nanos / unit}.${fraction}`;
}

// ../machinery/src/time/human-duration.ts
var minute = 60;
var hour = 60 * minute;
var day = 24 * hour;
var year = 365 * day;

// ../machinery/src/time/timestamp.ts
var date = [
  ['2006', /\d{4}/y],
  ['-', /-/y],
  ['01', /\d{2}/y],
  ['-', /-/y],
  ['02', /\d{2}/y],
];
var clock = [
  ['15', /\d{1,2}/y],
  [':', /:/y],
  ['04', /\d{2}/y],
  [':', /:/y],
];
var zone = [['Z07:00', /Z|[+-]\d{2}:\d{2}/y]];
var rfc3339 = {
  name: '2006-01-02T15:04:05Z07:00',
  elements: [...date, ['T', /T/y], ...clock, ['05', /\d{2}(?:[.,]\d+)?/y], ...zone],
};
var rfc3339Micro = {
  name: '2006-01-02T15:04:05.000000Z07:00',
  elements: [...date, ['T', /T/y], ...clock, ['05', /\d{2}/y], ['.000000', /[.,]\d{6}(?!\d)/y], ...zone],
};
function parseTime(text) {
  return parse(text, rfc3339);
}
function parseMicroTime(text) {
  return parse(text, rfc3339Micro);
}
function parse(text, layout) {
  const parts = [];
  let at = 0;
  for (const [name, pattern] of layout.elements) {
    pattern.lastIndex = at;
    const part = pattern.exec(text)?.[0];
    if (part === void 0) throw parseFailure(text, layout, `cannot parse ${quote(text.slice(at))} as ${quote(name)}`);
    parts.push(part);
    at += part.length;
    checkRange(name, part, text);
  }
  if (at < text.length) throw new RangeError(`parsing time ${quote(text)}: extra text: ${quote(text.slice(at))}`);
  return assemble(parts.join(''), text);
}
function parseFailure(text, layout, why) {
  return new RangeError(`parsing time ${quote(text)} as ${quote(layout.name)}: ${why}`);
}
var ranges = /* @__PURE__ */ new Map([
  ['01', ['month', 1, 12]],
  ['02', ['day', 1, 31]],
  ['15', ['hour', 0, 23]],
  ['04', ['minute', 0, 59]],
  ['05', ['second', 0, 59]],
]);
function checkRange(element, part, text) {
  const range = ranges.get(element);
  if (range === void 0) return;
  const [what, min, max] = range;
  const value = Number.parseInt(part, 10);
  if (value < min || value > max) throw outOfRange(what, text);
}
function outOfRange(what, text) {
  return new RangeError(`parsing time ${quote(text)}: ${what} out of range`);
}
var fields = /^(\d{4})-(\d{2})-(\d{2})T(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/;
function assemble(wellFormed2, text) {
  const [, year2, month, day2, hour2, minute2, second, fraction = '', sign, offsetHour = 0, offsetMinute = 0] =
    fields.exec(wellFormed2) ?? [];
  const moment = /* @__PURE__ */ new Date(0);
  moment.setUTCFullYear(Number(year2), Number(month) - 1, Number(day2));
  if (moment.getUTCDate() !== Number(day2)) throw outOfRange('day', text);
  if (Number(offsetHour) > 24 || Number(offsetMinute) > 60) throw outOfRange('time zone offset hour', text);
  const offsetSeconds = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60 * (sign === '-' ? -1 : 1);
  const clockSeconds = (Number(hour2) * 60 + Number(minute2)) * 60 + Number(second);
  return {
    seconds: moment.getTime() / 1e3 + clockSeconds - offsetSeconds,
    nanos: Number(fraction.slice(0, 9).padEnd(9, '0')),
  };
}
function formatTime({ seconds }) {
  return `${utcText(seconds)}Z`;
}
function formatMicroTime({ seconds, nanos }) {
  const micros = Math.trunc(nanos / 1e3);
  return `${utcText(seconds)}.${String(micros).padStart(6, '0')}Z`;
}
function utcText(seconds) {
  const text = new Date(seconds * 1e3).toISOString();
  return text.slice(0, text.lastIndexOf('.'));
}

// ../machinery/src/validation/annotations.ts
var maxTotalBytes = 256 * 1024;

// ../machinery/src/validation/object-meta.ts
var metadataPath = path('metadata');

// src/filters/credential-headers.ts
var standardCredentialHeaders = {
  names: ['authorization', 'x-remote-user', 'x-remote-uid', 'x-remote-group'],
  prefixes: ['x-remote-extra-'],
};
function credentialRemover({ names, prefixes }) {
  const exact = new Set(names);
  const isCredential = (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
  return (req) => {
    let found = false;
    for (const name in req.headers) {
      if (!isCredential(name)) continue;
      found = true;
      delete req.headers[name];
    }
    if (found) removeRaw(req.rawHeaders, isCredential);
  };
}
function removeRaw(raw, isCredential) {
  let kept = 0;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at];
    if (isCredential(name.toLowerCase())) continue;
    raw[kept++] = name;
    raw[kept++] = raw[at + 1];
  }
  raw.length = kept;
}

// src/filters/authentication.ts
function authenticate(options) {
  const { authenticator } = options;
  const removeCredentials = credentialRemover(mergeHeaders(options.requestHeaders));
  const accept = (ctx, next, result) => {
    if (result === void 0 || !audienceAccepted(result, options.apiAudiences)) return refuse(ctx, options, void 0);
    const { user } = result;
    options.onAttempt?.('success', user);
    const { state } = ctx;
    state.user = user;
    state.audiences = result.audiences;
    if (state.stream && isAnonymous(user)) state.stream.session?.close();
    removeCredentials(ctx.req);
    return next();
  };
  return (ctx, next) => {
    let result;
    try {
      result = authenticator.authenticate(ctx.req);
    } catch (error) {
      return refuse(ctx, options, error);
    }
    if (!(result instanceof Promise)) return accept(ctx, next, result);
    return result.catch((error) => refuse(ctx, options, error)).then((known) => accept(ctx, next, known));
  };
}
function refuse({ state, req }, { log, onAttempt }, error) {
  onAttempt?.(error === void 0 ? 'failure' : 'error', void 0);
  if (error !== void 0) log.info(2, 'unable to authenticate the request', { from: req.socket?.remoteAddress, error });
  state.stream?.session?.close();
  throw unauthorized();
}
function audienceAccepted({ audiences }, apiAudiences) {
  if (audiences === void 0 || audiences.length === 0 || apiAudiences === void 0 || apiAudiences.length === 0) return true;
  return audiences.some((audience) => apiAudiences.includes(audience));
}
function isAnonymous(user) {
  return user.name === 'system:anonymous' || user.groups.includes('system:unauthenticated');
}
function mergeHeaders(own) {
  if (own === void 0) return standardCredentialHeaders;
  return {
    names: [...standardCredentialHeaders.names, ...own.names.map((name) => name.toLowerCase())],
    prefixes: [...standardCredentialHeaders.prefixes, ...own.prefixes.map((prefix) => prefix.toLowerCase())],
  };
}

// src/http/reply.ts
function reply(ctx, code, contentType, body2) {
  ctx.respond = false;
  const { res } = ctx;
  const bytes = typeof body2 === 'string' ? Buffer.from(body2, 'utf8') : body2;
  res.statusCode = code;
  res.setHeader('Content-Type', contentType);
  res.setHeader('Content-Length', bytes.byteLength);
  if (ctx.req.method === 'HEAD') res.end();
  else res.end(bytes);
}
function replyTextError(ctx, code, text) {
  ctx.res.setHeader('X-Content-Type-Options', 'nosniff');
  reply(
    ctx,
    code,
    'text/plain; charset=utf-8',
    `${text}
`,
  );
}
function replyJson(ctx, code, value) {
  reply(
    ctx,
    code,
    'application/json',
    `${JSON.stringify(value)}
`,
  );
}
var writeJsonStatus = (ctx, status) => replyJson(ctx, status.code ?? 200, status);
function replyError(ctx, error, write) {
  const seconds = error.status.details?.retryAfterSeconds;
  if (seconds !== void 0 && seconds > 0) ctx.res.setHeader('Retry-After', String(seconds));
  write(ctx, error.status);
}

// src/filters/escape-html.ts
function escapeHtml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

// src/filters/authorization.ts
function authorize({ authorizer, log }) {
  const decide = (ctx, next, attributes, decision) => {
    if (decision.decision === 'allow') return next();
    ctx.res.setHeader('X-Content-Type-Options', 'nosniff');
    throw forbiddenFor(attributes, decision.reason ?? '');
  };
  const fail = (ctx, error) => {
    log.error('authorization failed', { path: ctx.state.info.path, error });
    const why = error instanceof Error ? error.message : error;
    replyTextError(ctx, 500, escapeHtml(`Internal Server Error: ${quote(ctx.req.url ?? '')}: ${why}`));
  };
  return (ctx, next) => {
    const attributes = authorizationAttributes(ctx.state);
    let decision;
    try {
      decision = authorizer.authorize(attributes);
    } catch (error) {
      return fail(ctx, error);
    }
    if (!(decision instanceof Promise)) return decide(ctx, next, attributes, decision);
    return decision.then(
      (made) => decide(ctx, next, attributes, made),
      (error) => fail(ctx, error),
    );
  };
}
function authorizationAttributes({ info, user }) {
  return {
    user,
    verb: info.verb,
    resourceRequest: info.isResourceRequest,
    apiGroup: info.apiGroup,
    apiVersion: info.apiVersion,
    resource: info.resource,
    subresource: info.subresource,
    namespace: info.namespace,
    name: info.name,
    path: info.path,
    ...(info.labelSelector !== '' && { labelSelector: info.labelSelector }),
    ...(info.fieldSelector !== '' && { fieldSelector: info.fieldSelector }),
  };
}
function forbiddenFor(attributes, reason) {
  const message = escapeHtml(refusal(attributes));
  const { apiGroup: group, resource, name } = attributes;
  return forbidden({ group, resource }, name, reason === '' ? message : `${message}: ${reason}`);
}
function refusal({ user, verb, resourceRequest: resourceRequest2, path: path2, resource, subresource, apiGroup, namespace }) {
  const who = `User ${quote(user.name)} cannot ${verb}`;
  if (!resourceRequest2) return `${who} path ${quote(path2)}`;
  const what = quote(subresource === '' ? resource : `${resource}/${subresource}`);
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${quote(namespace)}`;
  return `${who} resource ${what} in API group ${quote(apiGroup)} ${where}`;
}

// src/filters/cache-control.ts
var forbidCaching = (ctx, next) => {
  ctx.res.setHeader('Cache-Control', 'no-cache, private');
  return next();
};

// src/filters/cors.ts
function cors(allowedOrigins) {
  return (ctx, next) => {
    const { origin } = ctx.req.headers;
    if (origin === void 0 || !allowedOrigins.some((pattern) => pattern.test(origin))) return next();
    allow(ctx, origin);
    if (ctx.req.method !== 'OPTIONS') return next();
    ctx.respond = false;
    ctx.res.statusCode = 204;
    ctx.res.end();
    return void 0;
  };
}
function allow({ res }, origin) {
  res.setHeader('Access-Control-Allow-Origin', origin);
  res.setHeader('Access-Control-Allow-Methods', 'POST, GET, OPTIONS, PUT, DELETE, PATCH');
  res.setHeader(
    'Access-Control-Allow-Headers',
    'Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, Authorization, X-Requested-With, If-Modified-Since',
  );
  res.setHeader('Access-Control-Expose-Headers', 'Date');
  res.setHeader('Access-Control-Allow-Credentials', 'true');
}

// src/filters/go-duration.ts
var unitMs = { ns: 1e-6, us: 1e-3, \u00B5s: 1e-3, \u03BCs: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 36e5 };
function parseGoDuration(text) {
  const negative = text.startsWith('-');
  let rest = negative || text.startsWith('+') ? text.slice(1) : text;
  if (rest === '0') return 0;
  if (rest === '') throw new Error(`time: invalid duration ${quote(text)}`);
  let totalMs = 0;
  while (rest !== '') {
    const [all, number = '', unit = ''] = /^(\d*\.?\d*)([^\d.]*)/.exec(rest) ?? [];
    if (all === void 0 || !/\d/.test(number)) throw new Error(`time: invalid duration ${quote(text)}`);
    if (unit === '') throw new Error(`time: missing unit in duration ${quote(text)}`);
    const scale = Object.hasOwn(unitMs, unit) ? unitMs[unit] : void 0;
    if (scale === void 0) throw new Error(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
    totalMs += Number(number) * scale;
    rest = rest.slice(all.length);
  }
  return negative ? -totalMs : totalMs;
}

// src/filters/deadline.ts
function deadline({ requestTimeoutMs, isLongRunning: isLongRunning2 }) {
  return (ctx, next) => {
    const { state } = ctx;
    state.longRunning = isLongRunning2(state.info);
    if (state.longRunning) return next();
    const allowedMs = allowedTime(state, requestTimeoutMs);
    const outcome = next();
    return outcome && withDeadline(state, outcome, allowedMs);
  };
}
function allowedTime({ query }, maximumMs) {
  const asked = query.raw.includes('timeout') ? query.get('timeout') : '';
  if (asked === '') return maximumMs;
  const askedMs = parseAsked(asked);
  return askedMs > 0 && askedMs < maximumMs ? askedMs : maximumMs;
}
function parseAsked(asked) {
  try {
    return parseGoDuration(asked);
  } catch (error) {
    throw badRequest(`invalid timeout specified in the request URL - ${error instanceof Error ? error.message : error}`);
  }
}
function withDeadline(state, outcome, allowedMs) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const late = timeout('request did not complete within the allotted timeout');
      state.abandoned = true;
      reject(late);
      state.abort(late);
    }, allowedMs);
    outcome.then(
      () => {
        clearTimeout(timer);
        resolve();
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

// src/filters/errors.ts
import { constants } from 'node:http2';

// ../schema/src/codec/json-kind.ts
function jsonKind(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
    case 'bigint':
      return 'number';
    default:
      return 'object';
  }
}
function numberText(value) {
  return typeof value === 'number' || typeof value === 'bigint' ? ` ${value}` : '';
}

// ../schema/src/kind.ts
var DecodeError = class extends Error {
  name = 'DecodeError';
};

// ../schema/src/codec/codec.ts
import { Buffer as Buffer9 } from 'node:buffer';

// ../schema/src/gen/tables.ts
var tables = {
  'admission.v1':
    '{"AdmissionRequest":{"d":"io.k8s.api.admission.v1","f":[["uid",1,"string","oa",{"t":"types.UID"}],["kind",2,"meta.v1.GroupVersionKind","oa"],["resource",3,"meta.v1.GroupVersionResource","oa"],["subResource",4,"string","oe"],["requestKind",13,"meta.v1.GroupVersionKind","op"],["requestResource",14,"meta.v1.GroupVersionResource","op"],["requestSubResource",15,"string","oe"],["name",5,"string","oe"],["namespace",6,"string","oe"],["operation",7,"string","oa",{"t":"v1.Operation"}],["userInfo",8,"authentication.v1.UserInfo","oa"],["object",9,"machinery.RawExtension","oa"],["oldObject",10,"machinery.RawExtension","oa"],["dryRun",11,"bool","op"],["options",12,"machinery.RawExtension","oa"]]},"AdmissionResponse":{"d":"io.k8s.api.admission.v1","f":[["uid",1,"string","oa",{"t":"types.UID"}],["allowed",2,"bool","oa"],["status",3,"meta.v1.Status","op"],["patch",4,"bytes","oe"],["patchType",5,"string","op",{"t":"v1.PatchType"}],["auditAnnotations",6,"string","me"],["warnings",7,"string","le"]]},"AdmissionReview":{"d":"io.k8s.api.admission.v1","f":[["request",1,"AdmissionRequest","op"],["response",2,"AdmissionResponse","op"]],"v":["admission.k8s.io/v1"]}}',
  'admission.v1beta1':
    '{"AdmissionRequest":{"d":"io.k8s.api.admission.v1beta1","f":[["uid",1,"string","oa",{"t":"types.UID"}],["kind",2,"meta.v1.GroupVersionKind","oa"],["resource",3,"meta.v1.GroupVersionResource","oa"],["subResource",4,"string","oe"],["requestKind",13,"meta.v1.GroupVersionKind","op"],["requestResource",14,"meta.v1.GroupVersionResource","op"],["requestSubResource",15,"string","oe"],["name",5,"string","oe"],["namespace",6,"string","oe"],["operation",7,"string","oa",{"t":"v1beta1.Operation"}],["userInfo",8,"authentication.v1.UserInfo","oa"],["object",9,"machinery.RawExtension","oa"],["oldObject",10,"machinery.RawExtension","oa"],["dryRun",11,"bool","op"],["options",12,"machinery.RawExtension","oa"]]},"AdmissionResponse":{"d":"io.k8s.api.admission.v1beta1","f":[["uid",1,"string","oa",{"t":"types.UID"}],["allowed",2,"bool","oa"],["status",3,"meta.v1.Status","op"],["patch",4,"bytes","oe"],["patchType",5,"string","op",{"t":"v1beta1.PatchType"}],["auditAnnotations",6,"string","me"],["warnings",7,"string","le"]]},"AdmissionReview":{"d":"io.k8s.api.admission.v1beta1","f":[["request",1,"AdmissionRequest","op"],["response",2,"AdmissionResponse","op"]],"v":["admission.k8s.io/v1beta1"]}}',
  'admissionregistration.v1':
    '{"AuditAnnotation":{"d":"io.k8s.api.admissionregistration.v1","f":[["key",1,"string","oar"],["valueExpression",2,"string","oar"]]},"ExpressionWarning":{"d":"io.k8s.api.admissionregistration.v1","f":[["fieldRef",2,"string","oar"],["warning",3,"string","oar"]]},"MatchCondition":{"d":"io.k8s.api.admissionregistration.v1","f":[["name",1,"string","oar"],["expression",2,"string","oar"]]},"MatchResources":{"d":"io.k8s.api.admissionregistration.v1","f":[["namespaceSelector",1,"meta.v1.LabelSelector","op"],["objectSelector",2,"meta.v1.LabelSelector","op"],["resourceRules",3,"NamedRuleWithOperations","le",{"l":"atomic"}],["excludeResourceRules",4,"NamedRuleWithOperations","le",{"l":"atomic"}],["matchPolicy",7,"string","op",{"e":["Equivalent","Exact"],"t":"v1.MatchPolicyType"}]],"a":1},"MutatingWebhook":{"d":"io.k8s.api.admissionregistration.v1","f":[["name",1,"string","oar"],["clientConfig",2,"WebhookClientConfig","oar"],["rules",3,"RuleWithOperations","le",{"l":"atomic"}],["failurePolicy",4,"string","op",{"e":["Fail","Ignore"],"t":"v1.FailurePolicyType"}],["matchPolicy",9,"string","op",{"e":["Equivalent","Exact"],"t":"v1.MatchPolicyType"}],["namespaceSelector",5,"meta.v1.LabelSelector","op"],["objectSelector",11,"meta.v1.LabelSelector","op"],["sideEffects",6,"string","onr",{"e":["None","NoneOnDryRun","Some","Unknown"],"t":"v1.SideEffectClass"}],["timeoutSeconds",7,"int32","op"],["admissionReviewVersions",8,"string","lar",{"l":"atomic"}],["reinvocationPolicy",10,"string","op",{"t":"v1.ReinvocationPolicyType"}],["matchConditions",12,"MatchCondition","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}]]},"MutatingWebhookConfiguration":{"d":"io.k8s.api.admissionregistration.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["webhooks",2,"MutatingWebhook","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}]],"v":["admissionregistration.k8s.io/v1"]},"MutatingWebhookConfigurationList":{"d":"io.k8s.api.admissionregistration.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"MutatingWebhookConfiguration","lar"]],"v":["admissionregistration.k8s.io/v1"]},"NamedRuleWithOperations":{"d":"io.k8s.api.admissionregistration.v1","f":[["resourceNames",1,"string","le",{"l":"atomic"}],["ruleWithOperations",2,"RuleWithOperations","opi"]],"a":1},"ParamKind":{"d":"io.k8s.api.admissionregistration.v1","f":[["apiVersion",1,"string","oe"],["kind",2,"string","oe"]],"a":1},"ParamRef":{"d":"io.k8s.api.admissionregistration.v1","f":[["name",1,"string","oe"],["namespace",2,"string","oe"],["selector",3,"meta.v1.LabelSelector","op"],["parameterNotFoundAction",4,"string","op",{"t":"v1.ParameterNotFoundActionType"}]],"a":1},"Rule":{"d":"io.k8s.api.admissionregistration.v1","f":[["apiGroups",1,"string","le",{"l":"atomic"}],["apiVersions",2,"string","le",{"l":"atomic"}],["resources",3,"string","le",{"l":"atomic"}],["scope",4,"string","op",{"t":"v1.ScopeType"}]]},"RuleWithOperations":{"d":"io.k8s.api.admissionregistration.v1","f":[["operations",1,"string","le",{"e":["*","CONNECT","CREATE","DELETE","UPDATE"],"l":"atomic","t":"[]v1.OperationType"}],["rule",2,"Rule","opi"]]},"ServiceReference":{"d":"io.k8s.api.admissionregistration.v1","f":[["namespace",1,"string","oar"],["name",2,"string","oar"],["path",3,"string","op"],["port",4,"int32","op"]]},"TypeChecking":{"d":"io.k8s.api.admissionregistration.v1","f":[["expressionWarnings",1,"ExpressionWarning","le",{"l":"atomic"}]]},"ValidatingAdmissionPolicy":{"d":"io.k8s.api.admissionregistration.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ValidatingAdmissionPolicySpec","oa"],["status",3,"ValidatingAdmissionPolicyStatus","oa"]],"v":["admissionregistration.k8s.io/v1"]},"ValidatingAdmissionPolicyBinding":{"d":"io.k8s.api.admissionregistration.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ValidatingAdmissionPolicyBindingSpec","oa"]],"v":["admissionregistration.k8s.io/v1"]},"ValidatingAdmissionPolicyBindingList":{"d":"io.k8s.api.admissionregistration.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ValidatingAdmissionPolicyBinding","lar"]],"v":["admissionregistration.k8s.io/v1"]},"ValidatingAdmissionPolicyBindingSpec":{"d":"io.k8s.api.admissionregistration.v1","f":[["policyName",1,"string","oe"],["paramRef",2,"ParamRef","op"],["matchResources",3,"MatchResources","op"],["validationActions",4,"string","le",{"e":["Audit","Deny","Warn"],"l":"set","t":"[]v1.ValidationAction"}]]},"ValidatingAdmissionPolicyList":{"d":"io.k8s.api.admissionregistration.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ValidatingAdmissionPolicy","lar"]],"v":["admissionregistration.k8s.io/v1"]},"ValidatingAdmissionPolicySpec":{"d":"io.k8s.api.admissionregistration.v1","f":[["paramKind",1,"ParamKind","op"],["matchConstraints",2,"MatchResources","op"],["validations",3,"Validation","le",{"l":"atomic"}],["failurePolicy",4,"string","op",{"e":["Fail","Ignore"],"t":"v1.FailurePolicyType"}],["auditAnnotations",5,"AuditAnnotation","le",{"l":"atomic"}],["matchConditions",6,"MatchCondition","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}],["variables",7,"Variable","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}]]},"ValidatingAdmissionPolicyStatus":{"d":"io.k8s.api.admissionregistration.v1","f":[["observedGeneration",1,"int64","oe"],["typeChecking",2,"TypeChecking","op"],["conditions",3,"meta.v1.Condition","le",{"l":"map","k":["type"]}]]},"ValidatingWebhook":{"d":"io.k8s.api.admissionregistration.v1","f":[["name",1,"string","oar"],["clientConfig",2,"WebhookClientConfig","oar"],["rules",3,"RuleWithOperations","le",{"l":"atomic"}],["failurePolicy",4,"string","op",{"e":["Fail","Ignore"],"t":"v1.FailurePolicyType"}],["matchPolicy",9,"string","op",{"e":["Equivalent","Exact"],"t":"v1.MatchPolicyType"}],["namespaceSelector",5,"meta.v1.LabelSelector","op"],["objectSelector",10,"meta.v1.LabelSelector","op"],["sideEffects",6,"string","onr",{"e":["None","NoneOnDryRun","Some","Unknown"],"t":"v1.SideEffectClass"}],["timeoutSeconds",7,"int32","op"],["admissionReviewVersions",8,"string","lar",{"l":"atomic"}],["matchConditions",11,"MatchCondition","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}]]},"ValidatingWebhookConfiguration":{"d":"io.k8s.api.admissionregistration.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["webhooks",2,"ValidatingWebhook","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}]],"v":["admissionregistration.k8s.io/v1"]},"ValidatingWebhookConfigurationList":{"d":"io.k8s.api.admissionregistration.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ValidatingWebhookConfiguration","lar"]],"v":["admissionregistration.k8s.io/v1"]},"Validation":{"d":"io.k8s.api.admissionregistration.v1","f":[["expression",1,"string","oar"],["message",2,"string","oe"],["reason",3,"string","op",{"t":"v1.StatusReason"}],["messageExpression",4,"string","oe"]]},"Variable":{"d":"io.k8s.api.admissionregistration.v1","f":[["name",1,"string","oar"],["expression",2,"string","oar"]],"a":1},"WebhookClientConfig":{"d":"io.k8s.api.admissionregistration.v1","f":[["url",3,"string","op"],["service",1,"ServiceReference","op"],["caBundle",2,"bytes","oe"]]}}',
  'admissionregistration.v1alpha1':
    '{"ApplyConfiguration":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["expression",1,"string","oe"]]},"AuditAnnotation":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["key",1,"string","oar"],["valueExpression",2,"string","oar"]]},"ExpressionWarning":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["fieldRef",2,"string","oar"],["warning",3,"string","oar"]]},"Initializer":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["name",1,"string","oa"],["rules",2,"Rule","le"]],"g":1},"InitializerConfiguration":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["initializers",2,"Initializer","le",{"p":["merge"],"y":"name"}]],"g":1,"v":["admissionregistration.k8s.io/v1alpha1"]},"InitializerConfigurationList":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"InitializerConfiguration","la"]],"g":1,"v":["admissionregistration.k8s.io/v1alpha1"]},"JSONPatch":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["expression",1,"string","oe"]]},"MatchCondition":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["name",1,"string","oar"],["expression",2,"string","oar"]]},"MatchResources":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["namespaceSelector",1,"meta.v1.LabelSelector","op"],["objectSelector",2,"meta.v1.LabelSelector","op"],["resourceRules",3,"NamedRuleWithOperations","le",{"l":"atomic"}],["excludeResourceRules",4,"NamedRuleWithOperations","le",{"l":"atomic"}],["matchPolicy",7,"string","op",{"e":["Equivalent","Exact"],"t":"v1alpha1.MatchPolicyType"}]],"a":1},"MutatingAdmissionPolicy":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"MutatingAdmissionPolicySpec","oa"]],"v":["admissionregistration.k8s.io/v1alpha1"]},"MutatingAdmissionPolicyBinding":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"MutatingAdmissionPolicyBindingSpec","oa"]],"v":["admissionregistration.k8s.io/v1alpha1"]},"MutatingAdmissionPolicyBindingList":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"MutatingAdmissionPolicyBinding","lar"]],"v":["admissionregistration.k8s.io/v1alpha1"]},"MutatingAdmissionPolicyBindingSpec":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["policyName",1,"string","oe"],["paramRef",2,"ParamRef","op"],["matchResources",3,"MatchResources","op"]]},"MutatingAdmissionPolicyList":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"MutatingAdmissionPolicy","lar"]],"v":["admissionregistration.k8s.io/v1alpha1"]},"MutatingAdmissionPolicySpec":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["paramKind",1,"ParamKind","op"],["matchConstraints",2,"MatchResources","op"],["variables",3,"Variable","le",{"l":"atomic"}],["mutations",4,"Mutation","le",{"l":"atomic"}],["failurePolicy",5,"string","op",{"e":["Fail","Ignore"],"t":"v1alpha1.FailurePolicyType"}],["matchConditions",6,"MatchCondition","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}],["reinvocationPolicy",7,"string","oe",{"t":"v1alpha1.ReinvocationPolicyType"}]]},"Mutation":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["patchType",2,"string","oar",{"e":["ApplyConfiguration","JSONPatch"],"t":"v1alpha1.PatchType"}],["applyConfiguration",3,"ApplyConfiguration","op"],["jsonPatch",4,"JSONPatch","op"]]},"NamedRuleWithOperations":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["resourceNames",1,"string","le",{"l":"atomic"}],["ruleWithOperations",2,"admissionregistration.v1.RuleWithOperations","opi"]],"a":1},"ParamKind":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["apiVersion",1,"string","oe"],["kind",2,"string","oe"]],"a":1},"ParamRef":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["name",1,"string","oe"],["namespace",2,"string","oe"],["selector",3,"meta.v1.LabelSelector","op"],["parameterNotFoundAction",4,"string","op",{"e":["Allow","Deny"],"t":"v1alpha1.ParameterNotFoundActionType"}]],"a":1},"Rule":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["apiGroups",1,"string","le"],["apiVersions",2,"string","le"],["resources",3,"string","le"]],"g":1},"TypeChecking":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["expressionWarnings",1,"ExpressionWarning","le",{"l":"atomic"}]]},"ValidatingAdmissionPolicy":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ValidatingAdmissionPolicySpec","oa"],["status",3,"ValidatingAdmissionPolicyStatus","oa"]],"v":["admissionregistration.k8s.io/v1alpha1"]},"ValidatingAdmissionPolicyBinding":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ValidatingAdmissionPolicyBindingSpec","oa"]],"v":["admissionregistration.k8s.io/v1alpha1"]},"ValidatingAdmissionPolicyBindingList":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ValidatingAdmissionPolicyBinding","lar"]],"v":["admissionregistration.k8s.io/v1alpha1"]},"ValidatingAdmissionPolicyBindingSpec":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["policyName",1,"string","oe"],["paramRef",2,"ParamRef","op"],["matchResources",3,"MatchResources","op"],["validationActions",4,"string","le",{"e":["Audit","Deny","Warn"],"l":"set","t":"[]v1alpha1.ValidationAction"}]]},"ValidatingAdmissionPolicyList":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ValidatingAdmissionPolicy","lar"]],"v":["admissionregistration.k8s.io/v1alpha1"]},"ValidatingAdmissionPolicySpec":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["paramKind",1,"ParamKind","op"],["matchConstraints",2,"MatchResources","op"],["validations",3,"Validation","le",{"l":"atomic"}],["failurePolicy",4,"string","op",{"e":["Fail","Ignore"],"t":"v1alpha1.FailurePolicyType"}],["auditAnnotations",5,"AuditAnnotation","le",{"l":"atomic"}],["matchConditions",6,"MatchCondition","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}],["variables",7,"Variable","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}]]},"ValidatingAdmissionPolicyStatus":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["observedGeneration",1,"int64","oe"],["typeChecking",2,"TypeChecking","op"],["conditions",3,"meta.v1.Condition","le",{"l":"map","k":["type"]}]]},"Validation":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["expression",1,"string","oar"],["message",2,"string","oe"],["reason",3,"string","op",{"t":"v1.StatusReason"}],["messageExpression",4,"string","oe"]]},"Variable":{"d":"io.k8s.api.admissionregistration.v1alpha1","f":[["name",1,"string","oar"],["expression",2,"string","oar"]]}}',
  'admissionregistration.v1beta1':
    '{"ApplyConfiguration":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["expression",1,"string","oe"]]},"AuditAnnotation":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["key",1,"string","oar"],["valueExpression",2,"string","oar"]]},"ExpressionWarning":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["fieldRef",2,"string","oar"],["warning",3,"string","oar"]]},"JSONPatch":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["expression",1,"string","oe"]]},"MatchCondition":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["name",1,"string","oar"],["expression",2,"string","oar"]]},"MatchResources":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["namespaceSelector",1,"meta.v1.LabelSelector","op"],["objectSelector",2,"meta.v1.LabelSelector","op"],["resourceRules",3,"NamedRuleWithOperations","le",{"l":"atomic"}],["excludeResourceRules",4,"NamedRuleWithOperations","le",{"l":"atomic"}],["matchPolicy",7,"string","op",{"t":"v1beta1.MatchPolicyType"}]],"a":1},"MutatingAdmissionPolicy":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"MutatingAdmissionPolicySpec","oa"]],"v":["admissionregistration.k8s.io/v1beta1"]},"MutatingAdmissionPolicyBinding":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"MutatingAdmissionPolicyBindingSpec","oa"]],"v":["admissionregistration.k8s.io/v1beta1"]},"MutatingAdmissionPolicyBindingList":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"MutatingAdmissionPolicyBinding","lar"]],"v":["admissionregistration.k8s.io/v1beta1"]},"MutatingAdmissionPolicyBindingSpec":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["policyName",1,"string","oe"],["paramRef",2,"ParamRef","op"],["matchResources",3,"MatchResources","op"]]},"MutatingAdmissionPolicyList":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"MutatingAdmissionPolicy","lar"]],"v":["admissionregistration.k8s.io/v1beta1"]},"MutatingAdmissionPolicySpec":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["paramKind",1,"ParamKind","op"],["matchConstraints",2,"MatchResources","op"],["variables",3,"Variable","le",{"l":"atomic"}],["mutations",4,"Mutation","le",{"l":"atomic"}],["failurePolicy",5,"string","op",{"t":"v1beta1.FailurePolicyType"}],["matchConditions",6,"MatchCondition","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}],["reinvocationPolicy",7,"string","oe",{"t":"v1beta1.ReinvocationPolicyType"}]]},"MutatingWebhook":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["name",1,"string","oar"],["clientConfig",2,"WebhookClientConfig","oar"],["rules",3,"admissionregistration.v1.RuleWithOperations","le",{"l":"atomic","t":"[]v1beta1.RuleWithOperations"}],["failurePolicy",4,"string","op",{"t":"v1beta1.FailurePolicyType"}],["matchPolicy",9,"string","op",{"t":"v1beta1.MatchPolicyType"}],["namespaceSelector",5,"meta.v1.LabelSelector","op"],["objectSelector",11,"meta.v1.LabelSelector","op"],["sideEffects",6,"string","op",{"t":"v1beta1.SideEffectClass"}],["timeoutSeconds",7,"int32","op"],["admissionReviewVersions",8,"string","le",{"l":"atomic"}],["reinvocationPolicy",10,"string","op",{"t":"v1beta1.ReinvocationPolicyType"}],["matchConditions",12,"MatchCondition","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}]]},"MutatingWebhookConfiguration":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["webhooks",2,"MutatingWebhook","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}]],"v":["admissionregistration.k8s.io/v1beta1"]},"MutatingWebhookConfigurationList":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"MutatingWebhookConfiguration","lar"]],"v":["admissionregistration.k8s.io/v1beta1"]},"Mutation":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["patchType",2,"string","oar",{"e":["ApplyConfiguration","JSONPatch"],"t":"v1beta1.PatchType"}],["applyConfiguration",3,"ApplyConfiguration","op"],["jsonPatch",4,"JSONPatch","op"]]},"NamedRuleWithOperations":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["resourceNames",1,"string","le",{"l":"atomic"}],["ruleWithOperations",2,"admissionregistration.v1.RuleWithOperations","opi"]],"a":1},"ParamKind":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["apiVersion",1,"string","oe"],["kind",2,"string","oe"]],"a":1},"ParamRef":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["name",1,"string","oe"],["namespace",2,"string","oe"],["selector",3,"meta.v1.LabelSelector","op"],["parameterNotFoundAction",4,"string","op",{"t":"v1beta1.ParameterNotFoundActionType"}]],"a":1},"Rule":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["apiGroups",1,"string","le"],["apiVersions",2,"string","le"],["resources",3,"string","le"],["scope",4,"string","op",{"t":"v1beta1.ScopeType"}]],"g":1},"RuleWithOperations":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["operations",1,"string","le",{"t":"[]v1beta1.OperationType"}],["rule",2,"Rule","opi"]],"g":1},"ServiceReference":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["namespace",1,"string","oar"],["name",2,"string","oar"],["path",3,"string","op"],["port",4,"int32","op"]]},"TypeChecking":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["expressionWarnings",1,"ExpressionWarning","le",{"l":"atomic"}]]},"ValidatingAdmissionPolicy":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ValidatingAdmissionPolicySpec","oa"],["status",3,"ValidatingAdmissionPolicyStatus","oa"]],"v":["admissionregistration.k8s.io/v1beta1"]},"ValidatingAdmissionPolicyBinding":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ValidatingAdmissionPolicyBindingSpec","oa"]],"v":["admissionregistration.k8s.io/v1beta1"]},"ValidatingAdmissionPolicyBindingList":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ValidatingAdmissionPolicyBinding","lar"]],"v":["admissionregistration.k8s.io/v1beta1"]},"ValidatingAdmissionPolicyBindingSpec":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["policyName",1,"string","oe"],["paramRef",2,"ParamRef","op"],["matchResources",3,"MatchResources","op"],["validationActions",4,"string","le",{"e":["Audit","Deny","Warn"],"l":"set","t":"[]v1beta1.ValidationAction"}]]},"ValidatingAdmissionPolicyList":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ValidatingAdmissionPolicy","lar"]],"v":["admissionregistration.k8s.io/v1beta1"]},"ValidatingAdmissionPolicySpec":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["paramKind",1,"ParamKind","op"],["matchConstraints",2,"MatchResources","op"],["validations",3,"Validation","le",{"l":"atomic"}],["failurePolicy",4,"string","op",{"t":"v1beta1.FailurePolicyType"}],["auditAnnotations",5,"AuditAnnotation","le",{"l":"atomic"}],["matchConditions",6,"MatchCondition","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}],["variables",7,"Variable","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}]]},"ValidatingAdmissionPolicyStatus":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["observedGeneration",1,"int64","oe"],["typeChecking",2,"TypeChecking","op"],["conditions",3,"meta.v1.Condition","le",{"l":"map","k":["type"]}]]},"ValidatingWebhook":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["name",1,"string","oar"],["clientConfig",2,"WebhookClientConfig","oar"],["rules",3,"admissionregistration.v1.RuleWithOperations","le",{"l":"atomic","t":"[]v1beta1.RuleWithOperations"}],["failurePolicy",4,"string","op",{"t":"v1beta1.FailurePolicyType"}],["matchPolicy",9,"string","op",{"t":"v1beta1.MatchPolicyType"}],["namespaceSelector",5,"meta.v1.LabelSelector","op"],["objectSelector",10,"meta.v1.LabelSelector","op"],["sideEffects",6,"string","op",{"l":"atomic","t":"v1beta1.SideEffectClass"}],["timeoutSeconds",7,"int32","op"],["admissionReviewVersions",8,"string","le",{"l":"atomic"}],["matchConditions",11,"MatchCondition","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}]]},"ValidatingWebhookConfiguration":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["webhooks",2,"ValidatingWebhook","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}]],"v":["admissionregistration.k8s.io/v1beta1"]},"ValidatingWebhookConfigurationList":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ValidatingWebhookConfiguration","lar"]],"v":["admissionregistration.k8s.io/v1beta1"]},"Validation":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["expression",1,"string","oar"],["message",2,"string","oe"],["reason",3,"string","op",{"t":"v1.StatusReason"}],["messageExpression",4,"string","oe"]]},"Variable":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["name",1,"string","oar"],["expression",2,"string","oar"]],"a":1},"Webhook":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["name",1,"string","oa"],["clientConfig",2,"WebhookClientConfig","oa"],["rules",3,"RuleWithOperations","le"],["failurePolicy",4,"string","op",{"t":"v1beta1.FailurePolicyType"}],["namespaceSelector",5,"meta.v1.LabelSelector","op"],["sideEffects",6,"string","op",{"t":"v1beta1.SideEffectClass"}],["timeoutSeconds",7,"int32","op"],["admissionReviewVersions",8,"string","le"]],"g":1},"WebhookClientConfig":{"d":"io.k8s.api.admissionregistration.v1beta1","f":[["url",3,"string","op"],["service",1,"ServiceReference","op"],["caBundle",2,"bytes","oe"]]}}',
  'apidiscovery.v2':
    '{"APIGroupDiscovery":{"d":"io.k8s.api.apidiscovery.v2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["versions",2,"APIVersionDiscovery","le",{"l":"map","k":["version"]}]],"v":["apidiscovery.k8s.io/v2"]},"APIGroupDiscoveryList":{"d":"io.k8s.api.apidiscovery.v2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"APIGroupDiscovery","lar"]],"v":["apidiscovery.k8s.io/v2"]},"APIResourceDiscovery":{"d":"io.k8s.api.apidiscovery.v2","f":[["resource",1,"string","oar"],["responseKind",2,"meta.v1.GroupVersionKind","op"],["scope",3,"string","oar",{"t":"v2.ResourceScope"}],["singularResource",4,"string","oar"],["verbs",5,"string","lar",{"l":"set"}],["shortNames",6,"string","le",{"l":"set"}],["categories",7,"string","le",{"l":"set"}],["subresources",8,"APISubresourceDiscovery","le",{"l":"map","k":["subresource"]}]]},"APISubresourceDiscovery":{"d":"io.k8s.api.apidiscovery.v2","f":[["subresource",1,"string","oar"],["responseKind",2,"meta.v1.GroupVersionKind","op"],["acceptedTypes",3,"meta.v1.GroupVersionKind","le",{"l":"map","k":["group","version","kind"]}],["verbs",4,"string","lar",{"l":"set"}]]},"APIVersionDiscovery":{"d":"io.k8s.api.apidiscovery.v2","f":[["version",1,"string","oar"],["resources",2,"APIResourceDiscovery","le",{"l":"map","k":["resource"]}],["freshness",3,"string","oe",{"t":"v2.DiscoveryFreshness"}]]}}',
  'apidiscovery.v2beta1':
    '{"APIGroupDiscovery":{"d":"io.k8s.api.apidiscovery.v2beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["versions",2,"APIVersionDiscovery","le",{"l":"map","k":["version"]}]],"v":["apidiscovery.k8s.io/v2beta1"]},"APIGroupDiscoveryList":{"d":"io.k8s.api.apidiscovery.v2beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"APIGroupDiscovery","lar"]],"v":["apidiscovery.k8s.io/v2beta1"]},"APIResourceDiscovery":{"d":"io.k8s.api.apidiscovery.v2beta1","f":[["resource",1,"string","oar"],["responseKind",2,"meta.v1.GroupVersionKind","op"],["scope",3,"string","oar",{"t":"v2beta1.ResourceScope"}],["singularResource",4,"string","oar"],["verbs",5,"string","lar",{"l":"set"}],["shortNames",6,"string","le",{"l":"set"}],["categories",7,"string","le",{"l":"set"}],["subresources",8,"APISubresourceDiscovery","le",{"l":"map","k":["subresource"]}]]},"APISubresourceDiscovery":{"d":"io.k8s.api.apidiscovery.v2beta1","f":[["subresource",1,"string","oar"],["responseKind",2,"meta.v1.GroupVersionKind","op"],["acceptedTypes",3,"meta.v1.GroupVersionKind","le",{"l":"map","k":["group","version","kind"]}],["verbs",4,"string","lar",{"l":"set"}]]},"APIVersionDiscovery":{"d":"io.k8s.api.apidiscovery.v2beta1","f":[["version",1,"string","oar"],["resources",2,"APIResourceDiscovery","le",{"l":"map","k":["resource"]}],["freshness",3,"string","oe",{"t":"v2beta1.DiscoveryFreshness"}]]}}',
  'apiextensions.v1':
    '{"ConversionRequest":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["uid",1,"string","oar",{"t":"types.UID"}],["desiredAPIVersion",2,"string","oar"],["objects",3,"machinery.RawExtension","lar",{"l":"atomic"}]]},"ConversionResponse":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["uid",1,"string","oar",{"t":"types.UID"}],["convertedObjects",2,"machinery.RawExtension","lar",{"l":"atomic"}],["result",3,"meta.v1.Status","oar"]]},"ConversionReview":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["request",1,"ConversionRequest","op"],["response",2,"ConversionResponse","op"]],"v":["apiextensions.k8s.io/v1"]},"CustomResourceColumnDefinition":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["name",1,"string","oar"],["type",2,"string","oar"],["format",3,"string","oe"],["description",4,"string","oe"],["priority",5,"int32","oe"],["jsonPath",6,"string","oar"]]},"CustomResourceConversion":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["strategy",1,"string","oar",{"t":"v1.ConversionStrategyType"}],["webhook",2,"WebhookConversion","op"]]},"CustomResourceDefinition":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"CustomResourceDefinitionSpec","oar"],["status",3,"CustomResourceDefinitionStatus","oa"]],"v":["apiextensions.k8s.io/v1"]},"CustomResourceDefinitionCondition":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["type",1,"string","oar",{"t":"v1.CustomResourceDefinitionConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"CustomResourceDefinitionList":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"CustomResourceDefinition","lar"]],"v":["apiextensions.k8s.io/v1"]},"CustomResourceDefinitionNames":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["plural",1,"string","oar"],["singular",2,"string","oe"],["shortNames",3,"string","le",{"l":"atomic"}],["kind",4,"string","oar"],["listKind",5,"string","oe"],["categories",6,"string","le",{"l":"atomic"}]]},"CustomResourceDefinitionSpec":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["group",1,"string","oar"],["names",3,"CustomResourceDefinitionNames","oar"],["scope",4,"string","oar",{"t":"v1.ResourceScope"}],["versions",7,"CustomResourceDefinitionVersion","lar",{"l":"atomic"}],["conversion",9,"CustomResourceConversion","op"],["preserveUnknownFields",10,"bool","oe"]]},"CustomResourceDefinitionStatus":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["conditions",1,"CustomResourceDefinitionCondition","la",{"l":"map","k":["type"]}],["acceptedNames",2,"CustomResourceDefinitionNames","oa"],["storedVersions",3,"string","la",{"l":"atomic"}]]},"CustomResourceDefinitionVersion":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["name",1,"string","oar"],["served",2,"bool","oar"],["storage",3,"bool","oar"],["schema",4,"CustomResourceValidation","op"],["subresources",5,"CustomResourceSubresources","op"],["additionalPrinterColumns",6,"CustomResourceColumnDefinition","le",{"l":"atomic"}],["deprecated",7,"bool","oe"],["deprecationWarning",8,"string","op"],["selectableFields",9,"SelectableField","le",{"l":"atomic"}]]},"CustomResourceSubresourceScale":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["specReplicasPath",1,"string","oar"],["statusReplicasPath",2,"string","oar"],["labelSelectorPath",3,"string","op"]]},"CustomResourceSubresourceStatus":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[]},"CustomResourceSubresources":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["status",1,"CustomResourceSubresourceStatus","op"],["scale",2,"CustomResourceSubresourceScale","op"]]},"CustomResourceValidation":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["openAPIV3Schema",1,"JSONSchemaProps","op"]]},"ExternalDocumentation":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["description",1,"string","oe"],["url",2,"string","oe"]]},"JSON":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["raw",1,"bytes","oe"]],"s":"JSON_VALUE"},"JSONSchemaProps":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["id",1,"string","oe"],["$schema",2,"string","oe",{"t":"v1.JSONSchemaURL"}],["$ref",3,"string","op"],["description",4,"string","oe"],["type",5,"string","oe"],["format",6,"string","oe"],["title",7,"string","oe"],["default",8,"JSON","op"],["maximum",9,"double","op"],["exclusiveMaximum",10,"bool","oe"],["minimum",11,"double","op"],["exclusiveMinimum",12,"bool","oe"],["maxLength",13,"int64","op"],["minLength",14,"int64","op"],["pattern",15,"string","oe"],["maxItems",16,"int64","op"],["minItems",17,"int64","op"],["uniqueItems",18,"bool","oe"],["multipleOf",19,"double","op"],["enum",20,"JSON","le",{"l":"atomic"}],["maxProperties",21,"int64","op"],["minProperties",22,"int64","op"],["required",23,"string","le",{"l":"atomic"}],["items",24,"JSONSchemaPropsOrArray","opb"],["allOf",25,"JSONSchemaProps","le",{"l":"atomic"}],["oneOf",26,"JSONSchemaProps","le",{"l":"atomic"}],["anyOf",27,"JSONSchemaProps","le",{"l":"atomic"}],["not",28,"JSONSchemaProps","opb"],["properties",29,"JSONSchemaProps","me"],["additionalProperties",30,"JSONSchemaPropsOrBool","opb"],["patternProperties",31,"JSONSchemaProps","me"],["dependencies",32,"JSONSchemaPropsOrStringArray","me",{"t":"v1.JSONSchemaDependencies"}],["additionalItems",33,"JSONSchemaPropsOrBool","opb"],["definitions",34,"JSONSchemaProps","me",{"t":"v1.JSONSchemaDefinitions"}],["externalDocs",35,"ExternalDocumentation","opb"],["example",36,"JSON","opb"],["nullable",37,"bool","oe"],["x-kubernetes-preserve-unknown-fields",38,"bool","op"],["x-kubernetes-embedded-resource",39,"bool","oe"],["x-kubernetes-int-or-string",40,"bool","oe"],["x-kubernetes-list-map-keys",41,"string","le",{"l":"atomic"}],["x-kubernetes-list-type",42,"string","op"],["x-kubernetes-map-type",43,"string","op"],["x-kubernetes-validations",44,"ValidationRule","le",{"l":"map","k":["rule"],"p":["merge"],"y":"rule","t":"v1.ValidationRules"}]]},"JSONSchemaPropsOrArray":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["schema",1,"JSONSchemaProps","op"],["jSONSchemas",2,"JSONSchemaProps","le"]],"s":"SCHEMA_OR_ARRAY"},"JSONSchemaPropsOrBool":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["allows",1,"bool","oe"],["schema",2,"JSONSchemaProps","op"]],"s":"SCHEMA_OR_BOOL"},"JSONSchemaPropsOrStringArray":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["schema",1,"JSONSchemaProps","op"],["property",2,"string","le"]],"s":"SCHEMA_OR_STRING_ARRAY"},"SelectableField":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["jsonPath",1,"string","oar"]]},"ServiceReference":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["namespace",1,"string","oar"],["name",2,"string","oar"],["path",3,"string","op"],["port",4,"int32","op"]]},"ValidationRule":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["rule",1,"string","oar"],["message",2,"string","oe"],["messageExpression",3,"string","oe"],["reason",4,"string","op",{"e":["FieldValueDuplicate","FieldValueForbidden","FieldValueInvalid","FieldValueRequired"],"t":"v1.FieldValueErrorReason"}],["fieldPath",5,"string","oe"],["optionalOldSelf",6,"bool","op"]]},"WebhookClientConfig":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["service",1,"ServiceReference","op"],["caBundle",2,"bytes","oe"],["url",3,"string","op"]]},"WebhookConversion":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1","f":[["clientConfig",2,"WebhookClientConfig","op"],["conversionReviewVersions",3,"string","lar",{"l":"atomic"}]]}}',
  'apiextensions.v1beta1':
    '{"ConversionRequest":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["uid",1,"string","oar",{"t":"types.UID"}],["desiredAPIVersion",2,"string","oar"],["objects",3,"machinery.RawExtension","lar",{"l":"atomic"}]]},"ConversionResponse":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["uid",1,"string","oar",{"t":"types.UID"}],["convertedObjects",2,"machinery.RawExtension","lar",{"l":"atomic"}],["result",3,"meta.v1.Status","oar"]]},"ConversionReview":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["request",1,"ConversionRequest","op"],["response",2,"ConversionResponse","op"]],"v":["apiextensions.k8s.io/v1beta1"]},"CustomResourceColumnDefinition":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["name",1,"string","oar"],["type",2,"string","oar"],["format",3,"string","oe"],["description",4,"string","oe"],["priority",5,"int32","oe"],["JSONPath",6,"string","oar"]]},"CustomResourceConversion":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["strategy",1,"string","oar",{"t":"v1beta1.ConversionStrategyType"}],["webhookClientConfig",2,"WebhookClientConfig","op"],["conversionReviewVersions",3,"string","le",{"l":"atomic"}]]},"CustomResourceDefinition":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"CustomResourceDefinitionSpec","oar"],["status",3,"CustomResourceDefinitionStatus","oa"]],"v":["apiextensions.k8s.io/v1beta1"]},"CustomResourceDefinitionCondition":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["type",1,"string","oar",{"t":"v1beta1.CustomResourceDefinitionConditionType"}],["status",2,"string","oar",{"t":"v1beta1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"CustomResourceDefinitionList":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"CustomResourceDefinition","lar"]],"v":["apiextensions.k8s.io/v1beta1"]},"CustomResourceDefinitionNames":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["plural",1,"string","oar"],["singular",2,"string","oe"],["shortNames",3,"string","le",{"l":"atomic"}],["kind",4,"string","oar"],["listKind",5,"string","oe"],["categories",6,"string","le",{"l":"atomic"}]]},"CustomResourceDefinitionSpec":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["group",1,"string","oar"],["version",2,"string","oe"],["names",3,"CustomResourceDefinitionNames","oar"],["scope",4,"string","oar",{"t":"v1beta1.ResourceScope"}],["validation",5,"CustomResourceValidation","op"],["subresources",6,"CustomResourceSubresources","op"],["versions",7,"CustomResourceDefinitionVersion","le",{"l":"atomic"}],["additionalPrinterColumns",8,"CustomResourceColumnDefinition","le",{"l":"atomic"}],["conversion",9,"CustomResourceConversion","op"],["preserveUnknownFields",10,"bool","op"],["selectableFields",11,"SelectableField","le",{"l":"atomic"}]]},"CustomResourceDefinitionStatus":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["conditions",1,"CustomResourceDefinitionCondition","la",{"l":"map","k":["type"]}],["acceptedNames",2,"CustomResourceDefinitionNames","oa"],["storedVersions",3,"string","la",{"l":"atomic"}]]},"CustomResourceDefinitionVersion":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["name",1,"string","oar"],["served",2,"bool","oar"],["storage",3,"bool","oar"],["schema",4,"CustomResourceValidation","op"],["subresources",5,"CustomResourceSubresources","op"],["additionalPrinterColumns",6,"CustomResourceColumnDefinition","le",{"l":"atomic"}],["deprecated",7,"bool","oe"],["deprecationWarning",8,"string","op"],["selectableFields",9,"SelectableField","le",{"l":"atomic"}]]},"CustomResourceSubresourceScale":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["specReplicasPath",1,"string","oar"],["statusReplicasPath",2,"string","oar"],["labelSelectorPath",3,"string","op"]]},"CustomResourceSubresourceStatus":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[]},"CustomResourceSubresources":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["status",1,"CustomResourceSubresourceStatus","op"],["scale",2,"CustomResourceSubresourceScale","op"]]},"CustomResourceValidation":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["openAPIV3Schema",1,"JSONSchemaProps","op"]]},"ExternalDocumentation":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["description",1,"string","oe"],["url",2,"string","oe"]]},"JSON":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["raw",1,"bytes","oe"]],"s":"JSON_VALUE"},"JSONSchemaProps":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["id",1,"string","oe"],["$schema",2,"string","oe",{"t":"v1beta1.JSONSchemaURL"}],["$ref",3,"string","op"],["description",4,"string","oe"],["type",5,"string","oe"],["format",6,"string","oe"],["title",7,"string","oe"],["default",8,"JSON","op"],["maximum",9,"double","op"],["exclusiveMaximum",10,"bool","oe"],["minimum",11,"double","op"],["exclusiveMinimum",12,"bool","oe"],["maxLength",13,"int64","op"],["minLength",14,"int64","op"],["pattern",15,"string","oe"],["maxItems",16,"int64","op"],["minItems",17,"int64","op"],["uniqueItems",18,"bool","oe"],["multipleOf",19,"double","op"],["enum",20,"JSON","le",{"l":"atomic"}],["maxProperties",21,"int64","op"],["minProperties",22,"int64","op"],["required",23,"string","le",{"l":"atomic"}],["items",24,"JSONSchemaPropsOrArray","op"],["allOf",25,"JSONSchemaProps","le",{"l":"atomic"}],["oneOf",26,"JSONSchemaProps","le",{"l":"atomic"}],["anyOf",27,"JSONSchemaProps","le",{"l":"atomic"}],["not",28,"JSONSchemaProps","op"],["properties",29,"JSONSchemaProps","me"],["additionalProperties",30,"JSONSchemaPropsOrBool","op"],["patternProperties",31,"JSONSchemaProps","me"],["dependencies",32,"JSONSchemaPropsOrStringArray","me",{"t":"v1beta1.JSONSchemaDependencies"}],["additionalItems",33,"JSONSchemaPropsOrBool","op"],["definitions",34,"JSONSchemaProps","me",{"t":"v1beta1.JSONSchemaDefinitions"}],["externalDocs",35,"ExternalDocumentation","op"],["example",36,"JSON","op"],["nullable",37,"bool","oe"],["x-kubernetes-preserve-unknown-fields",38,"bool","op"],["x-kubernetes-embedded-resource",39,"bool","oe"],["x-kubernetes-int-or-string",40,"bool","oe"],["x-kubernetes-list-map-keys",41,"string","le",{"l":"atomic"}],["x-kubernetes-list-type",42,"string","op"],["x-kubernetes-map-type",43,"string","op"],["x-kubernetes-validations",44,"ValidationRule","le",{"l":"map","k":["rule"],"p":["merge"],"y":"rule","t":"v1beta1.ValidationRules"}]]},"JSONSchemaPropsOrArray":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["schema",1,"JSONSchemaProps","op"],["jSONSchemas",2,"JSONSchemaProps","le"]],"s":"SCHEMA_OR_ARRAY"},"JSONSchemaPropsOrBool":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["allows",1,"bool","oe"],["schema",2,"JSONSchemaProps","op"]],"s":"SCHEMA_OR_BOOL"},"JSONSchemaPropsOrStringArray":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["schema",1,"JSONSchemaProps","op"],["property",2,"string","le"]],"s":"SCHEMA_OR_STRING_ARRAY"},"SelectableField":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["jsonPath",1,"string","oar"]]},"ServiceReference":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["namespace",1,"string","oar"],["name",2,"string","oar"],["path",3,"string","op"],["port",4,"int32","op"]]},"ValidationRule":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["rule",1,"string","oar"],["message",2,"string","oe"],["messageExpression",3,"string","oe"],["reason",4,"string","op",{"e":["FieldValueDuplicate","FieldValueForbidden","FieldValueInvalid","FieldValueRequired"],"t":"v1beta1.FieldValueErrorReason"}],["fieldPath",5,"string","oe"],["optionalOldSelf",6,"bool","op"]]},"WebhookClientConfig":{"d":"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1","f":[["service",1,"ServiceReference","op"],["caBundle",2,"bytes","oe"],["url",3,"string","op"]]}}',
  'apiregistration.v1':
    '{"APIService":{"d":"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"APIServiceSpec","oa"],["status",3,"APIServiceStatus","oa"]],"v":["apiregistration.k8s.io/v1"]},"APIServiceCondition":{"d":"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1","f":[["type",1,"string","oar",{"t":"v1.APIServiceConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"APIServiceList":{"d":"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"APIService","lar"]],"v":["apiregistration.k8s.io/v1"]},"APIServiceSpec":{"d":"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1","f":[["service",1,"ServiceReference","op"],["group",2,"string","oe"],["version",3,"string","oe"],["insecureSkipTLSVerify",4,"bool","oe"],["caBundle",5,"bytes","oe",{"l":"atomic"}],["groupPriorityMinimum",7,"int32","oar"],["versionPriority",8,"int32","oar"]]},"APIServiceStatus":{"d":"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1","f":[["conditions",1,"APIServiceCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"ServiceReference":{"d":"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1","f":[["namespace",1,"string","oe"],["name",2,"string","oe"],["port",3,"int32","op"]]}}',
  'apiregistration.v1beta1':
    '{"APIService":{"d":"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"APIServiceSpec","oa"],["status",3,"APIServiceStatus","oa"]],"v":["apiregistration.k8s.io/v1beta1"]},"APIServiceCondition":{"d":"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1","f":[["type",1,"string","oar",{"t":"v1beta1.APIServiceConditionType"}],["status",2,"string","oar",{"t":"v1beta1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"APIServiceList":{"d":"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"APIService","lar"]],"v":["apiregistration.k8s.io/v1beta1"]},"APIServiceSpec":{"d":"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1","f":[["service",1,"ServiceReference","op"],["group",2,"string","oe"],["version",3,"string","oe"],["insecureSkipTLSVerify",4,"bool","oe"],["caBundle",5,"bytes","oe",{"l":"atomic"}],["groupPriorityMinimum",7,"int32","oar"],["versionPriority",8,"int32","oar"]]},"APIServiceStatus":{"d":"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1","f":[["conditions",1,"APIServiceCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"ServiceReference":{"d":"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1","f":[["namespace",1,"string","oe"],["name",2,"string","oe"],["port",3,"int32","op"]]}}',
  'apiserverinternal.v1alpha1':
    '{"ServerStorageVersion":{"d":"io.k8s.api.apiserverinternal.v1alpha1","f":[["apiServerID",1,"string","oe"],["encodingVersion",2,"string","oe"],["decodableVersions",3,"string","le",{"l":"set"}],["servedVersions",4,"string","le",{"l":"set"}]]},"StorageVersion":{"d":"io.k8s.api.apiserverinternal.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"StorageVersionSpec","oar"],["status",3,"StorageVersionStatus","oar"]],"v":["internal.apiserver.k8s.io/v1alpha1"]},"StorageVersionCondition":{"d":"io.k8s.api.apiserverinternal.v1alpha1","f":[["type",1,"string","oar",{"t":"v1alpha1.StorageVersionConditionType"}],["status",2,"string","oar",{"t":"v1alpha1.ConditionStatus"}],["observedGeneration",3,"int64","oe"],["lastTransitionTime",4,"meta.v1.Time","oa"],["reason",5,"string","oar"],["message",6,"string","oer"]]},"StorageVersionList":{"d":"io.k8s.api.apiserverinternal.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"StorageVersion","lar"]],"v":["internal.apiserver.k8s.io/v1alpha1"]},"StorageVersionSpec":{"d":"io.k8s.api.apiserverinternal.v1alpha1","f":[]},"StorageVersionStatus":{"d":"io.k8s.api.apiserverinternal.v1alpha1","f":[["storageVersions",1,"ServerStorageVersion","le",{"l":"map","k":["apiServerID"]}],["commonEncodingVersion",2,"string","op"],["conditions",3,"StorageVersionCondition","le",{"l":"map","k":["type"]}]]}}',
  'apps.v1':
    '{"ControllerRevision":{"d":"io.k8s.api.apps.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["data",2,"machinery.RawExtension","oa"],["revision",3,"int64","oar"]],"v":["apps/v1"]},"ControllerRevisionList":{"d":"io.k8s.api.apps.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ControllerRevision","lar"]],"v":["apps/v1"]},"DaemonSet":{"d":"io.k8s.api.apps.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"DaemonSetSpec","oa"],["status",3,"DaemonSetStatus","oa"]],"v":["apps/v1"]},"DaemonSetCondition":{"d":"io.k8s.api.apps.v1","f":[["type",1,"string","oar",{"t":"v1.DaemonSetConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"DaemonSetList":{"d":"io.k8s.api.apps.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"DaemonSet","lar"]],"v":["apps/v1"]},"DaemonSetSpec":{"d":"io.k8s.api.apps.v1","f":[["selector",1,"meta.v1.LabelSelector","onr"],["template",2,"core.v1.PodTemplateSpec","oar"],["updateStrategy",3,"DaemonSetUpdateStrategy","oa"],["minReadySeconds",4,"int32","oe"],["revisionHistoryLimit",6,"int32","op"]]},"DaemonSetStatus":{"d":"io.k8s.api.apps.v1","f":[["currentNumberScheduled",1,"int32","oar"],["numberMisscheduled",2,"int32","oar"],["desiredNumberScheduled",3,"int32","oar"],["numberReady",4,"int32","oar"],["observedGeneration",5,"int64","oe"],["updatedNumberScheduled",6,"int32","oe"],["numberAvailable",7,"int32","oe"],["numberUnavailable",8,"int32","oe"],["collisionCount",9,"int32","op"],["conditions",10,"DaemonSetCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"DaemonSetUpdateStrategy":{"d":"io.k8s.api.apps.v1","f":[["type",1,"string","oe",{"e":["OnDelete","RollingUpdate"],"t":"v1.DaemonSetUpdateStrategyType"}],["rollingUpdate",2,"RollingUpdateDaemonSet","op"]]},"Deployment":{"d":"io.k8s.api.apps.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"DeploymentSpec","oa"],["status",3,"DeploymentStatus","oa"]],"v":["apps/v1"]},"DeploymentCondition":{"d":"io.k8s.api.apps.v1","f":[["type",1,"string","oar",{"t":"v1.DeploymentConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastUpdateTime",6,"meta.v1.Time","oa"],["lastTransitionTime",7,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"DeploymentList":{"d":"io.k8s.api.apps.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Deployment","lar"]],"v":["apps/v1"]},"DeploymentSpec":{"d":"io.k8s.api.apps.v1","f":[["replicas",1,"int32","op"],["selector",2,"meta.v1.LabelSelector","onr"],["template",3,"core.v1.PodTemplateSpec","oar"],["strategy",4,"DeploymentStrategy","oa",{"p":["retainKeys"]}],["minReadySeconds",5,"int32","oe"],["revisionHistoryLimit",6,"int32","op"],["paused",7,"bool","oe"],["progressDeadlineSeconds",9,"int32","op"]]},"DeploymentStatus":{"d":"io.k8s.api.apps.v1","f":[["observedGeneration",1,"int64","oe"],["replicas",2,"int32","oe"],["updatedReplicas",3,"int32","oe"],["readyReplicas",7,"int32","oe"],["availableReplicas",4,"int32","oe"],["unavailableReplicas",5,"int32","oe"],["terminatingReplicas",9,"int32","op"],["conditions",6,"DeploymentCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}],["collisionCount",8,"int32","op"]]},"DeploymentStrategy":{"d":"io.k8s.api.apps.v1","f":[["type",1,"string","oe",{"e":["Recreate","RollingUpdate"],"t":"v1.DeploymentStrategyType"}],["rollingUpdate",2,"RollingUpdateDeployment","op"]]},"ReplicaSet":{"d":"io.k8s.api.apps.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ReplicaSetSpec","oa"],["status",3,"ReplicaSetStatus","oa"]],"v":["apps/v1"]},"ReplicaSetCondition":{"d":"io.k8s.api.apps.v1","f":[["type",1,"string","oar",{"t":"v1.ReplicaSetConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"ReplicaSetList":{"d":"io.k8s.api.apps.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ReplicaSet","lar"]],"v":["apps/v1"]},"ReplicaSetSpec":{"d":"io.k8s.api.apps.v1","f":[["replicas",1,"int32","op"],["minReadySeconds",4,"int32","oe"],["selector",2,"meta.v1.LabelSelector","onr"],["template",3,"core.v1.PodTemplateSpec","oa"]]},"ReplicaSetStatus":{"d":"io.k8s.api.apps.v1","f":[["replicas",1,"int32","oar"],["fullyLabeledReplicas",2,"int32","oe"],["readyReplicas",4,"int32","oe"],["availableReplicas",5,"int32","oe"],["terminatingReplicas",7,"int32","op"],["observedGeneration",3,"int64","oe"],["conditions",6,"ReplicaSetCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"RollingUpdateDaemonSet":{"d":"io.k8s.api.apps.v1","f":[["maxUnavailable",1,"machinery.IntOrString","op"],["maxSurge",2,"machinery.IntOrString","op"]]},"RollingUpdateDeployment":{"d":"io.k8s.api.apps.v1","f":[["maxUnavailable",1,"machinery.IntOrString","op"],["maxSurge",2,"machinery.IntOrString","op"]]},"RollingUpdateStatefulSetStrategy":{"d":"io.k8s.api.apps.v1","f":[["partition",1,"int32","op"],["maxUnavailable",2,"machinery.IntOrString","op"]]},"StatefulSet":{"d":"io.k8s.api.apps.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"StatefulSetSpec","oa"],["status",3,"StatefulSetStatus","oa"]],"v":["apps/v1"]},"StatefulSetCondition":{"d":"io.k8s.api.apps.v1","f":[["type",1,"string","oar",{"t":"v1.StatefulSetConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"StatefulSetList":{"d":"io.k8s.api.apps.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"StatefulSet","lar"]],"v":["apps/v1"]},"StatefulSetOrdinals":{"d":"io.k8s.api.apps.v1","f":[["start",1,"int32","oa"]]},"StatefulSetPersistentVolumeClaimRetentionPolicy":{"d":"io.k8s.api.apps.v1","f":[["whenDeleted",1,"string","oe",{"t":"v1.PersistentVolumeClaimRetentionPolicyType"}],["whenScaled",2,"string","oe",{"t":"v1.PersistentVolumeClaimRetentionPolicyType"}]]},"StatefulSetSpec":{"d":"io.k8s.api.apps.v1","f":[["replicas",1,"int32","op"],["selector",2,"meta.v1.LabelSelector","onr"],["template",3,"core.v1.PodTemplateSpec","oar"],["volumeClaimTemplates",4,"core.v1.PersistentVolumeClaim","le",{"l":"atomic","v":"v1"}],["serviceName",5,"string","oa"],["podManagementPolicy",6,"string","oe",{"e":["OrderedReady","Parallel"],"t":"v1.PodManagementPolicyType"}],["updateStrategy",7,"StatefulSetUpdateStrategy","oa"],["revisionHistoryLimit",8,"int32","op"],["minReadySeconds",9,"int32","oe"],["persistentVolumeClaimRetentionPolicy",10,"StatefulSetPersistentVolumeClaimRetentionPolicy","op"],["ordinals",11,"StatefulSetOrdinals","op"]]},"StatefulSetStatus":{"d":"io.k8s.api.apps.v1","f":[["observedGeneration",1,"int64","oe"],["replicas",2,"int32","oar"],["readyReplicas",3,"int32","oe"],["currentReplicas",4,"int32","oe"],["updatedReplicas",5,"int32","oe"],["currentRevision",6,"string","oe"],["updateRevision",7,"string","oe"],["collisionCount",9,"int32","op"],["conditions",10,"StatefulSetCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}],["availableReplicas",11,"int32","oa"]]},"StatefulSetUpdateStrategy":{"d":"io.k8s.api.apps.v1","f":[["type",1,"string","oe",{"e":["OnDelete","RollingUpdate"],"t":"v1.StatefulSetUpdateStrategyType"}],["rollingUpdate",2,"RollingUpdateStatefulSetStrategy","op"]]}}',
  'apps.v1beta1':
    '{"ControllerRevision":{"d":"io.k8s.api.apps.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["data",2,"machinery.RawExtension","oa"],["revision",3,"int64","oar"]],"v":["apps/v1beta1"]},"ControllerRevisionList":{"d":"io.k8s.api.apps.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ControllerRevision","lar"]],"v":["apps/v1beta1"]},"Deployment":{"d":"io.k8s.api.apps.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"DeploymentSpec","oa"],["status",3,"DeploymentStatus","oa"]],"v":["apps/v1beta1"]},"DeploymentCondition":{"d":"io.k8s.api.apps.v1beta1","f":[["type",1,"string","oar",{"t":"v1beta1.DeploymentConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastUpdateTime",6,"meta.v1.Time","oa"],["lastTransitionTime",7,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"DeploymentList":{"d":"io.k8s.api.apps.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Deployment","lar"]],"v":["apps/v1beta1"]},"DeploymentRollback":{"d":"io.k8s.api.apps.v1beta1","f":[["name",1,"string","oar"],["updatedAnnotations",2,"string","me"],["rollbackTo",3,"RollbackConfig","oar"]],"v":["apps/v1beta1"]},"DeploymentSpec":{"d":"io.k8s.api.apps.v1beta1","f":[["replicas",1,"int32","op"],["selector",2,"meta.v1.LabelSelector","op"],["template",3,"core.v1.PodTemplateSpec","oar"],["strategy",4,"DeploymentStrategy","oa",{"p":["retainKeys"]}],["minReadySeconds",5,"int32","oe"],["revisionHistoryLimit",6,"int32","op"],["paused",7,"bool","oe"],["rollbackTo",8,"RollbackConfig","op"],["progressDeadlineSeconds",9,"int32","op"]]},"DeploymentStatus":{"d":"io.k8s.api.apps.v1beta1","f":[["observedGeneration",1,"int64","oe"],["replicas",2,"int32","oe"],["updatedReplicas",3,"int32","oe"],["readyReplicas",7,"int32","oe"],["availableReplicas",4,"int32","oe"],["unavailableReplicas",5,"int32","oe"],["terminatingReplicas",9,"int32","op"],["conditions",6,"DeploymentCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}],["collisionCount",8,"int32","op"]]},"DeploymentStrategy":{"d":"io.k8s.api.apps.v1beta1","f":[["type",1,"string","oe",{"t":"v1beta1.DeploymentStrategyType"}],["rollingUpdate",2,"RollingUpdateDeployment","op"]]},"RollbackConfig":{"d":"io.k8s.api.apps.v1beta1","f":[["revision",1,"int64","oe"]]},"RollingUpdateDeployment":{"d":"io.k8s.api.apps.v1beta1","f":[["maxUnavailable",1,"machinery.IntOrString","op"],["maxSurge",2,"machinery.IntOrString","op"]]},"RollingUpdateStatefulSetStrategy":{"d":"io.k8s.api.apps.v1beta1","f":[["partition",1,"int32","op"],["maxUnavailable",2,"machinery.IntOrString","op"]]},"Scale":{"d":"io.k8s.api.apps.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ScaleSpec","oa"],["status",3,"ScaleStatus","oa"]],"v":["apps/v1beta1"]},"ScaleSpec":{"d":"io.k8s.api.apps.v1beta1","f":[["replicas",1,"int32","oe",{"d":0}]]},"ScaleStatus":{"d":"io.k8s.api.apps.v1beta1","f":[["replicas",1,"int32","oar"],["selector",2,"string","me"],["targetSelector",3,"string","oe"]]},"StatefulSet":{"d":"io.k8s.api.apps.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"StatefulSetSpec","oa"],["status",3,"StatefulSetStatus","oa"]],"v":["apps/v1beta1"]},"StatefulSetCondition":{"d":"io.k8s.api.apps.v1beta1","f":[["type",1,"string","oar",{"t":"v1beta1.StatefulSetConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"StatefulSetList":{"d":"io.k8s.api.apps.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"StatefulSet","lar"]],"v":["apps/v1beta1"]},"StatefulSetOrdinals":{"d":"io.k8s.api.apps.v1beta1","f":[["start",1,"int32","oa"]]},"StatefulSetPersistentVolumeClaimRetentionPolicy":{"d":"io.k8s.api.apps.v1beta1","f":[["whenDeleted",1,"string","oe",{"t":"v1beta1.PersistentVolumeClaimRetentionPolicyType"}],["whenScaled",2,"string","oe",{"t":"v1beta1.PersistentVolumeClaimRetentionPolicyType"}]]},"StatefulSetSpec":{"d":"io.k8s.api.apps.v1beta1","f":[["replicas",1,"int32","op"],["selector",2,"meta.v1.LabelSelector","op"],["template",3,"core.v1.PodTemplateSpec","oar"],["volumeClaimTemplates",4,"core.v1.PersistentVolumeClaim","le",{"l":"atomic","v":"v1"}],["serviceName",5,"string","oa"],["podManagementPolicy",6,"string","oe",{"t":"v1beta1.PodManagementPolicyType"}],["updateStrategy",7,"StatefulSetUpdateStrategy","oa"],["revisionHistoryLimit",8,"int32","op"],["minReadySeconds",9,"int32","oe"],["persistentVolumeClaimRetentionPolicy",10,"StatefulSetPersistentVolumeClaimRetentionPolicy","op"],["ordinals",11,"StatefulSetOrdinals","op"]]},"StatefulSetStatus":{"d":"io.k8s.api.apps.v1beta1","f":[["observedGeneration",1,"int64","op"],["replicas",2,"int32","oar"],["readyReplicas",3,"int32","oe"],["currentReplicas",4,"int32","oe"],["updatedReplicas",5,"int32","oe"],["currentRevision",6,"string","oe"],["updateRevision",7,"string","oe"],["collisionCount",9,"int32","op"],["conditions",10,"StatefulSetCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}],["availableReplicas",11,"int32","oa"]]},"StatefulSetUpdateStrategy":{"d":"io.k8s.api.apps.v1beta1","f":[["type",1,"string","oe",{"t":"v1beta1.StatefulSetUpdateStrategyType"}],["rollingUpdate",2,"RollingUpdateStatefulSetStrategy","op"]]}}',
  'apps.v1beta2':
    '{"ControllerRevision":{"d":"io.k8s.api.apps.v1beta2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["data",2,"machinery.RawExtension","oa"],["revision",3,"int64","oar"]],"v":["apps/v1beta2"]},"ControllerRevisionList":{"d":"io.k8s.api.apps.v1beta2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ControllerRevision","lar"]],"v":["apps/v1beta2"]},"DaemonSet":{"d":"io.k8s.api.apps.v1beta2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"DaemonSetSpec","oa"],["status",3,"DaemonSetStatus","oa"]],"v":["apps/v1beta2"]},"DaemonSetCondition":{"d":"io.k8s.api.apps.v1beta2","f":[["type",1,"string","oar",{"t":"v1beta2.DaemonSetConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"DaemonSetList":{"d":"io.k8s.api.apps.v1beta2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"DaemonSet","lar"]],"v":["apps/v1beta2"]},"DaemonSetSpec":{"d":"io.k8s.api.apps.v1beta2","f":[["selector",1,"meta.v1.LabelSelector","onr"],["template",2,"core.v1.PodTemplateSpec","oar"],["updateStrategy",3,"DaemonSetUpdateStrategy","oa"],["minReadySeconds",4,"int32","oe"],["revisionHistoryLimit",6,"int32","op"]]},"DaemonSetStatus":{"d":"io.k8s.api.apps.v1beta2","f":[["currentNumberScheduled",1,"int32","oar"],["numberMisscheduled",2,"int32","oar"],["desiredNumberScheduled",3,"int32","oar"],["numberReady",4,"int32","oar"],["observedGeneration",5,"int64","oe"],["updatedNumberScheduled",6,"int32","oe"],["numberAvailable",7,"int32","oe"],["numberUnavailable",8,"int32","oe"],["collisionCount",9,"int32","op"],["conditions",10,"DaemonSetCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"DaemonSetUpdateStrategy":{"d":"io.k8s.api.apps.v1beta2","f":[["type",1,"string","oe",{"t":"v1beta2.DaemonSetUpdateStrategyType"}],["rollingUpdate",2,"RollingUpdateDaemonSet","op"]]},"Deployment":{"d":"io.k8s.api.apps.v1beta2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"DeploymentSpec","oa"],["status",3,"DeploymentStatus","oa"]],"v":["apps/v1beta2"]},"DeploymentCondition":{"d":"io.k8s.api.apps.v1beta2","f":[["type",1,"string","oar",{"t":"v1beta2.DeploymentConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastUpdateTime",6,"meta.v1.Time","oa"],["lastTransitionTime",7,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"DeploymentList":{"d":"io.k8s.api.apps.v1beta2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Deployment","lar"]],"v":["apps/v1beta2"]},"DeploymentSpec":{"d":"io.k8s.api.apps.v1beta2","f":[["replicas",1,"int32","op"],["selector",2,"meta.v1.LabelSelector","onr"],["template",3,"core.v1.PodTemplateSpec","oar"],["strategy",4,"DeploymentStrategy","oa",{"p":["retainKeys"]}],["minReadySeconds",5,"int32","oe"],["revisionHistoryLimit",6,"int32","op"],["paused",7,"bool","oe"],["progressDeadlineSeconds",9,"int32","op"]]},"DeploymentStatus":{"d":"io.k8s.api.apps.v1beta2","f":[["observedGeneration",1,"int64","oe"],["replicas",2,"int32","oe"],["updatedReplicas",3,"int32","oe"],["readyReplicas",7,"int32","oe"],["availableReplicas",4,"int32","oe"],["unavailableReplicas",5,"int32","oe"],["terminatingReplicas",9,"int32","op"],["conditions",6,"DeploymentCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}],["collisionCount",8,"int32","op"]]},"DeploymentStrategy":{"d":"io.k8s.api.apps.v1beta2","f":[["type",1,"string","oe",{"t":"v1beta2.DeploymentStrategyType"}],["rollingUpdate",2,"RollingUpdateDeployment","op"]]},"ReplicaSet":{"d":"io.k8s.api.apps.v1beta2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ReplicaSetSpec","oa"],["status",3,"ReplicaSetStatus","oa"]],"v":["apps/v1beta2"]},"ReplicaSetCondition":{"d":"io.k8s.api.apps.v1beta2","f":[["type",1,"string","oar",{"t":"v1beta2.ReplicaSetConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"ReplicaSetList":{"d":"io.k8s.api.apps.v1beta2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ReplicaSet","lar"]],"v":["apps/v1beta2"]},"ReplicaSetSpec":{"d":"io.k8s.api.apps.v1beta2","f":[["replicas",1,"int32","op"],["minReadySeconds",4,"int32","oe"],["selector",2,"meta.v1.LabelSelector","onr"],["template",3,"core.v1.PodTemplateSpec","oa"]]},"ReplicaSetStatus":{"d":"io.k8s.api.apps.v1beta2","f":[["replicas",1,"int32","oar"],["fullyLabeledReplicas",2,"int32","oe"],["readyReplicas",4,"int32","oe"],["availableReplicas",5,"int32","oe"],["terminatingReplicas",7,"int32","op"],["observedGeneration",3,"int64","oe"],["conditions",6,"ReplicaSetCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"RollingUpdateDaemonSet":{"d":"io.k8s.api.apps.v1beta2","f":[["maxUnavailable",1,"machinery.IntOrString","op"],["maxSurge",2,"machinery.IntOrString","op"]]},"RollingUpdateDeployment":{"d":"io.k8s.api.apps.v1beta2","f":[["maxUnavailable",1,"machinery.IntOrString","op"],["maxSurge",2,"machinery.IntOrString","op"]]},"RollingUpdateStatefulSetStrategy":{"d":"io.k8s.api.apps.v1beta2","f":[["partition",1,"int32","op"],["maxUnavailable",2,"machinery.IntOrString","op"]]},"Scale":{"d":"io.k8s.api.apps.v1beta2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ScaleSpec","oa"],["status",3,"ScaleStatus","oa"]],"v":["apps/v1beta2"]},"ScaleSpec":{"d":"io.k8s.api.apps.v1beta2","f":[["replicas",1,"int32","oe",{"d":0}]]},"ScaleStatus":{"d":"io.k8s.api.apps.v1beta2","f":[["replicas",1,"int32","oar"],["selector",2,"string","me",{"m":"atomic"}],["targetSelector",3,"string","oe"]]},"StatefulSet":{"d":"io.k8s.api.apps.v1beta2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"StatefulSetSpec","oa"],["status",3,"StatefulSetStatus","oa"]],"v":["apps/v1beta2"]},"StatefulSetCondition":{"d":"io.k8s.api.apps.v1beta2","f":[["type",1,"string","oar",{"t":"v1beta2.StatefulSetConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"StatefulSetList":{"d":"io.k8s.api.apps.v1beta2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"StatefulSet","lar"]],"v":["apps/v1beta2"]},"StatefulSetOrdinals":{"d":"io.k8s.api.apps.v1beta2","f":[["start",1,"int32","oa"]]},"StatefulSetPersistentVolumeClaimRetentionPolicy":{"d":"io.k8s.api.apps.v1beta2","f":[["whenDeleted",1,"string","oe",{"t":"v1beta2.PersistentVolumeClaimRetentionPolicyType"}],["whenScaled",2,"string","oe",{"t":"v1beta2.PersistentVolumeClaimRetentionPolicyType"}]]},"StatefulSetSpec":{"d":"io.k8s.api.apps.v1beta2","f":[["replicas",1,"int32","op"],["selector",2,"meta.v1.LabelSelector","onr"],["template",3,"core.v1.PodTemplateSpec","oar"],["volumeClaimTemplates",4,"core.v1.PersistentVolumeClaim","le",{"l":"atomic","v":"v1"}],["serviceName",5,"string","oa"],["podManagementPolicy",6,"string","oe",{"t":"v1beta2.PodManagementPolicyType"}],["updateStrategy",7,"StatefulSetUpdateStrategy","oa"],["revisionHistoryLimit",8,"int32","op"],["minReadySeconds",9,"int32","oe"],["persistentVolumeClaimRetentionPolicy",10,"StatefulSetPersistentVolumeClaimRetentionPolicy","op"],["ordinals",11,"StatefulSetOrdinals","op"]]},"StatefulSetStatus":{"d":"io.k8s.api.apps.v1beta2","f":[["observedGeneration",1,"int64","oe"],["replicas",2,"int32","oar"],["readyReplicas",3,"int32","oe"],["currentReplicas",4,"int32","oe"],["updatedReplicas",5,"int32","oe"],["currentRevision",6,"string","oe"],["updateRevision",7,"string","oe"],["collisionCount",9,"int32","op"],["conditions",10,"StatefulSetCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}],["availableReplicas",11,"int32","oa"]]},"StatefulSetUpdateStrategy":{"d":"io.k8s.api.apps.v1beta2","f":[["type",1,"string","oe",{"t":"v1beta2.StatefulSetUpdateStrategyType"}],["rollingUpdate",2,"RollingUpdateStatefulSetStrategy","op"]]}}',
  'audit.v1':
    '{"Event":{"d":"io.k8s.apiserver.pkg.apis.audit.v1","f":[["level",1,"string","oar",{"t":"v1.Level"}],["auditID",2,"string","oar",{"t":"types.UID"}],["stage",3,"string","oar",{"t":"v1.Stage"}],["requestURI",4,"string","oar"],["verb",5,"string","oar"],["user",6,"authentication.v1.UserInfo","oar"],["impersonatedUser",7,"authentication.v1.UserInfo","op"],["sourceIPs",8,"string","le",{"l":"atomic"}],["objectRef",9,"ObjectReference","op"],["responseStatus",10,"meta.v1.Status","op"],["requestObject",11,"machinery.Unknown","op"],["responseObject",12,"machinery.Unknown","op"],["requestReceivedTimestamp",13,"meta.v1.MicroTime","oa"],["stageTimestamp",14,"meta.v1.MicroTime","oa"],["annotations",15,"string","me"],["userAgent",16,"string","oe"]],"v":["audit.k8s.io/v1"]},"EventList":{"d":"io.k8s.apiserver.pkg.apis.audit.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Event","lar"]],"v":["audit.k8s.io/v1"]},"GroupResources":{"d":"io.k8s.apiserver.pkg.apis.audit.v1","f":[["group",1,"string","oe"],["resources",2,"string","le",{"l":"atomic"}],["resourceNames",3,"string","le",{"l":"atomic"}]]},"ObjectReference":{"d":"io.k8s.apiserver.pkg.apis.audit.v1","f":[["resource",1,"string","oe"],["namespace",2,"string","oe"],["name",3,"string","oe"],["uid",4,"string","oe",{"t":"types.UID"}],["apiGroup",5,"string","oe"],["apiVersion",6,"string","oe"],["resourceVersion",7,"string","oe"],["subresource",8,"string","oe"]]},"Policy":{"d":"io.k8s.apiserver.pkg.apis.audit.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["rules",2,"PolicyRule","lar",{"l":"atomic"}],["omitStages",3,"string","le",{"l":"atomic","t":"[]v1.Stage"}],["omitManagedFields",4,"bool","oe"]],"v":["audit.k8s.io/v1"]},"PolicyList":{"d":"io.k8s.apiserver.pkg.apis.audit.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Policy","lar"]],"v":["audit.k8s.io/v1"]},"PolicyRule":{"d":"io.k8s.apiserver.pkg.apis.audit.v1","f":[["level",1,"string","oar",{"t":"v1.Level"}],["users",2,"string","le",{"l":"atomic"}],["userGroups",3,"string","le",{"l":"atomic"}],["verbs",4,"string","le",{"l":"atomic"}],["resources",5,"GroupResources","le",{"l":"atomic"}],["namespaces",6,"string","le",{"l":"atomic"}],["nonResourceURLs",7,"string","le",{"l":"atomic"}],["omitStages",8,"string","le",{"l":"atomic","t":"[]v1.Stage"}],["omitManagedFields",9,"bool","op"]]}}',
  'audit.v1alpha1':
    '{"Event":{"d":"io.k8s.apiserver.pkg.apis.audit.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["level",2,"string","oa",{"t":"v1alpha1.Level"}],["timestamp",3,"meta.v1.Time","oa"],["auditID",4,"string","oa",{"t":"types.UID"}],["stage",5,"string","oa",{"t":"v1alpha1.Stage"}],["requestURI",6,"string","oa"],["verb",7,"string","oa"],["user",8,"authentication.v1.UserInfo","oa"],["impersonatedUser",9,"authentication.v1.UserInfo","op"],["sourceIPs",10,"string","le"],["objectRef",11,"ObjectReference","op"],["responseStatus",12,"meta.v1.Status","op"],["requestObject",13,"machinery.Unknown","op"],["responseObject",14,"machinery.Unknown","op"],["requestReceivedTimestamp",15,"meta.v1.MicroTime","oa"],["stageTimestamp",16,"meta.v1.MicroTime","oa"],["annotations",17,"string","me"],["userAgent",18,"string","oe"]],"g":1,"v":["audit.k8s.io/v1alpha1"]},"EventList":{"d":"io.k8s.apiserver.pkg.apis.audit.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Event","la"]],"g":1,"v":["audit.k8s.io/v1alpha1"]},"GroupResources":{"d":"io.k8s.apiserver.pkg.apis.audit.v1alpha1","f":[["group",1,"string","oe"],["resources",2,"string","le"],["resourceNames",3,"string","le"]],"g":1},"ObjectReference":{"d":"io.k8s.apiserver.pkg.apis.audit.v1alpha1","f":[["resource",1,"string","oe"],["namespace",2,"string","oe"],["name",3,"string","oe"],["uid",4,"string","oe",{"t":"types.UID"}],["apiVersion",5,"string","oe"],["resourceVersion",6,"string","oe"],["subresource",7,"string","oe"]],"g":1},"Policy":{"d":"io.k8s.apiserver.pkg.apis.audit.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["rules",2,"PolicyRule","la"],["omitStages",3,"string","le",{"t":"[]v1alpha1.Stage"}],["omitManagedFields",4,"bool","oe"]],"g":1,"v":["audit.k8s.io/v1alpha1"]},"PolicyList":{"d":"io.k8s.apiserver.pkg.apis.audit.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Policy","la"]],"g":1,"v":["audit.k8s.io/v1alpha1"]},"PolicyRule":{"d":"io.k8s.apiserver.pkg.apis.audit.v1alpha1","f":[["level",1,"string","oa",{"t":"v1alpha1.Level"}],["users",2,"string","le"],["userGroups",3,"string","le"],["verbs",4,"string","le"],["resources",5,"GroupResources","le"],["namespaces",6,"string","le"],["nonResourceURLs",7,"string","le"],["omitStages",8,"string","le",{"t":"[]v1alpha1.Stage"}],["omitManagedFields",9,"bool","op"]],"g":1}}',
  'audit.v1beta1':
    '{"Event":{"d":"io.k8s.apiserver.pkg.apis.audit.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["level",2,"string","oa",{"t":"v1beta1.Level"}],["timestamp",3,"meta.v1.Time","oa"],["auditID",4,"string","oa",{"t":"types.UID"}],["stage",5,"string","oa",{"t":"v1beta1.Stage"}],["requestURI",6,"string","oa"],["verb",7,"string","oa"],["user",8,"authentication.v1.UserInfo","oa"],["impersonatedUser",9,"authentication.v1.UserInfo","op"],["sourceIPs",10,"string","le"],["objectRef",11,"ObjectReference","op"],["responseStatus",12,"meta.v1.Status","op"],["requestObject",13,"machinery.Unknown","op"],["responseObject",14,"machinery.Unknown","op"],["requestReceivedTimestamp",15,"meta.v1.MicroTime","oa"],["stageTimestamp",16,"meta.v1.MicroTime","oa"],["annotations",17,"string","me"],["userAgent",18,"string","oe"]],"g":1,"v":["audit.k8s.io/v1beta1"]},"EventList":{"d":"io.k8s.apiserver.pkg.apis.audit.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Event","la"]],"g":1,"v":["audit.k8s.io/v1beta1"]},"GroupResources":{"d":"io.k8s.apiserver.pkg.apis.audit.v1beta1","f":[["group",1,"string","oe"],["resources",2,"string","le"],["resourceNames",3,"string","le"]],"g":1},"ObjectReference":{"d":"io.k8s.apiserver.pkg.apis.audit.v1beta1","f":[["resource",1,"string","oe"],["namespace",2,"string","oe"],["name",3,"string","oe"],["uid",4,"string","oe",{"t":"types.UID"}],["apiGroup",5,"string","oe"],["apiVersion",6,"string","oe"],["resourceVersion",7,"string","oe"],["subresource",8,"string","oe"]],"g":1},"Policy":{"d":"io.k8s.apiserver.pkg.apis.audit.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["rules",2,"PolicyRule","la"],["omitStages",3,"string","le",{"t":"[]v1beta1.Stage"}],["omitManagedFields",4,"bool","oe"]],"g":1,"v":["audit.k8s.io/v1beta1"]},"PolicyList":{"d":"io.k8s.apiserver.pkg.apis.audit.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Policy","la"]],"g":1,"v":["audit.k8s.io/v1beta1"]},"PolicyRule":{"d":"io.k8s.apiserver.pkg.apis.audit.v1beta1","f":[["level",1,"string","oa",{"t":"v1beta1.Level"}],["users",2,"string","le"],["userGroups",3,"string","le"],["verbs",4,"string","le"],["resources",5,"GroupResources","le"],["namespaces",6,"string","le"],["nonResourceURLs",7,"string","le"],["omitStages",8,"string","le",{"t":"[]v1beta1.Stage"}],["omitManagedFields",9,"bool","op"]],"g":1}}',
  'auditregistration.v1alpha1':
    '{"AuditSink":{"d":"io.k8s.api.auditregistration.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"AuditSinkSpec","oa"]],"g":1,"v":["auditregistration.k8s.io/v1alpha1"]},"AuditSinkList":{"d":"io.k8s.api.auditregistration.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"AuditSink","la"]],"g":1,"v":["auditregistration.k8s.io/v1alpha1"]},"AuditSinkSpec":{"d":"io.k8s.api.auditregistration.v1alpha1","f":[["policy",1,"Policy","oa"],["webhook",2,"Webhook","oa"]],"g":1},"Policy":{"d":"io.k8s.api.auditregistration.v1alpha1","f":[["level",1,"string","oa",{"t":"v1alpha1.Level"}],["stages",2,"string","la",{"t":"[]v1alpha1.Stage"}]],"g":1},"ServiceReference":{"d":"io.k8s.api.auditregistration.v1alpha1","f":[["namespace",1,"string","oa"],["name",2,"string","oa"],["path",3,"string","op"],["port",4,"int32","op"]],"g":1},"Webhook":{"d":"io.k8s.api.auditregistration.v1alpha1","f":[["throttle",1,"WebhookThrottleConfig","op"],["clientConfig",2,"WebhookClientConfig","oa"]],"g":1},"WebhookClientConfig":{"d":"io.k8s.api.auditregistration.v1alpha1","f":[["url",1,"string","op"],["service",2,"ServiceReference","op"],["caBundle",3,"bytes","oe"]],"g":1},"WebhookThrottleConfig":{"d":"io.k8s.api.auditregistration.v1alpha1","f":[["qps",1,"int64","op"],["burst",2,"int64","op"]],"g":1}}',
  'authentication.v1':
    '{"BoundObjectReference":{"d":"io.k8s.api.authentication.v1","f":[["kind",1,"string","oe"],["apiVersion",2,"string","oe"],["name",3,"string","oe"],["uid",4,"string","oe",{"t":"types.UID"}]]},"ExtraValue":{"d":"io.k8s.api.authentication.v1","f":[["items",1,"string","le"]],"s":"STRING_LIST"},"SelfSubjectReview":{"d":"io.k8s.api.authentication.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["status",2,"SelfSubjectReviewStatus","oa"]],"v":["authentication.k8s.io/v1"]},"SelfSubjectReviewStatus":{"d":"io.k8s.api.authentication.v1","f":[["userInfo",1,"UserInfo","oa"]]},"TokenRequest":{"d":"io.k8s.api.authentication.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"TokenRequestSpec","oar"],["status",3,"TokenRequestStatus","oa"]],"v":["authentication.k8s.io/v1"]},"TokenRequestSpec":{"d":"io.k8s.api.authentication.v1","f":[["audiences",1,"string","lar",{"l":"atomic"}],["expirationSeconds",4,"int64","on"],["boundObjectRef",3,"BoundObjectReference","on"]]},"TokenRequestStatus":{"d":"io.k8s.api.authentication.v1","f":[["token",1,"string","oar"],["expirationTimestamp",2,"meta.v1.Time","oar"]]},"TokenReview":{"d":"io.k8s.api.authentication.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"TokenReviewSpec","oar"],["status",3,"TokenReviewStatus","oa"]],"v":["authentication.k8s.io/v1"]},"TokenReviewSpec":{"d":"io.k8s.api.authentication.v1","f":[["token",1,"string","oe"],["audiences",2,"string","le",{"l":"atomic"}]]},"TokenReviewStatus":{"d":"io.k8s.api.authentication.v1","f":[["authenticated",1,"bool","oe"],["user",2,"UserInfo","oa"],["audiences",4,"string","le",{"l":"atomic"}],["error",3,"string","oe"]]},"UserInfo":{"d":"io.k8s.api.authentication.v1","f":[["username",1,"string","oe"],["uid",2,"string","oe"],["groups",3,"string","le",{"l":"atomic"}],["extra",4,"ExtraValue","me"]]}}',
  'authentication.v1alpha1':
    '{"SelfSubjectReview":{"d":"io.k8s.api.authentication.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["status",2,"SelfSubjectReviewStatus","oa"]],"v":["authentication.k8s.io/v1alpha1"]},"SelfSubjectReviewStatus":{"d":"io.k8s.api.authentication.v1alpha1","f":[["userInfo",1,"authentication.v1.UserInfo","oa"]]}}',
  'authentication.v1beta1':
    '{"ExtraValue":{"d":"io.k8s.api.authentication.v1beta1","f":[["items",1,"string","le"]],"s":"STRING_LIST"},"SelfSubjectReview":{"d":"io.k8s.api.authentication.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["status",2,"SelfSubjectReviewStatus","oa"]],"v":["authentication.k8s.io/v1beta1"]},"SelfSubjectReviewStatus":{"d":"io.k8s.api.authentication.v1beta1","f":[["userInfo",1,"authentication.v1.UserInfo","oa"]]},"TokenReview":{"d":"io.k8s.api.authentication.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"TokenReviewSpec","oar"],["status",3,"TokenReviewStatus","oa"]],"v":["authentication.k8s.io/v1beta1"]},"TokenReviewSpec":{"d":"io.k8s.api.authentication.v1beta1","f":[["token",1,"string","oe"],["audiences",2,"string","le",{"l":"atomic"}]]},"TokenReviewStatus":{"d":"io.k8s.api.authentication.v1beta1","f":[["authenticated",1,"bool","oe"],["user",2,"UserInfo","oa"],["audiences",4,"string","le",{"l":"atomic"}],["error",3,"string","oe"]]},"UserInfo":{"d":"io.k8s.api.authentication.v1beta1","f":[["username",1,"string","oe"],["uid",2,"string","oe"],["groups",3,"string","le",{"l":"atomic"}],["extra",4,"ExtraValue","me"]]}}',
  'authorization.v1':
    '{"ExtraValue":{"d":"io.k8s.api.authorization.v1","f":[["items",1,"string","le"]],"s":"STRING_LIST"},"FieldSelectorAttributes":{"d":"io.k8s.api.authorization.v1","f":[["rawSelector",1,"string","oe"],["requirements",2,"meta.v1.FieldSelectorRequirement","le",{"l":"atomic"}]]},"LabelSelectorAttributes":{"d":"io.k8s.api.authorization.v1","f":[["rawSelector",1,"string","oe"],["requirements",2,"meta.v1.LabelSelectorRequirement","le",{"l":"atomic"}]]},"LocalSubjectAccessReview":{"d":"io.k8s.api.authorization.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"SubjectAccessReviewSpec","oar"],["status",3,"SubjectAccessReviewStatus","oa"]],"v":["authorization.k8s.io/v1"]},"NonResourceAttributes":{"d":"io.k8s.api.authorization.v1","f":[["path",1,"string","oe"],["verb",2,"string","oe"]]},"NonResourceRule":{"d":"io.k8s.api.authorization.v1","f":[["verbs",1,"string","lar",{"l":"atomic"}],["nonResourceURLs",2,"string","le",{"l":"atomic"}]]},"ResourceAttributes":{"d":"io.k8s.api.authorization.v1","f":[["namespace",1,"string","oe"],["verb",2,"string","oe"],["group",3,"string","oe"],["version",4,"string","oe"],["resource",5,"string","oe"],["subresource",6,"string","oe"],["name",7,"string","oe"],["fieldSelector",8,"FieldSelectorAttributes","op"],["labelSelector",9,"LabelSelectorAttributes","op"]]},"ResourceRule":{"d":"io.k8s.api.authorization.v1","f":[["verbs",1,"string","lar",{"l":"atomic"}],["apiGroups",2,"string","le",{"l":"atomic"}],["resources",3,"string","le",{"l":"atomic"}],["resourceNames",4,"string","le",{"l":"atomic"}]]},"SelfSubjectAccessReview":{"d":"io.k8s.api.authorization.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"SelfSubjectAccessReviewSpec","oar"],["status",3,"SubjectAccessReviewStatus","oa"]],"v":["authorization.k8s.io/v1"]},"SelfSubjectAccessReviewSpec":{"d":"io.k8s.api.authorization.v1","f":[["resourceAttributes",1,"ResourceAttributes","op"],["nonResourceAttributes",2,"NonResourceAttributes","op"]]},"SelfSubjectRulesReview":{"d":"io.k8s.api.authorization.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"SelfSubjectRulesReviewSpec","oar"],["status",3,"SubjectRulesReviewStatus","oa"]],"v":["authorization.k8s.io/v1"]},"SelfSubjectRulesReviewSpec":{"d":"io.k8s.api.authorization.v1","f":[["namespace",1,"string","oe"]]},"SubjectAccessReview":{"d":"io.k8s.api.authorization.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"SubjectAccessReviewSpec","oar"],["status",3,"SubjectAccessReviewStatus","oa"]],"v":["authorization.k8s.io/v1"]},"SubjectAccessReviewSpec":{"d":"io.k8s.api.authorization.v1","f":[["resourceAttributes",1,"ResourceAttributes","op"],["nonResourceAttributes",2,"NonResourceAttributes","op"],["user",3,"string","oe"],["groups",4,"string","le",{"l":"atomic"}],["extra",5,"ExtraValue","me"],["uid",6,"string","oe"]]},"SubjectAccessReviewStatus":{"d":"io.k8s.api.authorization.v1","f":[["allowed",1,"bool","oar"],["denied",4,"bool","oe"],["reason",2,"string","oe"],["evaluationError",3,"string","oe"]]},"SubjectRulesReviewStatus":{"d":"io.k8s.api.authorization.v1","f":[["resourceRules",1,"ResourceRule","lar",{"l":"atomic"}],["nonResourceRules",2,"NonResourceRule","lar",{"l":"atomic"}],["incomplete",3,"bool","oar"],["evaluationError",4,"string","oe"]]}}',
  'authorization.v1beta1':
    '{"ExtraValue":{"d":"io.k8s.api.authorization.v1beta1","f":[["items",1,"string","le"]],"s":"STRING_LIST"},"LocalSubjectAccessReview":{"d":"io.k8s.api.authorization.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"SubjectAccessReviewSpec","oar"],["status",3,"SubjectAccessReviewStatus","oa"]],"v":["authorization.k8s.io/v1beta1"]},"NonResourceAttributes":{"d":"io.k8s.api.authorization.v1beta1","f":[["path",1,"string","oe"],["verb",2,"string","oe"]]},"NonResourceRule":{"d":"io.k8s.api.authorization.v1beta1","f":[["verbs",1,"string","lar",{"l":"atomic"}],["nonResourceURLs",2,"string","le",{"l":"atomic"}]]},"ResourceAttributes":{"d":"io.k8s.api.authorization.v1beta1","f":[["namespace",1,"string","oe"],["verb",2,"string","oe"],["group",3,"string","oe"],["version",4,"string","oe"],["resource",5,"string","oe"],["subresource",6,"string","oe"],["name",7,"string","oe"],["fieldSelector",8,"authorization.v1.FieldSelectorAttributes","op"],["labelSelector",9,"authorization.v1.LabelSelectorAttributes","op"]]},"ResourceRule":{"d":"io.k8s.api.authorization.v1beta1","f":[["verbs",1,"string","lar",{"l":"atomic"}],["apiGroups",2,"string","le",{"l":"atomic"}],["resources",3,"string","le",{"l":"atomic"}],["resourceNames",4,"string","le",{"l":"atomic"}]]},"SelfSubjectAccessReview":{"d":"io.k8s.api.authorization.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"SelfSubjectAccessReviewSpec","oar"],["status",3,"SubjectAccessReviewStatus","oa"]],"v":["authorization.k8s.io/v1beta1"]},"SelfSubjectAccessReviewSpec":{"d":"io.k8s.api.authorization.v1beta1","f":[["resourceAttributes",1,"ResourceAttributes","op"],["nonResourceAttributes",2,"NonResourceAttributes","op"]]},"SelfSubjectRulesReview":{"d":"io.k8s.api.authorization.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"SelfSubjectRulesReviewSpec","oar"],["status",3,"SubjectRulesReviewStatus","oa"]],"v":["authorization.k8s.io/v1beta1"]},"SelfSubjectRulesReviewSpec":{"d":"io.k8s.api.authorization.v1beta1","f":[["namespace",1,"string","oe"]]},"SubjectAccessReview":{"d":"io.k8s.api.authorization.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"SubjectAccessReviewSpec","oar"],["status",3,"SubjectAccessReviewStatus","oa"]],"v":["authorization.k8s.io/v1beta1"]},"SubjectAccessReviewSpec":{"d":"io.k8s.api.authorization.v1beta1","f":[["resourceAttributes",1,"ResourceAttributes","op"],["nonResourceAttributes",2,"NonResourceAttributes","op"],["user",3,"string","oe"],["group",4,"string","le",{"l":"atomic"}],["extra",5,"ExtraValue","me"],["uid",6,"string","oe"]]},"SubjectAccessReviewStatus":{"d":"io.k8s.api.authorization.v1beta1","f":[["allowed",1,"bool","oar"],["denied",4,"bool","oe"],["reason",2,"string","oe"],["evaluationError",3,"string","oe"]]},"SubjectRulesReviewStatus":{"d":"io.k8s.api.authorization.v1beta1","f":[["resourceRules",1,"ResourceRule","lar",{"l":"atomic"}],["nonResourceRules",2,"NonResourceRule","lar",{"l":"atomic"}],["incomplete",3,"bool","oar"],["evaluationError",4,"string","oe"]]}}',
  'autoscaling.v1':
    '{"ContainerResourceMetricSource":{"d":"io.k8s.api.autoscaling.v1","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["targetAverageUtilization",2,"int32","op"],["targetAverageValue",3,"machinery.Quantity","op"],["container",5,"string","oar"]]},"ContainerResourceMetricStatus":{"d":"io.k8s.api.autoscaling.v1","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["currentAverageUtilization",2,"int32","op"],["currentAverageValue",3,"machinery.Quantity","oar"],["container",4,"string","oar"]]},"CrossVersionObjectReference":{"d":"io.k8s.api.autoscaling.v1","f":[["kind",1,"string","oar"],["name",2,"string","oar"],["apiVersion",3,"string","oe"]],"a":1},"ExternalMetricSource":{"d":"io.k8s.api.autoscaling.v1","f":[["metricName",1,"string","oar"],["metricSelector",2,"meta.v1.LabelSelector","op"],["targetValue",3,"machinery.Quantity","op"],["targetAverageValue",4,"machinery.Quantity","op"]]},"ExternalMetricStatus":{"d":"io.k8s.api.autoscaling.v1","f":[["metricName",1,"string","oar"],["metricSelector",2,"meta.v1.LabelSelector","op"],["currentValue",3,"machinery.Quantity","oar"],["currentAverageValue",4,"machinery.Quantity","op"]]},"HorizontalPodAutoscaler":{"d":"io.k8s.api.autoscaling.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"HorizontalPodAutoscalerSpec","oa"],["status",3,"HorizontalPodAutoscalerStatus","oa"]],"v":["autoscaling/v1"]},"HorizontalPodAutoscalerCondition":{"d":"io.k8s.api.autoscaling.v1","f":[["type",1,"string","oar",{"t":"v1.HorizontalPodAutoscalerConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"HorizontalPodAutoscalerList":{"d":"io.k8s.api.autoscaling.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"HorizontalPodAutoscaler","lar"]],"v":["autoscaling/v1"]},"HorizontalPodAutoscalerSpec":{"d":"io.k8s.api.autoscaling.v1","f":[["scaleTargetRef",1,"CrossVersionObjectReference","oar"],["minReplicas",2,"int32","op"],["maxReplicas",3,"int32","oar"],["targetCPUUtilizationPercentage",4,"int32","op"]]},"HorizontalPodAutoscalerStatus":{"d":"io.k8s.api.autoscaling.v1","f":[["observedGeneration",1,"int64","op"],["lastScaleTime",2,"meta.v1.Time","op"],["currentReplicas",3,"int32","oar"],["desiredReplicas",4,"int32","oar"],["currentCPUUtilizationPercentage",5,"int32","op"]]},"MetricSpec":{"d":"io.k8s.api.autoscaling.v1","f":[["type",1,"string","oar",{"e":["ContainerResource","External","Object","Pods","Resource"],"t":"v1.MetricSourceType"}],["object",2,"ObjectMetricSource","op"],["pods",3,"PodsMetricSource","op"],["resource",4,"ResourceMetricSource","op"],["external",5,"ExternalMetricSource","op"],["containerResource",7,"ContainerResourceMetricSource","op"]]},"MetricStatus":{"d":"io.k8s.api.autoscaling.v1","f":[["type",1,"string","oar",{"e":["ContainerResource","External","Object","Pods","Resource"],"t":"v1.MetricSourceType"}],["object",2,"ObjectMetricStatus","op"],["pods",3,"PodsMetricStatus","op"],["resource",4,"ResourceMetricStatus","op"],["external",5,"ExternalMetricStatus","op"],["containerResource",7,"ContainerResourceMetricStatus","op"]]},"ObjectMetricSource":{"d":"io.k8s.api.autoscaling.v1","f":[["target",1,"CrossVersionObjectReference","oar"],["metricName",2,"string","oar"],["targetValue",3,"machinery.Quantity","oar"],["selector",4,"meta.v1.LabelSelector","op"],["averageValue",5,"machinery.Quantity","op"]]},"ObjectMetricStatus":{"d":"io.k8s.api.autoscaling.v1","f":[["target",1,"CrossVersionObjectReference","oar"],["metricName",2,"string","oar"],["currentValue",3,"machinery.Quantity","oar"],["selector",4,"meta.v1.LabelSelector","op"],["averageValue",5,"machinery.Quantity","op"]]},"PodsMetricSource":{"d":"io.k8s.api.autoscaling.v1","f":[["metricName",1,"string","oar"],["targetAverageValue",2,"machinery.Quantity","oar"],["selector",3,"meta.v1.LabelSelector","op"]]},"PodsMetricStatus":{"d":"io.k8s.api.autoscaling.v1","f":[["metricName",1,"string","oar"],["currentAverageValue",2,"machinery.Quantity","oar"],["selector",3,"meta.v1.LabelSelector","op"]]},"ResourceMetricSource":{"d":"io.k8s.api.autoscaling.v1","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["targetAverageUtilization",2,"int32","op"],["targetAverageValue",3,"machinery.Quantity","op"]]},"ResourceMetricStatus":{"d":"io.k8s.api.autoscaling.v1","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["currentAverageUtilization",2,"int32","op"],["currentAverageValue",3,"machinery.Quantity","oar"]]},"Scale":{"d":"io.k8s.api.autoscaling.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ScaleSpec","oa"],["status",3,"ScaleStatus","oa"]],"v":["autoscaling/v1"]},"ScaleSpec":{"d":"io.k8s.api.autoscaling.v1","f":[["replicas",1,"int32","oe",{"d":0}]]},"ScaleStatus":{"d":"io.k8s.api.autoscaling.v1","f":[["replicas",1,"int32","oar"],["selector",2,"string","oe"]]}}',
  'autoscaling.v2':
    '{"ContainerResourceMetricSource":{"d":"io.k8s.api.autoscaling.v2","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["target",2,"MetricTarget","oar"],["container",3,"string","oar"]]},"ContainerResourceMetricStatus":{"d":"io.k8s.api.autoscaling.v2","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["current",2,"MetricValueStatus","oar"],["container",3,"string","oar"]]},"CrossVersionObjectReference":{"d":"io.k8s.api.autoscaling.v2","f":[["kind",1,"string","oar"],["name",2,"string","oar"],["apiVersion",3,"string","oe"]]},"ExternalMetricSource":{"d":"io.k8s.api.autoscaling.v2","f":[["metric",1,"MetricIdentifier","oar"],["target",2,"MetricTarget","oar"]]},"ExternalMetricStatus":{"d":"io.k8s.api.autoscaling.v2","f":[["metric",1,"MetricIdentifier","oar"],["current",2,"MetricValueStatus","oar"]]},"HPAScalingPolicy":{"d":"io.k8s.api.autoscaling.v2","f":[["type",1,"string","oar",{"t":"v2.HPAScalingPolicyType"}],["value",2,"int32","oar"],["periodSeconds",3,"int32","oar"]]},"HPAScalingRules":{"d":"io.k8s.api.autoscaling.v2","f":[["stabilizationWindowSeconds",3,"int32","op"],["selectPolicy",1,"string","op",{"t":"v2.ScalingPolicySelect"}],["policies",2,"HPAScalingPolicy","le",{"l":"atomic"}],["tolerance",4,"machinery.Quantity","op"]]},"HorizontalPodAutoscaler":{"d":"io.k8s.api.autoscaling.v2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"HorizontalPodAutoscalerSpec","oa"],["status",3,"HorizontalPodAutoscalerStatus","oa"]],"v":["autoscaling/v2"]},"HorizontalPodAutoscalerBehavior":{"d":"io.k8s.api.autoscaling.v2","f":[["scaleUp",1,"HPAScalingRules","op"],["scaleDown",2,"HPAScalingRules","op"]]},"HorizontalPodAutoscalerCondition":{"d":"io.k8s.api.autoscaling.v2","f":[["type",1,"string","oar",{"t":"v2.HorizontalPodAutoscalerConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"HorizontalPodAutoscalerList":{"d":"io.k8s.api.autoscaling.v2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"HorizontalPodAutoscaler","lar"]],"v":["autoscaling/v2"]},"HorizontalPodAutoscalerSpec":{"d":"io.k8s.api.autoscaling.v2","f":[["scaleTargetRef",1,"CrossVersionObjectReference","oar"],["minReplicas",2,"int32","op"],["maxReplicas",3,"int32","oar"],["metrics",4,"MetricSpec","le",{"l":"atomic"}],["behavior",5,"HorizontalPodAutoscalerBehavior","op"]]},"HorizontalPodAutoscalerStatus":{"d":"io.k8s.api.autoscaling.v2","f":[["observedGeneration",1,"int64","op"],["lastScaleTime",2,"meta.v1.Time","op"],["currentReplicas",3,"int32","oe"],["desiredReplicas",4,"int32","oar"],["currentMetrics",5,"MetricStatus","la",{"l":"atomic"}],["conditions",6,"HorizontalPodAutoscalerCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"MetricIdentifier":{"d":"io.k8s.api.autoscaling.v2","f":[["name",1,"string","oar"],["selector",2,"meta.v1.LabelSelector","op"]]},"MetricSpec":{"d":"io.k8s.api.autoscaling.v2","f":[["type",1,"string","oar",{"t":"v2.MetricSourceType"}],["object",2,"ObjectMetricSource","op"],["pods",3,"PodsMetricSource","op"],["resource",4,"ResourceMetricSource","op"],["containerResource",7,"ContainerResourceMetricSource","op"],["external",5,"ExternalMetricSource","op"]]},"MetricStatus":{"d":"io.k8s.api.autoscaling.v2","f":[["type",1,"string","oar",{"t":"v2.MetricSourceType"}],["object",2,"ObjectMetricStatus","op"],["pods",3,"PodsMetricStatus","op"],["resource",4,"ResourceMetricStatus","op"],["containerResource",7,"ContainerResourceMetricStatus","op"],["external",5,"ExternalMetricStatus","op"]]},"MetricTarget":{"d":"io.k8s.api.autoscaling.v2","f":[["type",1,"string","oar",{"t":"v2.MetricTargetType"}],["value",2,"machinery.Quantity","op"],["averageValue",3,"machinery.Quantity","op"],["averageUtilization",4,"int32","op"]]},"MetricValueStatus":{"d":"io.k8s.api.autoscaling.v2","f":[["value",1,"machinery.Quantity","op"],["averageValue",2,"machinery.Quantity","op"],["averageUtilization",3,"int32","op"]]},"ObjectMetricSource":{"d":"io.k8s.api.autoscaling.v2","f":[["describedObject",1,"CrossVersionObjectReference","oar"],["target",2,"MetricTarget","oar"],["metric",3,"MetricIdentifier","oar"]]},"ObjectMetricStatus":{"d":"io.k8s.api.autoscaling.v2","f":[["metric",1,"MetricIdentifier","oar"],["current",2,"MetricValueStatus","oar"],["describedObject",3,"CrossVersionObjectReference","oar"]]},"PodsMetricSource":{"d":"io.k8s.api.autoscaling.v2","f":[["metric",1,"MetricIdentifier","oar"],["target",2,"MetricTarget","oar"]]},"PodsMetricStatus":{"d":"io.k8s.api.autoscaling.v2","f":[["metric",1,"MetricIdentifier","oar"],["current",2,"MetricValueStatus","oar"]]},"ResourceMetricSource":{"d":"io.k8s.api.autoscaling.v2","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["target",2,"MetricTarget","oar"]]},"ResourceMetricStatus":{"d":"io.k8s.api.autoscaling.v2","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["current",2,"MetricValueStatus","oar"]]}}',
  'autoscaling.v2beta1':
    '{"ContainerResourceMetricSource":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["targetAverageUtilization",2,"int32","op"],["targetAverageValue",3,"machinery.Quantity","op"],["container",4,"string","oar"]]},"ContainerResourceMetricStatus":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["currentAverageUtilization",2,"int32","op"],["currentAverageValue",3,"machinery.Quantity","oar"],["container",4,"string","oar"]]},"CrossVersionObjectReference":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["kind",1,"string","oar"],["name",2,"string","oar"],["apiVersion",3,"string","oe"]]},"ExternalMetricSource":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["metricName",1,"string","oar"],["metricSelector",2,"meta.v1.LabelSelector","op"],["targetValue",3,"machinery.Quantity","op"],["targetAverageValue",4,"machinery.Quantity","op"]]},"ExternalMetricStatus":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["metricName",1,"string","oar"],["metricSelector",2,"meta.v1.LabelSelector","op"],["currentValue",3,"machinery.Quantity","oar"],["currentAverageValue",4,"machinery.Quantity","op"]]},"HorizontalPodAutoscaler":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"HorizontalPodAutoscalerSpec","oa"],["status",3,"HorizontalPodAutoscalerStatus","oa"]],"v":["autoscaling/v2beta1"]},"HorizontalPodAutoscalerCondition":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["type",1,"string","oar",{"t":"v2beta1.HorizontalPodAutoscalerConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"HorizontalPodAutoscalerList":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"HorizontalPodAutoscaler","lar"]],"v":["autoscaling/v2beta1"]},"HorizontalPodAutoscalerSpec":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["scaleTargetRef",1,"CrossVersionObjectReference","oar"],["minReplicas",2,"int32","op"],["maxReplicas",3,"int32","oar"],["metrics",4,"MetricSpec","le",{"l":"atomic"}]]},"HorizontalPodAutoscalerStatus":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["observedGeneration",1,"int64","op"],["lastScaleTime",2,"meta.v1.Time","op"],["currentReplicas",3,"int32","oar"],["desiredReplicas",4,"int32","oar"],["currentMetrics",5,"MetricStatus","la",{"l":"atomic"}],["conditions",6,"HorizontalPodAutoscalerCondition","la",{"l":"atomic"}]]},"MetricSpec":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["type",1,"string","oar",{"t":"v2beta1.MetricSourceType"}],["object",2,"ObjectMetricSource","op"],["pods",3,"PodsMetricSource","op"],["resource",4,"ResourceMetricSource","op"],["containerResource",7,"ContainerResourceMetricSource","op"],["external",5,"ExternalMetricSource","op"]]},"MetricStatus":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["type",1,"string","oar",{"t":"v2beta1.MetricSourceType"}],["object",2,"ObjectMetricStatus","op"],["pods",3,"PodsMetricStatus","op"],["resource",4,"ResourceMetricStatus","op"],["containerResource",7,"ContainerResourceMetricStatus","op"],["external",5,"ExternalMetricStatus","op"]]},"ObjectMetricSource":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["target",1,"CrossVersionObjectReference","oar"],["metricName",2,"string","oar"],["targetValue",3,"machinery.Quantity","oar"],["selector",4,"meta.v1.LabelSelector","op"],["averageValue",5,"machinery.Quantity","op"]]},"ObjectMetricStatus":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["target",1,"CrossVersionObjectReference","oar"],["metricName",2,"string","oar"],["currentValue",3,"machinery.Quantity","oar"],["selector",4,"meta.v1.LabelSelector","op"],["averageValue",5,"machinery.Quantity","op"]]},"PodsMetricSource":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["metricName",1,"string","oar"],["targetAverageValue",2,"machinery.Quantity","oar"],["selector",3,"meta.v1.LabelSelector","op"]]},"PodsMetricStatus":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["metricName",1,"string","oar"],["currentAverageValue",2,"machinery.Quantity","oar"],["selector",3,"meta.v1.LabelSelector","op"]]},"ResourceMetricSource":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["targetAverageUtilization",2,"int32","op"],["targetAverageValue",3,"machinery.Quantity","op"]]},"ResourceMetricStatus":{"d":"io.k8s.api.autoscaling.v2beta1","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["currentAverageUtilization",2,"int32","op"],["currentAverageValue",3,"machinery.Quantity","oar"]]}}',
  'autoscaling.v2beta2':
    '{"ContainerResourceMetricSource":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["target",2,"MetricTarget","oar"],["container",3,"string","oar"]]},"ContainerResourceMetricStatus":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["current",2,"MetricValueStatus","oar"],["container",3,"string","oar"]]},"CrossVersionObjectReference":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["kind",1,"string","oar"],["name",2,"string","oar"],["apiVersion",3,"string","oe"]]},"ExternalMetricSource":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["metric",1,"MetricIdentifier","oar"],["target",2,"MetricTarget","oar"]]},"ExternalMetricStatus":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["metric",1,"MetricIdentifier","oar"],["current",2,"MetricValueStatus","oar"]]},"HPAScalingPolicy":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["type",1,"string","oar",{"t":"v2beta2.HPAScalingPolicyType"}],["value",2,"int32","oar"],["periodSeconds",3,"int32","oar"]]},"HPAScalingRules":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["stabilizationWindowSeconds",3,"int32","op"],["selectPolicy",1,"string","op",{"t":"v2beta2.ScalingPolicySelect"}],["policies",2,"HPAScalingPolicy","le",{"l":"atomic"}]]},"HorizontalPodAutoscaler":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"HorizontalPodAutoscalerSpec","oa"],["status",3,"HorizontalPodAutoscalerStatus","oa"]],"v":["autoscaling/v2beta2"]},"HorizontalPodAutoscalerBehavior":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["scaleUp",1,"HPAScalingRules","op"],["scaleDown",2,"HPAScalingRules","op"]]},"HorizontalPodAutoscalerCondition":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["type",1,"string","oar",{"t":"v2beta2.HorizontalPodAutoscalerConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"HorizontalPodAutoscalerList":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"HorizontalPodAutoscaler","lar"]],"v":["autoscaling/v2beta2"]},"HorizontalPodAutoscalerSpec":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["scaleTargetRef",1,"CrossVersionObjectReference","oar"],["minReplicas",2,"int32","op"],["maxReplicas",3,"int32","oar"],["metrics",4,"MetricSpec","le",{"l":"atomic"}],["behavior",5,"HorizontalPodAutoscalerBehavior","op"]]},"HorizontalPodAutoscalerStatus":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["observedGeneration",1,"int64","op"],["lastScaleTime",2,"meta.v1.Time","op"],["currentReplicas",3,"int32","oar"],["desiredReplicas",4,"int32","oar"],["currentMetrics",5,"MetricStatus","la",{"l":"atomic"}],["conditions",6,"HorizontalPodAutoscalerCondition","la",{"l":"atomic"}]]},"MetricIdentifier":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["name",1,"string","oar"],["selector",2,"meta.v1.LabelSelector","op"]]},"MetricSpec":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["type",1,"string","oar",{"t":"v2beta2.MetricSourceType"}],["object",2,"ObjectMetricSource","op"],["pods",3,"PodsMetricSource","op"],["resource",4,"ResourceMetricSource","op"],["containerResource",7,"ContainerResourceMetricSource","op"],["external",5,"ExternalMetricSource","op"]]},"MetricStatus":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["type",1,"string","oar",{"t":"v2beta2.MetricSourceType"}],["object",2,"ObjectMetricStatus","op"],["pods",3,"PodsMetricStatus","op"],["resource",4,"ResourceMetricStatus","op"],["containerResource",7,"ContainerResourceMetricStatus","op"],["external",5,"ExternalMetricStatus","op"]]},"MetricTarget":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["type",1,"string","oar",{"t":"v2beta2.MetricTargetType"}],["value",2,"machinery.Quantity","op"],["averageValue",3,"machinery.Quantity","op"],["averageUtilization",4,"int32","op"]]},"MetricValueStatus":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["value",1,"machinery.Quantity","op"],["averageValue",2,"machinery.Quantity","op"],["averageUtilization",3,"int32","op"]]},"ObjectMetricSource":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["describedObject",1,"CrossVersionObjectReference","oar"],["target",2,"MetricTarget","oar"],["metric",3,"MetricIdentifier","oar"]]},"ObjectMetricStatus":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["metric",1,"MetricIdentifier","oar"],["current",2,"MetricValueStatus","oar"],["describedObject",3,"CrossVersionObjectReference","oar"]]},"PodsMetricSource":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["metric",1,"MetricIdentifier","oar"],["target",2,"MetricTarget","oar"]]},"PodsMetricStatus":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["metric",1,"MetricIdentifier","oar"],["current",2,"MetricValueStatus","oar"]]},"ResourceMetricSource":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["target",2,"MetricTarget","oar"]]},"ResourceMetricStatus":{"d":"io.k8s.api.autoscaling.v2beta2","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["current",2,"MetricValueStatus","oar"]]}}',
  'batch.v1':
    '{"CronJob":{"d":"io.k8s.api.batch.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"CronJobSpec","oa"],["status",3,"CronJobStatus","oa"]],"v":["batch/v1"]},"CronJobList":{"d":"io.k8s.api.batch.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"CronJob","lar"]],"v":["batch/v1"]},"CronJobSpec":{"d":"io.k8s.api.batch.v1","f":[["schedule",1,"string","oar"],["timeZone",8,"string","op"],["startingDeadlineSeconds",2,"int64","op"],["concurrencyPolicy",3,"string","oe",{"e":["Allow","Forbid","Replace"],"t":"v1.ConcurrencyPolicy"}],["suspend",4,"bool","op"],["jobTemplate",5,"JobTemplateSpec","oar"],["successfulJobsHistoryLimit",6,"int32","op"],["failedJobsHistoryLimit",7,"int32","op"]]},"CronJobStatus":{"d":"io.k8s.api.batch.v1","f":[["active",1,"core.v1.ObjectReference","le",{"l":"atomic"}],["lastScheduleTime",4,"meta.v1.Time","op"],["lastSuccessfulTime",5,"meta.v1.Time","op"]]},"Job":{"d":"io.k8s.api.batch.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"JobSpec","oa"],["status",3,"JobStatus","oa"]],"v":["batch/v1"]},"JobCondition":{"d":"io.k8s.api.batch.v1","f":[["type",1,"string","oar",{"t":"v1.JobConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastProbeTime",3,"meta.v1.Time","oa"],["lastTransitionTime",4,"meta.v1.Time","oa"],["reason",5,"string","oe"],["message",6,"string","oe"]]},"JobList":{"d":"io.k8s.api.batch.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Job","lar"]],"v":["batch/v1"]},"JobSpec":{"d":"io.k8s.api.batch.v1","f":[["parallelism",1,"int32","op"],["completions",2,"int32","op"],["activeDeadlineSeconds",3,"int64","op"],["podFailurePolicy",11,"PodFailurePolicy","op"],["successPolicy",16,"SuccessPolicy","op"],["backoffLimit",7,"int32","op"],["backoffLimitPerIndex",12,"int32","op"],["maxFailedIndexes",13,"int32","op"],["selector",4,"meta.v1.LabelSelector","op"],["manualSelector",5,"bool","op"],["template",6,"core.v1.PodTemplateSpec","oar"],["ttlSecondsAfterFinished",8,"int32","op"],["completionMode",9,"string","op",{"e":["Indexed","NonIndexed"],"t":"v1.CompletionMode"}],["suspend",10,"bool","op"],["podReplacementPolicy",14,"string","op",{"e":["Failed","TerminatingOrFailed"],"t":"v1.PodReplacementPolicy"}],["managedBy",15,"string","op"]]},"JobStatus":{"d":"io.k8s.api.batch.v1","f":[["conditions",1,"JobCondition","le",{"l":"atomic","p":["merge"],"y":"type"}],["startTime",2,"meta.v1.Time","op"],["completionTime",3,"meta.v1.Time","op"],["active",4,"int32","oe"],["succeeded",5,"int32","oe"],["failed",6,"int32","oe"],["terminating",11,"int32","op"],["completedIndexes",7,"string","oe"],["failedIndexes",10,"string","op"],["uncountedTerminatedPods",8,"UncountedTerminatedPods","op"],["ready",9,"int32","op"]]},"JobTemplateSpec":{"d":"io.k8s.api.batch.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"JobSpec","oa"]]},"PodFailurePolicy":{"d":"io.k8s.api.batch.v1","f":[["rules",1,"PodFailurePolicyRule","lar",{"l":"atomic"}]]},"PodFailurePolicyOnExitCodesRequirement":{"d":"io.k8s.api.batch.v1","f":[["containerName",1,"string","op"],["operator",2,"string","oar",{"e":["In","NotIn"],"t":"v1.PodFailurePolicyOnExitCodesOperator"}],["values",3,"int32","lar",{"l":"set"}]]},"PodFailurePolicyOnPodConditionsPattern":{"d":"io.k8s.api.batch.v1","f":[["type",1,"string","oar",{"t":"v1.PodConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}]]},"PodFailurePolicyRule":{"d":"io.k8s.api.batch.v1","f":[["action",1,"string","oar",{"e":["Count","FailIndex","FailJob","Ignore"],"t":"v1.PodFailurePolicyAction"}],["onExitCodes",2,"PodFailurePolicyOnExitCodesRequirement","op"],["onPodConditions",3,"PodFailurePolicyOnPodConditionsPattern","le",{"l":"atomic"}]]},"SuccessPolicy":{"d":"io.k8s.api.batch.v1","f":[["rules",1,"SuccessPolicyRule","lar",{"l":"atomic"}]]},"SuccessPolicyRule":{"d":"io.k8s.api.batch.v1","f":[["succeededIndexes",1,"string","op"],["succeededCount",2,"int32","op"]]},"UncountedTerminatedPods":{"d":"io.k8s.api.batch.v1","f":[["succeeded",1,"string","le",{"l":"set","t":"[]types.UID"}],["failed",2,"string","le",{"l":"set","t":"[]types.UID"}]]}}',
  'batch.v1beta1':
    '{"CronJob":{"d":"io.k8s.api.batch.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"CronJobSpec","oa"],["status",3,"CronJobStatus","oa"]],"v":["batch/v1beta1"]},"CronJobList":{"d":"io.k8s.api.batch.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"CronJob","lar"]],"v":["batch/v1beta1"]},"CronJobSpec":{"d":"io.k8s.api.batch.v1beta1","f":[["schedule",1,"string","oar"],["timeZone",8,"string","op"],["startingDeadlineSeconds",2,"int64","op"],["concurrencyPolicy",3,"string","oe",{"t":"v1beta1.ConcurrencyPolicy"}],["suspend",4,"bool","op"],["jobTemplate",5,"JobTemplateSpec","oar"],["successfulJobsHistoryLimit",6,"int32","op"],["failedJobsHistoryLimit",7,"int32","op"]]},"CronJobStatus":{"d":"io.k8s.api.batch.v1beta1","f":[["active",1,"core.v1.ObjectReference","le",{"l":"atomic"}],["lastScheduleTime",4,"meta.v1.Time","op"],["lastSuccessfulTime",5,"meta.v1.Time","op"]]},"JobTemplate":{"d":"io.k8s.api.batch.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["template",2,"JobTemplateSpec","oa"]],"g":1,"v":["batch/v1beta1"]},"JobTemplateSpec":{"d":"io.k8s.api.batch.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"batch.v1.JobSpec","oa"]]}}',
  'batch.v2alpha1':
    '{"CronJob":{"d":"io.k8s.api.batch.v2alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"CronJobSpec","oa"],["status",3,"CronJobStatus","oa"]],"g":1,"v":["batch/v2alpha1"]},"CronJobList":{"d":"io.k8s.api.batch.v2alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"CronJob","la"]],"g":1,"v":["batch/v2alpha1"]},"CronJobSpec":{"d":"io.k8s.api.batch.v2alpha1","f":[["schedule",1,"string","oa"],["startingDeadlineSeconds",2,"int64","op"],["concurrencyPolicy",3,"string","oe",{"t":"v2alpha1.ConcurrencyPolicy"}],["suspend",4,"bool","op"],["jobTemplate",5,"JobTemplateSpec","oa"],["successfulJobsHistoryLimit",6,"int32","op"],["failedJobsHistoryLimit",7,"int32","op"]],"g":1},"CronJobStatus":{"d":"io.k8s.api.batch.v2alpha1","f":[["active",1,"core.v1.ObjectReference","le"],["lastScheduleTime",4,"meta.v1.Time","op"]],"g":1},"JobTemplate":{"d":"io.k8s.api.batch.v2alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["template",2,"JobTemplateSpec","oa"]],"g":1,"v":["batch/v2alpha1"]},"JobTemplateSpec":{"d":"io.k8s.api.batch.v2alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"batch.v1.JobSpec","oa"]],"g":1}}',
  'certificates.v1':
    '{"CertificateSigningRequest":{"d":"io.k8s.api.certificates.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oab"],["spec",2,"CertificateSigningRequestSpec","oar"],["status",3,"CertificateSigningRequestStatus","oa"]],"v":["certificates.k8s.io/v1"]},"CertificateSigningRequestCondition":{"d":"io.k8s.api.certificates.v1","f":[["type",1,"string","oar",{"t":"v1.RequestConditionType"}],["status",6,"string","oar",{"t":"v1.ConditionStatus"}],["reason",2,"string","oe"],["message",3,"string","oe"],["lastUpdateTime",4,"meta.v1.Time","oa"],["lastTransitionTime",5,"meta.v1.Time","oa"]]},"CertificateSigningRequestList":{"d":"io.k8s.api.certificates.v1","f":[["metadata",1,"meta.v1.ListMeta","oab"],["items",2,"CertificateSigningRequest","lar"]],"v":["certificates.k8s.io/v1"]},"CertificateSigningRequestSpec":{"d":"io.k8s.api.certificates.v1","f":[["request",1,"bytes","oar",{"l":"atomic"}],["signerName",7,"string","oar"],["expirationSeconds",8,"int32","op"],["usages",5,"string","le",{"e":["any","cert sign","client auth","code signing","content commitment","crl sign","data encipherment","decipher only","digital signature","email protection","encipher only","ipsec end system","ipsec tunnel","ipsec user","key agreement","key encipherment","microsoft sgc","netscape sgc","ocsp signing","s/mime","server auth","signing","timestamping"],"l":"atomic","t":"[]v1.KeyUsage"}],["username",2,"string","oe"],["uid",3,"string","oe"],["groups",4,"string","le",{"l":"atomic"}],["extra",6,"ExtraValue","me"]]},"CertificateSigningRequestStatus":{"d":"io.k8s.api.certificates.v1","f":[["conditions",1,"CertificateSigningRequestCondition","le",{"l":"map","k":["type"]}],["certificate",2,"bytes","oe",{"l":"atomic"}]]},"ExtraValue":{"d":"io.k8s.api.certificates.v1","f":[["items",1,"string","le"]],"s":"STRING_LIST"}}',
  'certificates.v1alpha1':
    '{"ClusterTrustBundle":{"d":"io.k8s.api.certificates.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ClusterTrustBundleSpec","oar"]],"v":["certificates.k8s.io/v1alpha1"]},"ClusterTrustBundleList":{"d":"io.k8s.api.certificates.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ClusterTrustBundle","lar"]],"v":["certificates.k8s.io/v1alpha1"]},"ClusterTrustBundleSpec":{"d":"io.k8s.api.certificates.v1alpha1","f":[["signerName",1,"string","oe"],["trustBundle",2,"string","oar"]]},"PodCertificateRequest":{"d":"io.k8s.api.certificates.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PodCertificateRequestSpec","oar"],["status",3,"PodCertificateRequestStatus","oa"]],"v":["certificates.k8s.io/v1alpha1"]},"PodCertificateRequestList":{"d":"io.k8s.api.certificates.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PodCertificateRequest","lar"]],"v":["certificates.k8s.io/v1alpha1"]},"PodCertificateRequestSpec":{"d":"io.k8s.api.certificates.v1alpha1","f":[["signerName",1,"string","oar"],["podName",2,"string","oar"],["podUID",3,"string","oar",{"t":"types.UID"}],["serviceAccountName",4,"string","oar"],["serviceAccountUID",5,"string","oar",{"t":"types.UID"}],["nodeName",6,"string","oar",{"t":"types.NodeName"}],["nodeUID",7,"string","oar",{"t":"types.UID"}],["maxExpirationSeconds",8,"int32","op",{"d":86400}],["pkixPublicKey",9,"bytes","oar"],["proofOfPossession",10,"bytes","oar"]]},"PodCertificateRequestStatus":{"d":"io.k8s.api.certificates.v1alpha1","f":[["conditions",1,"meta.v1.Condition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}],["certificateChain",2,"string","oe"],["notBefore",4,"meta.v1.Time","op"],["beginRefreshAt",5,"meta.v1.Time","op"],["notAfter",6,"meta.v1.Time","op"]]}}',
  'certificates.v1beta1':
    '{"CertificateSigningRequest":{"d":"io.k8s.api.certificates.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"CertificateSigningRequestSpec","oar"],["status",3,"CertificateSigningRequestStatus","oa"]],"v":["certificates.k8s.io/v1beta1"]},"CertificateSigningRequestCondition":{"d":"io.k8s.api.certificates.v1beta1","f":[["type",1,"string","oar",{"t":"v1beta1.RequestConditionType"}],["status",6,"string","oa",{"t":"v1.ConditionStatus"}],["reason",2,"string","oe"],["message",3,"string","oe"],["lastUpdateTime",4,"meta.v1.Time","oa"],["lastTransitionTime",5,"meta.v1.Time","oa"]]},"CertificateSigningRequestList":{"d":"io.k8s.api.certificates.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"CertificateSigningRequest","lar"]],"v":["certificates.k8s.io/v1beta1"]},"CertificateSigningRequestSpec":{"d":"io.k8s.api.certificates.v1beta1","f":[["request",1,"bytes","oar",{"l":"atomic"}],["signerName",7,"string","op"],["expirationSeconds",8,"int32","op"],["usages",5,"string","le",{"l":"atomic","t":"[]v1beta1.KeyUsage"}],["username",2,"string","oe"],["uid",3,"string","oe"],["groups",4,"string","le",{"l":"atomic"}],["extra",6,"ExtraValue","me"]]},"CertificateSigningRequestStatus":{"d":"io.k8s.api.certificates.v1beta1","f":[["conditions",1,"CertificateSigningRequestCondition","le",{"l":"map","k":["type"]}],["certificate",2,"bytes","oe",{"l":"atomic"}]]},"ClusterTrustBundle":{"d":"io.k8s.api.certificates.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ClusterTrustBundleSpec","oar"]],"v":["certificates.k8s.io/v1beta1"]},"ClusterTrustBundleList":{"d":"io.k8s.api.certificates.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ClusterTrustBundle","lar"]],"v":["certificates.k8s.io/v1beta1"]},"ClusterTrustBundleSpec":{"d":"io.k8s.api.certificates.v1beta1","f":[["signerName",1,"string","oe"],["trustBundle",2,"string","oar"]]},"ExtraValue":{"d":"io.k8s.api.certificates.v1beta1","f":[["items",1,"string","le"]],"s":"STRING_LIST"}}',
  'coordination.v1':
    '{"Lease":{"d":"io.k8s.api.coordination.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"LeaseSpec","oa"]],"v":["coordination.k8s.io/v1"]},"LeaseList":{"d":"io.k8s.api.coordination.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Lease","lar"]],"v":["coordination.k8s.io/v1"]},"LeaseSpec":{"d":"io.k8s.api.coordination.v1","f":[["holderIdentity",1,"string","op"],["leaseDurationSeconds",2,"int32","op"],["acquireTime",3,"meta.v1.MicroTime","op"],["renewTime",4,"meta.v1.MicroTime","op"],["leaseTransitions",5,"int32","op"],["strategy",6,"string","op",{"t":"v1.CoordinatedLeaseStrategy"}],["preferredHolder",7,"string","op"]]}}',
  'coordination.v1alpha1':
    '{"LeaseCandidate":{"d":"io.k8s.api.coordination.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"LeaseCandidateSpec","oa"]],"g":1,"v":["coordination.k8s.io/v1alpha1"]},"LeaseCandidateList":{"d":"io.k8s.api.coordination.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"LeaseCandidate","la"]],"g":1,"v":["coordination.k8s.io/v1alpha1"]},"LeaseCandidateSpec":{"d":"io.k8s.api.coordination.v1alpha1","f":[["leaseName",1,"string","oa"],["pingTime",2,"meta.v1.MicroTime","op"],["renewTime",3,"meta.v1.MicroTime","op"],["binaryVersion",4,"string","oe"],["emulationVersion",5,"string","oe"],["preferredStrategies",6,"string","le",{"l":"atomic","t":"[]v1.CoordinatedLeaseStrategy"}]],"g":1}}',
  'coordination.v1alpha2':
    '{"LeaseCandidate":{"d":"io.k8s.api.coordination.v1alpha2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"LeaseCandidateSpec","oa"]],"v":["coordination.k8s.io/v1alpha2"]},"LeaseCandidateList":{"d":"io.k8s.api.coordination.v1alpha2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"LeaseCandidate","lar"]],"v":["coordination.k8s.io/v1alpha2"]},"LeaseCandidateSpec":{"d":"io.k8s.api.coordination.v1alpha2","f":[["leaseName",1,"string","oar"],["pingTime",2,"meta.v1.MicroTime","op"],["renewTime",3,"meta.v1.MicroTime","op"],["binaryVersion",4,"string","oar"],["emulationVersion",5,"string","oe"],["strategy",6,"string","oer",{"t":"v1.CoordinatedLeaseStrategy"}]]}}',
  'coordination.v1beta1':
    '{"Lease":{"d":"io.k8s.api.coordination.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"LeaseSpec","oa"]],"v":["coordination.k8s.io/v1beta1"]},"LeaseCandidate":{"d":"io.k8s.api.coordination.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"LeaseCandidateSpec","oa"]],"v":["coordination.k8s.io/v1beta1"]},"LeaseCandidateList":{"d":"io.k8s.api.coordination.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"LeaseCandidate","lar"]],"v":["coordination.k8s.io/v1beta1"]},"LeaseCandidateSpec":{"d":"io.k8s.api.coordination.v1beta1","f":[["leaseName",1,"string","oar"],["pingTime",2,"meta.v1.MicroTime","op"],["renewTime",3,"meta.v1.MicroTime","op"],["binaryVersion",4,"string","oar"],["emulationVersion",5,"string","oe"],["strategy",6,"string","oer",{"t":"v1.CoordinatedLeaseStrategy"}]]},"LeaseList":{"d":"io.k8s.api.coordination.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Lease","lar"]],"v":["coordination.k8s.io/v1beta1"]},"LeaseSpec":{"d":"io.k8s.api.coordination.v1beta1","f":[["holderIdentity",1,"string","op"],["leaseDurationSeconds",2,"int32","op"],["acquireTime",3,"meta.v1.MicroTime","op"],["renewTime",4,"meta.v1.MicroTime","op"],["leaseTransitions",5,"int32","op"],["strategy",6,"string","op",{"t":"v1.CoordinatedLeaseStrategy"}],["preferredHolder",7,"string","op"]]}}',
  'core.v1':
    '{"AWSElasticBlockStoreVolumeSource":{"d":"io.k8s.api.core.v1","f":[["volumeID",1,"string","oar"],["fsType",2,"string","oe"],["partition",3,"int32","oe"],["readOnly",4,"bool","oe"]]},"Affinity":{"d":"io.k8s.api.core.v1","f":[["nodeAffinity",1,"NodeAffinity","op"],["podAffinity",2,"PodAffinity","op"],["podAntiAffinity",3,"PodAntiAffinity","op"]]},"AppArmorProfile":{"d":"io.k8s.api.core.v1","f":[["type",1,"string","oar",{"e":["Localhost","RuntimeDefault","Unconfined"],"t":"v1.AppArmorProfileType"}],["localhostProfile",2,"string","op"]],"u":["type","localhostProfile=LocalhostProfile"]},"AttachedVolume":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar",{"t":"v1.UniqueVolumeName"}],["devicePath",2,"string","oar"]]},"AvoidPods":{"d":"io.k8s.api.core.v1","f":[["preferAvoidPods",1,"PreferAvoidPodsEntry","le",{"l":"atomic"}]]},"AzureDiskVolumeSource":{"d":"io.k8s.api.core.v1","f":[["diskName",1,"string","oar"],["diskURI",2,"string","oar"],["cachingMode",3,"string","op",{"d":"ReadWrite","e":["None","ReadOnly","ReadWrite"],"t":"v1.AzureDataDiskCachingMode"}],["fsType",4,"string","op",{"d":"ext4"}],["readOnly",5,"bool","op",{"d":false}],["kind",6,"string","op",{"d":"Shared","e":["Dedicated","Managed","Shared"],"t":"v1.AzureDataDiskKind"}]]},"AzureFilePersistentVolumeSource":{"d":"io.k8s.api.core.v1","f":[["secretName",1,"string","oar"],["shareName",2,"string","oar"],["readOnly",3,"bool","oe"],["secretNamespace",4,"string","on"]]},"AzureFileVolumeSource":{"d":"io.k8s.api.core.v1","f":[["secretName",1,"string","oar"],["shareName",2,"string","oar"],["readOnly",3,"bool","oe"]]},"Binding":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["target",2,"ObjectReference","oar"]],"v":["v1"]},"CSIPersistentVolumeSource":{"d":"io.k8s.api.core.v1","f":[["driver",1,"string","oar"],["volumeHandle",2,"string","oar"],["readOnly",3,"bool","oe"],["fsType",4,"string","oe"],["volumeAttributes",5,"string","me"],["controllerPublishSecretRef",6,"SecretReference","op"],["nodeStageSecretRef",7,"SecretReference","op"],["nodePublishSecretRef",8,"SecretReference","op"],["controllerExpandSecretRef",9,"SecretReference","op"],["nodeExpandSecretRef",10,"SecretReference","op"]]},"CSIVolumeSource":{"d":"io.k8s.api.core.v1","f":[["driver",1,"string","oar"],["readOnly",2,"bool","op"],["fsType",3,"string","op"],["volumeAttributes",4,"string","me"],["nodePublishSecretRef",5,"LocalObjectReference","op"]]},"Capabilities":{"d":"io.k8s.api.core.v1","f":[["add",1,"string","le",{"l":"atomic","t":"[]v1.Capability"}],["drop",2,"string","le",{"l":"atomic","t":"[]v1.Capability"}]]},"CephFSPersistentVolumeSource":{"d":"io.k8s.api.core.v1","f":[["monitors",1,"string","lar",{"l":"atomic"}],["path",2,"string","oe"],["user",3,"string","oe"],["secretFile",4,"string","oe"],["secretRef",5,"SecretReference","op"],["readOnly",6,"bool","oe"]]},"CephFSVolumeSource":{"d":"io.k8s.api.core.v1","f":[["monitors",1,"string","lar",{"l":"atomic"}],["path",2,"string","oe"],["user",3,"string","oe"],["secretFile",4,"string","oe"],["secretRef",5,"LocalObjectReference","op"],["readOnly",6,"bool","oe"]]},"CinderPersistentVolumeSource":{"d":"io.k8s.api.core.v1","f":[["volumeID",1,"string","oar"],["fsType",2,"string","oe"],["readOnly",3,"bool","oe"],["secretRef",4,"SecretReference","op"]]},"CinderVolumeSource":{"d":"io.k8s.api.core.v1","f":[["volumeID",1,"string","oar"],["fsType",2,"string","oe"],["readOnly",3,"bool","oe"],["secretRef",4,"LocalObjectReference","op"]]},"ClaimSource":{"d":"io.k8s.api.core.v1","f":[["resourceClaimName",1,"string","op"],["resourceClaimTemplateName",2,"string","op"]],"g":1},"ClientIPConfig":{"d":"io.k8s.api.core.v1","f":[["timeoutSeconds",1,"int32","op"]]},"ClusterTrustBundleProjection":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","op"],["signerName",2,"string","op"],["labelSelector",3,"meta.v1.LabelSelector","op"],["optional",5,"bool","op"],["path",4,"string","oar"]]},"ComponentCondition":{"d":"io.k8s.api.core.v1","f":[["type",1,"string","oar",{"t":"v1.ComponentConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["message",3,"string","oe"],["error",4,"string","oe"]]},"ComponentStatus":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["conditions",2,"ComponentCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]],"v":["v1"]},"ComponentStatusList":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ComponentStatus","lar"]],"v":["v1"]},"ConfigMap":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["immutable",4,"bool","op"],["data",2,"string","me"],["binaryData",3,"bytes","me"]],"v":["v1"]},"ConfigMapEnvSource":{"d":"io.k8s.api.core.v1","f":[["localObjectReference",1,"LocalObjectReference","opi"],["optional",2,"bool","op"]]},"ConfigMapKeySelector":{"d":"io.k8s.api.core.v1","f":[["localObjectReference",1,"LocalObjectReference","opi"],["key",2,"string","oar"],["optional",3,"bool","op"]],"a":1},"ConfigMapList":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ConfigMap","lar"]],"v":["v1"]},"ConfigMapNodeConfigSource":{"d":"io.k8s.api.core.v1","f":[["namespace",1,"string","oar"],["name",2,"string","oar"],["uid",3,"string","oe",{"t":"types.UID"}],["resourceVersion",4,"string","oe"],["kubeletConfigKey",5,"string","oar"]]},"ConfigMapProjection":{"d":"io.k8s.api.core.v1","f":[["localObjectReference",1,"LocalObjectReference","opi"],["items",2,"KeyToPath","le",{"l":"atomic"}],["optional",4,"bool","op"]]},"ConfigMapVolumeSource":{"d":"io.k8s.api.core.v1","f":[["localObjectReference",1,"LocalObjectReference","opi"],["items",2,"KeyToPath","le",{"l":"atomic"}],["defaultMode",3,"int32","op"],["optional",4,"bool","op"]]},"Container":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar"],["image",2,"string","oe"],["command",3,"string","le",{"l":"atomic"}],["args",4,"string","le",{"l":"atomic"}],["workingDir",5,"string","oe"],["ports",6,"ContainerPort","le",{"l":"map","k":["containerPort","protocol"],"p":["merge"],"y":"containerPort"}],["envFrom",19,"EnvFromSource","le",{"l":"atomic"}],["env",7,"EnvVar","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}],["resources",8,"ResourceRequirements","oa"],["resizePolicy",23,"ContainerResizePolicy","le",{"l":"atomic"}],["restartPolicy",24,"string","op",{"t":"v1.ContainerRestartPolicy"}],["restartPolicyRules",25,"ContainerRestartRule","le",{"l":"atomic"}],["volumeMounts",9,"VolumeMount","le",{"l":"map","k":["mountPath"],"p":["merge"],"y":"mountPath"}],["volumeDevices",21,"VolumeDevice","le",{"l":"map","k":["devicePath"],"p":["merge"],"y":"devicePath"}],["livenessProbe",10,"Probe","op"],["readinessProbe",11,"Probe","op"],["startupProbe",22,"Probe","op"],["lifecycle",12,"Lifecycle","op"],["terminationMessagePath",13,"string","oe"],["terminationMessagePolicy",20,"string","oe",{"e":["FallbackToLogsOnError","File"],"t":"v1.TerminationMessagePolicy"}],["imagePullPolicy",14,"string","oe",{"e":["Always","IfNotPresent","Never"],"t":"v1.PullPolicy"}],["securityContext",15,"SecurityContext","op"],["stdin",16,"bool","oe"],["stdinOnce",17,"bool","oe"],["tty",18,"bool","oe"]]},"ContainerExtendedResourceRequest":{"d":"io.k8s.api.core.v1","f":[["containerName",1,"string","oar"],["resourceName",2,"string","oar"],["requestName",3,"string","oar"]]},"ContainerImage":{"d":"io.k8s.api.core.v1","f":[["names",1,"string","la",{"l":"atomic"}],["sizeBytes",2,"int64","oe"]]},"ContainerPort":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oe"],["hostPort",2,"int32","oe"],["containerPort",3,"int32","oar"],["protocol",4,"string","oe",{"d":"TCP","e":["SCTP","TCP","UDP"],"t":"v1.Protocol"}],["hostIP",5,"string","oe"]]},"ContainerResizePolicy":{"d":"io.k8s.api.core.v1","f":[["resourceName",1,"string","oar",{"t":"v1.ResourceName"}],["restartPolicy",2,"string","oar",{"t":"v1.ResourceResizeRestartPolicy"}]]},"ContainerRestartRule":{"d":"io.k8s.api.core.v1","f":[["action",1,"string","oer",{"t":"v1.ContainerRestartRuleAction"}],["exitCodes",2,"ContainerRestartRuleOnExitCodes","op"]]},"ContainerRestartRuleOnExitCodes":{"d":"io.k8s.api.core.v1","f":[["operator",1,"string","oer",{"t":"v1.ContainerRestartRuleOnExitCodesOperator"}],["values",2,"int32","le",{"l":"set"}]]},"ContainerState":{"d":"io.k8s.api.core.v1","f":[["waiting",1,"ContainerStateWaiting","op"],["running",2,"ContainerStateRunning","op"],["terminated",3,"ContainerStateTerminated","op"]]},"ContainerStateRunning":{"d":"io.k8s.api.core.v1","f":[["startedAt",1,"meta.v1.Time","oa"]]},"ContainerStateTerminated":{"d":"io.k8s.api.core.v1","f":[["exitCode",1,"int32","oar"],["signal",2,"int32","oe"],["reason",3,"string","oe"],["message",4,"string","oe"],["startedAt",5,"meta.v1.Time","oa"],["finishedAt",6,"meta.v1.Time","oa"],["containerID",7,"string","oe"]]},"ContainerStateWaiting":{"d":"io.k8s.api.core.v1","f":[["reason",1,"string","oe"],["message",2,"string","oe"]]},"ContainerStatus":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar"],["state",2,"ContainerState","oa"],["lastState",3,"ContainerState","oa"],["ready",4,"bool","oar"],["restartCount",5,"int32","oar"],["image",6,"string","oar"],["imageID",7,"string","oar"],["containerID",8,"string","oe"],["started",9,"bool","op"],["allocatedResources",10,"machinery.Quantity","me",{"t":"v1.ResourceList"}],["resources",11,"ResourceRequirements","op"],["volumeMounts",12,"VolumeMountStatus","le",{"l":"map","k":["mountPath"],"p":["merge"],"y":"mountPath"}],["user",13,"ContainerUser","op"],["allocatedResourcesStatus",14,"ResourceStatus","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}],["stopSignal",15,"string","op",{"e":["SIGABRT","SIGALRM","SIGBUS","SIGCHLD","SIGCLD","SIGCONT","SIGFPE","SIGHUP","SIGILL","SIGINT","SIGIO","SIGIOT","SIGKILL","SIGPIPE","SIGPOLL","SIGPROF","SIGPWR","SIGQUIT","SIGRTMAX","SIGRTMAX-1","SIGRTMAX-10","SIGRTMAX-11","SIGRTMAX-12","SIGRTMAX-13","SIGRTMAX-14","SIGRTMAX-2","SIGRTMAX-3","SIGRTMAX-4","SIGRTMAX-5","SIGRTMAX-6","SIGRTMAX-7","SIGRTMAX-8","SIGRTMAX-9","SIGRTMIN","SIGRTMIN+1","SIGRTMIN+10","SIGRTMIN+11","SIGRTMIN+12","SIGRTMIN+13","SIGRTMIN+14","SIGRTMIN+15","SIGRTMIN+2","SIGRTMIN+3","SIGRTMIN+4","SIGRTMIN+5","SIGRTMIN+6","SIGRTMIN+7","SIGRTMIN+8","SIGRTMIN+9","SIGSEGV","SIGSTKFLT","SIGSTOP","SIGSYS","SIGTERM","SIGTRAP","SIGTSTP","SIGTTIN","SIGTTOU","SIGURG","SIGUSR1","SIGUSR2","SIGVTALRM","SIGWINCH","SIGXCPU","SIGXFSZ"],"t":"v1.Signal"}]]},"ContainerUser":{"d":"io.k8s.api.core.v1","f":[["linux",1,"LinuxContainerUser","op"]]},"DaemonEndpoint":{"d":"io.k8s.api.core.v1","f":[["Port",1,"int32","oar"]]},"DeleteOptions":{"d":"io.k8s.api.core.v1","f":[["gracePeriodSeconds",1,"int64","op"],["preconditions",2,"Preconditions","op"],["orphanDependents",3,"bool","op"],["propagationPolicy",4,"string","on",{"t":"v1.DeletionPropagation"}]],"g":1},"DownwardAPIProjection":{"d":"io.k8s.api.core.v1","f":[["items",1,"DownwardAPIVolumeFile","le",{"l":"atomic"}]]},"DownwardAPIVolumeFile":{"d":"io.k8s.api.core.v1","f":[["path",1,"string","oar"],["fieldRef",2,"ObjectFieldSelector","op"],["resourceFieldRef",3,"ResourceFieldSelector","op"],["mode",4,"int32","op"]]},"DownwardAPIVolumeSource":{"d":"io.k8s.api.core.v1","f":[["items",1,"DownwardAPIVolumeFile","le",{"l":"atomic"}],["defaultMode",2,"int32","op"]]},"EmptyDirVolumeSource":{"d":"io.k8s.api.core.v1","f":[["medium",1,"string","oe",{"t":"v1.StorageMedium"}],["sizeLimit",2,"machinery.Quantity","op"]]},"EndpointAddress":{"d":"io.k8s.api.core.v1","f":[["ip",1,"string","oar"],["hostname",3,"string","oe"],["nodeName",4,"string","op"],["targetRef",2,"ObjectReference","op"]],"a":1},"EndpointPort":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oe"],["port",2,"int32","oar"],["protocol",3,"string","oe",{"e":["SCTP","TCP","UDP"],"t":"v1.Protocol"}],["appProtocol",4,"string","op"]],"a":1},"EndpointSubset":{"d":"io.k8s.api.core.v1","f":[["addresses",1,"EndpointAddress","le",{"l":"atomic"}],["notReadyAddresses",2,"EndpointAddress","le",{"l":"atomic"}],["ports",3,"EndpointPort","le",{"l":"atomic"}]]},"Endpoints":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["subsets",2,"EndpointSubset","le",{"l":"atomic"}]],"v":["v1"]},"EndpointsList":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Endpoints","lar"]],"v":["v1"]},"EnvFromSource":{"d":"io.k8s.api.core.v1","f":[["prefix",1,"string","oe"],["configMapRef",2,"ConfigMapEnvSource","op"],["secretRef",3,"SecretEnvSource","op"]]},"EnvVar":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar"],["value",2,"string","oe"],["valueFrom",3,"EnvVarSource","op"]]},"EnvVarSource":{"d":"io.k8s.api.core.v1","f":[["fieldRef",1,"ObjectFieldSelector","op"],["resourceFieldRef",2,"ResourceFieldSelector","op"],["configMapKeyRef",3,"ConfigMapKeySelector","op"],["secretKeyRef",4,"SecretKeySelector","op"],["fileKeyRef",5,"FileKeySelector","op"]]},"EphemeralContainer":{"d":"io.k8s.api.core.v1","f":[["ephemeralContainerCommon",1,"EphemeralContainerCommon","opi"],["targetContainerName",2,"string","oe"]]},"EphemeralContainerCommon":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar"],["image",2,"string","oe"],["command",3,"string","le",{"l":"atomic"}],["args",4,"string","le",{"l":"atomic"}],["workingDir",5,"string","oe"],["ports",6,"ContainerPort","le",{"l":"map","k":["containerPort","protocol"],"p":["merge"],"y":"containerPort"}],["envFrom",19,"EnvFromSource","le",{"l":"atomic"}],["env",7,"EnvVar","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}],["resources",8,"ResourceRequirements","oa"],["resizePolicy",23,"ContainerResizePolicy","le",{"l":"atomic"}],["restartPolicy",24,"string","op",{"t":"v1.ContainerRestartPolicy"}],["restartPolicyRules",25,"ContainerRestartRule","le",{"l":"atomic"}],["volumeMounts",9,"VolumeMount","le",{"l":"map","k":["mountPath"],"p":["merge"],"y":"mountPath"}],["volumeDevices",21,"VolumeDevice","le",{"l":"map","k":["devicePath"],"p":["merge"],"y":"devicePath"}],["livenessProbe",10,"Probe","op"],["readinessProbe",11,"Probe","op"],["startupProbe",22,"Probe","op"],["lifecycle",12,"Lifecycle","op"],["terminationMessagePath",13,"string","oe"],["terminationMessagePolicy",20,"string","oe",{"e":["FallbackToLogsOnError","File"],"t":"v1.TerminationMessagePolicy"}],["imagePullPolicy",14,"string","oe",{"e":["Always","IfNotPresent","Never"],"t":"v1.PullPolicy"}],["securityContext",15,"SecurityContext","op"],["stdin",16,"bool","oe"],["stdinOnce",17,"bool","oe"],["tty",18,"bool","oe"]]},"EphemeralContainers":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["ephemeralContainers",2,"EphemeralContainer","la",{"p":["merge"],"y":"name"}]],"g":1,"v":["v1"]},"EphemeralVolumeSource":{"d":"io.k8s.api.core.v1","f":[["volumeClaimTemplate",1,"PersistentVolumeClaimTemplate","op"],["readOnly",2,"bool","oex"]]},"Event":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oar"],["involvedObject",2,"ObjectReference","oar"],["reason",3,"string","oe"],["message",4,"string","oe"],["source",5,"EventSource","oa"],["firstTimestamp",6,"meta.v1.Time","oa"],["lastTimestamp",7,"meta.v1.Time","oa"],["count",8,"int32","oe"],["type",9,"string","oe"],["eventTime",10,"meta.v1.MicroTime","oa"],["series",11,"EventSeries","op"],["action",12,"string","oe"],["related",13,"ObjectReference","op"],["reportingComponent",14,"string","oa"],["reportingInstance",15,"string","oa"]],"v":["v1"]},"EventList":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Event","lar"]],"v":["v1"]},"EventSeries":{"d":"io.k8s.api.core.v1","f":[["count",1,"int32","oe"],["lastObservedTime",2,"meta.v1.MicroTime","oa"],["state",3,"string","oex",{"t":"v1.EventSeriesState"}]]},"EventSource":{"d":"io.k8s.api.core.v1","f":[["component",1,"string","oe"],["host",2,"string","oe"]]},"ExecAction":{"d":"io.k8s.api.core.v1","f":[["command",1,"string","le",{"l":"atomic"}]]},"FCVolumeSource":{"d":"io.k8s.api.core.v1","f":[["targetWWNs",1,"string","le",{"l":"atomic"}],["lun",2,"int32","op"],["fsType",3,"string","oe"],["readOnly",4,"bool","oe"],["wwids",5,"string","le",{"l":"atomic"}]]},"FileKeySelector":{"d":"io.k8s.api.core.v1","f":[["volumeName",1,"string","oar"],["path",2,"string","oar"],["key",3,"string","oar"],["optional",4,"bool","op",{"d":false}]],"a":1},"FlexPersistentVolumeSource":{"d":"io.k8s.api.core.v1","f":[["driver",1,"string","oar"],["fsType",2,"string","oe"],["secretRef",3,"SecretReference","op"],["readOnly",4,"bool","oe"],["options",5,"string","me"]]},"FlexVolumeSource":{"d":"io.k8s.api.core.v1","f":[["driver",1,"string","oar"],["fsType",2,"string","oe"],["secretRef",3,"LocalObjectReference","op"],["readOnly",4,"bool","oe"],["options",5,"string","me"]]},"FlockerVolumeSource":{"d":"io.k8s.api.core.v1","f":[["datasetName",1,"string","oe"],["datasetUUID",2,"string","oe"]]},"GCEPersistentDiskVolumeSource":{"d":"io.k8s.api.core.v1","f":[["pdName",1,"string","oar"],["fsType",2,"string","oe"],["partition",3,"int32","oe"],["readOnly",4,"bool","oe"]]},"GRPCAction":{"d":"io.k8s.api.core.v1","f":[["port",1,"int32","oar"],["service",2,"string","on",{"d":""}]]},"GitRepoVolumeSource":{"d":"io.k8s.api.core.v1","f":[["repository",1,"string","oar"],["revision",2,"string","oe"],["directory",3,"string","oe"]]},"GlusterfsPersistentVolumeSource":{"d":"io.k8s.api.core.v1","f":[["endpoints",1,"string","oar"],["path",2,"string","oar"],["readOnly",3,"bool","oe"],["endpointsNamespace",4,"string","op"]]},"GlusterfsVolumeSource":{"d":"io.k8s.api.core.v1","f":[["endpoints",1,"string","oar"],["path",2,"string","oar"],["readOnly",3,"bool","oe"]]},"HTTPGetAction":{"d":"io.k8s.api.core.v1","f":[["path",1,"string","oe"],["port",2,"machinery.IntOrString","oar"],["host",3,"string","oe"],["scheme",4,"string","oe",{"e":["HTTP","HTTPS"],"t":"v1.URIScheme"}],["httpHeaders",5,"HTTPHeader","le",{"l":"atomic"}]]},"HTTPHeader":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar"],["value",2,"string","oar"]]},"Handler":{"d":"io.k8s.api.core.v1","f":[["exec",1,"ExecAction","op"],["httpGet",2,"HTTPGetAction","op"],["tcpSocket",3,"TCPSocketAction","op"]],"g":1},"HostAlias":{"d":"io.k8s.api.core.v1","f":[["ip",1,"string","oar"],["hostnames",2,"string","le",{"l":"atomic"}]]},"HostIP":{"d":"io.k8s.api.core.v1","f":[["ip",1,"string","oar"]]},"HostPathVolumeSource":{"d":"io.k8s.api.core.v1","f":[["path",1,"string","oar"],["type",2,"string","op",{"e":["","BlockDevice","CharDevice","Directory","DirectoryOrCreate","File","FileOrCreate","Socket"],"t":"v1.HostPathType"}]]},"ISCSIPersistentVolumeSource":{"d":"io.k8s.api.core.v1","f":[["targetPortal",1,"string","oar"],["iqn",2,"string","oar"],["lun",3,"int32","oar"],["iscsiInterface",4,"string","oe",{"d":"default"}],["fsType",5,"string","oe"],["readOnly",6,"bool","oe"],["portals",7,"string","le",{"l":"atomic"}],["chapAuthDiscovery",8,"bool","oe"],["chapAuthSession",11,"bool","oe"],["secretRef",10,"SecretReference","op"],["initiatorName",12,"string","op"]]},"ISCSIVolumeSource":{"d":"io.k8s.api.core.v1","f":[["targetPortal",1,"string","oar"],["iqn",2,"string","oar"],["lun",3,"int32","oar"],["iscsiInterface",4,"string","oe",{"d":"default"}],["fsType",5,"string","oe"],["readOnly",6,"bool","oe"],["portals",7,"string","le",{"l":"atomic"}],["chapAuthDiscovery",8,"bool","oe"],["chapAuthSession",11,"bool","oe"],["secretRef",10,"LocalObjectReference","op"],["initiatorName",12,"string","op"]]},"ImageVolumeSource":{"d":"io.k8s.api.core.v1","f":[["reference",1,"string","oe"],["pullPolicy",2,"string","oe",{"e":["Always","IfNotPresent","Never"],"t":"v1.PullPolicy"}]]},"KeyToPath":{"d":"io.k8s.api.core.v1","f":[["key",1,"string","oar"],["path",2,"string","oar"],["mode",3,"int32","op"]]},"Lifecycle":{"d":"io.k8s.api.core.v1","f":[["postStart",1,"LifecycleHandler","op"],["preStop",2,"LifecycleHandler","op"],["stopSignal",3,"string","op",{"e":["SIGABRT","SIGALRM","SIGBUS","SIGCHLD","SIGCLD","SIGCONT","SIGFPE","SIGHUP","SIGILL","SIGINT","SIGIO","SIGIOT","SIGKILL","SIGPIPE","SIGPOLL","SIGPROF","SIGPWR","SIGQUIT","SIGRTMAX","SIGRTMAX-1","SIGRTMAX-10","SIGRTMAX-11","SIGRTMAX-12","SIGRTMAX-13","SIGRTMAX-14","SIGRTMAX-2","SIGRTMAX-3","SIGRTMAX-4","SIGRTMAX-5","SIGRTMAX-6","SIGRTMAX-7","SIGRTMAX-8","SIGRTMAX-9","SIGRTMIN","SIGRTMIN+1","SIGRTMIN+10","SIGRTMIN+11","SIGRTMIN+12","SIGRTMIN+13","SIGRTMIN+14","SIGRTMIN+15","SIGRTMIN+2","SIGRTMIN+3","SIGRTMIN+4","SIGRTMIN+5","SIGRTMIN+6","SIGRTMIN+7","SIGRTMIN+8","SIGRTMIN+9","SIGSEGV","SIGSTKFLT","SIGSTOP","SIGSYS","SIGTERM","SIGTRAP","SIGTSTP","SIGTTIN","SIGTTOU","SIGURG","SIGUSR1","SIGUSR2","SIGVTALRM","SIGWINCH","SIGXCPU","SIGXFSZ"],"t":"v1.Signal"}]]},"LifecycleHandler":{"d":"io.k8s.api.core.v1","f":[["exec",1,"ExecAction","op"],["httpGet",2,"HTTPGetAction","op"],["tcpSocket",3,"TCPSocketAction","op"],["sleep",4,"SleepAction","op"]]},"LimitRange":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"LimitRangeSpec","oa"]],"v":["v1"]},"LimitRangeItem":{"d":"io.k8s.api.core.v1","f":[["type",1,"string","oar",{"t":"v1.LimitType"}],["max",2,"machinery.Quantity","me",{"t":"v1.ResourceList"}],["min",3,"machinery.Quantity","me",{"t":"v1.ResourceList"}],["default",4,"machinery.Quantity","me",{"t":"v1.ResourceList"}],["defaultRequest",5,"machinery.Quantity","me",{"t":"v1.ResourceList"}],["maxLimitRequestRatio",6,"machinery.Quantity","me",{"t":"v1.ResourceList"}]]},"LimitRangeList":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"LimitRange","lar"]],"v":["v1"]},"LimitRangeSpec":{"d":"io.k8s.api.core.v1","f":[["limits",1,"LimitRangeItem","lar",{"l":"atomic"}]]},"LinuxContainerUser":{"d":"io.k8s.api.core.v1","f":[["uid",1,"int64","oar"],["gid",2,"int64","oar"],["supplementalGroups",3,"int64","le",{"l":"atomic"}]]},"List":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"machinery.RawExtension","lar"]],"v":["v1"]},"ListOptions":{"d":"io.k8s.api.core.v1","f":[["labelSelector",1,"string","oe"],["fieldSelector",2,"string","oe"],["watch",3,"bool","oe"],["resourceVersion",4,"string","oe"],["timeoutSeconds",5,"int64","op"],["includeUninitialized",6,"bool","oe"]],"g":1},"LoadBalancerIngress":{"d":"io.k8s.api.core.v1","f":[["ip",1,"string","oe"],["hostname",2,"string","oe"],["ipMode",3,"string","op",{"t":"v1.LoadBalancerIPMode"}],["ports",4,"PortStatus","le",{"l":"atomic"}]]},"LoadBalancerStatus":{"d":"io.k8s.api.core.v1","f":[["ingress",1,"LoadBalancerIngress","le",{"l":"atomic"}]]},"LocalObjectReference":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oe",{"d":""}]],"a":1},"LocalVolumeSource":{"d":"io.k8s.api.core.v1","f":[["path",1,"string","oar"],["fsType",2,"string","op"]]},"ModifyVolumeStatus":{"d":"io.k8s.api.core.v1","f":[["targetVolumeAttributesClassName",1,"string","oe"],["status",2,"string","oar",{"e":["InProgress","Infeasible","Pending"],"t":"v1.PersistentVolumeClaimModifyVolumeStatus"}]]},"NFSVolumeSource":{"d":"io.k8s.api.core.v1","f":[["server",1,"string","oar"],["path",2,"string","oar"],["readOnly",3,"bool","oe"]]},"Namespace":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"NamespaceSpec","oa"],["status",3,"NamespaceStatus","oa"]],"v":["v1"]},"NamespaceCondition":{"d":"io.k8s.api.core.v1","f":[["type",1,"string","oar",{"t":"v1.NamespaceConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",4,"meta.v1.Time","oa"],["reason",5,"string","oe"],["message",6,"string","oe"]]},"NamespaceList":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Namespace","lar"]],"v":["v1"]},"NamespaceSpec":{"d":"io.k8s.api.core.v1","f":[["finalizers",1,"string","le",{"l":"atomic","t":"[]v1.FinalizerName"}]]},"NamespaceStatus":{"d":"io.k8s.api.core.v1","f":[["phase",1,"string","oe",{"e":["Active","Terminating"],"t":"v1.NamespacePhase"}],["conditions",2,"NamespaceCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"Node":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"NodeSpec","oa"],["status",3,"NodeStatus","oa"]],"v":["v1"]},"NodeAddress":{"d":"io.k8s.api.core.v1","f":[["type",1,"string","oar",{"t":"v1.NodeAddressType"}],["address",2,"string","oar"]]},"NodeAffinity":{"d":"io.k8s.api.core.v1","f":[["requiredDuringSchedulingIgnoredDuringExecution",1,"NodeSelector","op"],["preferredDuringSchedulingIgnoredDuringExecution",2,"PreferredSchedulingTerm","le",{"l":"atomic"}]]},"NodeCondition":{"d":"io.k8s.api.core.v1","f":[["type",1,"string","oar",{"t":"v1.NodeConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastHeartbeatTime",3,"meta.v1.Time","oa"],["lastTransitionTime",4,"meta.v1.Time","oa"],["reason",5,"string","oe"],["message",6,"string","oe"]]},"NodeConfigSource":{"d":"io.k8s.api.core.v1","f":[["configMapRef",1,"ObjectReference","opx"],["configMap",2,"ConfigMapNodeConfigSource","op"]]},"NodeConfigStatus":{"d":"io.k8s.api.core.v1","f":[["assigned",1,"NodeConfigSource","op"],["active",2,"NodeConfigSource","op"],["lastKnownGood",3,"NodeConfigSource","op"],["error",4,"string","oe"]]},"NodeDaemonEndpoints":{"d":"io.k8s.api.core.v1","f":[["kubeletEndpoint",1,"DaemonEndpoint","oa"]]},"NodeFeatures":{"d":"io.k8s.api.core.v1","f":[["supplementalGroupsPolicy",1,"bool","op"]]},"NodeList":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Node","lar"]],"v":["v1"]},"NodeProxyOptions":{"d":"io.k8s.api.core.v1","f":[["path",1,"string","oe"]],"v":["v1"]},"NodeResources":{"d":"io.k8s.api.core.v1","f":[["capacity",1,"machinery.Quantity","ma",{"t":"v1.ResourceList"}]],"g":1},"NodeRuntimeHandler":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oa"],["features",2,"NodeRuntimeHandlerFeatures","op"]]},"NodeRuntimeHandlerFeatures":{"d":"io.k8s.api.core.v1","f":[["recursiveReadOnlyMounts",1,"bool","op"],["userNamespaces",2,"bool","op"]]},"NodeSelector":{"d":"io.k8s.api.core.v1","f":[["nodeSelectorTerms",1,"NodeSelectorTerm","lar",{"l":"atomic"}]],"a":1},"NodeSelectorRequirement":{"d":"io.k8s.api.core.v1","f":[["key",1,"string","oar"],["operator",2,"string","oar",{"e":["DoesNotExist","Exists","Gt","In","Lt","NotIn"],"t":"v1.NodeSelectorOperator"}],["values",3,"string","le",{"l":"atomic"}]]},"NodeSelectorTerm":{"d":"io.k8s.api.core.v1","f":[["matchExpressions",1,"NodeSelectorRequirement","le",{"l":"atomic"}],["matchFields",2,"NodeSelectorRequirement","le",{"l":"atomic"}]],"a":1},"NodeSpec":{"d":"io.k8s.api.core.v1","f":[["podCIDR",1,"string","oe"],["podCIDRs",7,"string","le",{"l":"set","p":["merge"]}],["providerID",3,"string","oe"],["unschedulable",4,"bool","oe"],["taints",5,"Taint","le",{"l":"atomic"}],["configSource",6,"NodeConfigSource","op"],["externalID",2,"string","oe"]]},"NodeStatus":{"d":"io.k8s.api.core.v1","f":[["capacity",1,"machinery.Quantity","me",{"t":"v1.ResourceList"}],["allocatable",2,"machinery.Quantity","me",{"t":"v1.ResourceList"}],["phase",3,"string","oe",{"e":["Pending","Running","Terminated"],"t":"v1.NodePhase"}],["conditions",4,"NodeCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}],["addresses",5,"NodeAddress","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}],["daemonEndpoints",6,"NodeDaemonEndpoints","oa"],["nodeInfo",7,"NodeSystemInfo","oa"],["images",8,"ContainerImage","le",{"l":"atomic"}],["volumesInUse",9,"string","le",{"l":"atomic","t":"[]v1.UniqueVolumeName"}],["volumesAttached",10,"AttachedVolume","le",{"l":"atomic"}],["config",11,"NodeConfigStatus","op"],["runtimeHandlers",12,"NodeRuntimeHandler","le",{"l":"atomic"}],["features",13,"NodeFeatures","op"]]},"NodeSwapStatus":{"d":"io.k8s.api.core.v1","f":[["capacity",1,"int64","op"]]},"NodeSystemInfo":{"d":"io.k8s.api.core.v1","f":[["machineID",1,"string","oar"],["systemUUID",2,"string","oar"],["bootID",3,"string","oar"],["kernelVersion",4,"string","oar"],["osImage",5,"string","oar"],["containerRuntimeVersion",6,"string","oar"],["kubeletVersion",7,"string","oar"],["kubeProxyVersion",8,"string","oar"],["operatingSystem",9,"string","oar"],["architecture",10,"string","oar"],["swap",11,"NodeSwapStatus","op"]]},"ObjectFieldSelector":{"d":"io.k8s.api.core.v1","f":[["apiVersion",1,"string","oe"],["fieldPath",2,"string","oar"]],"a":1},"ObjectMeta":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oe"],["generateName",2,"string","oe"],["namespace",3,"string","oe"],["selfLink",4,"string","oe"],["uid",5,"string","oe",{"t":"types.UID"}],["resourceVersion",6,"string","oe"],["generation",7,"int64","oe"],["creationTimestamp",8,"meta.v1.Time","oa"],["deletionTimestamp",9,"meta.v1.Time","op"],["deletionGracePeriodSeconds",10,"int64","op"],["labels",11,"string","me"],["annotations",12,"string","me"],["ownerReferences",13,"meta.v1.OwnerReference","le",{"p":["merge"],"y":"uid"}],["finalizers",14,"string","le",{"p":["merge"]}],["clusterName",15,"string","oe"],["initializers",16,"meta.v1.Initializers","op",{"p":["merge"]}]],"g":1},"ObjectReference":{"d":"io.k8s.api.core.v1","f":[["kind",1,"string","oe"],["namespace",2,"string","oe"],["name",3,"string","oe"],["uid",4,"string","oe",{"t":"types.UID"}],["apiVersion",5,"string","oe"],["resourceVersion",6,"string","oe"],["fieldPath",7,"string","oe"]],"a":1},"PersistentVolume":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PersistentVolumeSpec","oa"],["status",3,"PersistentVolumeStatus","oa"]],"v":["v1"]},"PersistentVolumeClaim":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PersistentVolumeClaimSpec","oa"],["status",3,"PersistentVolumeClaimStatus","oa"]],"v":["v1"]},"PersistentVolumeClaimCondition":{"d":"io.k8s.api.core.v1","f":[["type",1,"string","oar",{"t":"v1.PersistentVolumeClaimConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastProbeTime",3,"meta.v1.Time","oa"],["lastTransitionTime",4,"meta.v1.Time","oa"],["reason",5,"string","oe"],["message",6,"string","oe"]]},"PersistentVolumeClaimList":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PersistentVolumeClaim","lar"]],"v":["v1"]},"PersistentVolumeClaimSpec":{"d":"io.k8s.api.core.v1","f":[["accessModes",1,"string","le",{"e":["ReadOnlyMany","ReadWriteMany","ReadWriteOnce","ReadWriteOncePod"],"l":"atomic","t":"[]v1.PersistentVolumeAccessMode"}],["selector",4,"meta.v1.LabelSelector","op"],["resources",2,"VolumeResourceRequirements","oa"],["volumeName",3,"string","oe"],["storageClassName",5,"string","op"],["volumeMode",6,"string","op",{"e":["Block","Filesystem"],"t":"v1.PersistentVolumeMode"}],["dataSource",7,"TypedLocalObjectReference","op"],["dataSourceRef",8,"TypedObjectReference","op"],["volumeAttributesClassName",9,"string","op"]]},"PersistentVolumeClaimStatus":{"d":"io.k8s.api.core.v1","f":[["phase",1,"string","oe",{"e":["Bound","Lost","Pending"],"t":"v1.PersistentVolumeClaimPhase"}],["accessModes",2,"string","le",{"e":["ReadOnlyMany","ReadWriteMany","ReadWriteOnce","ReadWriteOncePod"],"l":"atomic","t":"[]v1.PersistentVolumeAccessMode"}],["capacity",3,"machinery.Quantity","me",{"t":"v1.ResourceList"}],["conditions",4,"PersistentVolumeClaimCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}],["allocatedResources",5,"machinery.Quantity","me",{"t":"v1.ResourceList"}],["resizeStatus",6,"string","opx",{"t":"v1.PersistentVolumeClaimResizeStatus"}],["allocatedResourceStatuses",7,"string","me",{"e":["ControllerResizeInProgress","ControllerResizeInfeasible","NodeResizeInProgress","NodeResizeInfeasible","NodeResizePending"],"m":"granular","t":"map[v1.ResourceName]v1.ClaimResourceStatus"}],["currentVolumeAttributesClassName",8,"string","op"],["modifyVolumeStatus",9,"ModifyVolumeStatus","op"]]},"PersistentVolumeClaimTemplate":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PersistentVolumeClaimSpec","oar"]]},"PersistentVolumeClaimVolumeSource":{"d":"io.k8s.api.core.v1","f":[["claimName",1,"string","oar"],["readOnly",2,"bool","oe"]]},"PersistentVolumeList":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PersistentVolume","lar"]],"v":["v1"]},"PersistentVolumeSource":{"d":"io.k8s.api.core.v1","f":[["gcePersistentDisk",1,"GCEPersistentDiskVolumeSource","op"],["awsElasticBlockStore",2,"AWSElasticBlockStoreVolumeSource","op"],["hostPath",3,"HostPathVolumeSource","op"],["glusterfs",4,"GlusterfsPersistentVolumeSource","op"],["nfs",5,"NFSVolumeSource","op"],["rbd",6,"RBDPersistentVolumeSource","op"],["iscsi",7,"ISCSIPersistentVolumeSource","op"],["cinder",8,"CinderPersistentVolumeSource","op"],["cephfs",9,"CephFSPersistentVolumeSource","op"],["fc",10,"FCVolumeSource","op"],["flocker",11,"FlockerVolumeSource","op"],["flexVolume",12,"FlexPersistentVolumeSource","op"],["azureFile",13,"AzureFilePersistentVolumeSource","op"],["vsphereVolume",14,"VsphereVirtualDiskVolumeSource","op"],["quobyte",15,"QuobyteVolumeSource","op"],["azureDisk",16,"AzureDiskVolumeSource","op"],["photonPersistentDisk",17,"PhotonPersistentDiskVolumeSource","op"],["portworxVolume",18,"PortworxVolumeSource","op"],["scaleIO",19,"ScaleIOPersistentVolumeSource","op"],["local",20,"LocalVolumeSource","op"],["storageos",21,"StorageOSPersistentVolumeSource","op"],["csi",22,"CSIPersistentVolumeSource","op"]]},"PersistentVolumeSpec":{"d":"io.k8s.api.core.v1","f":[["capacity",1,"machinery.Quantity","me",{"t":"v1.ResourceList"}],["persistentVolumeSource",2,"PersistentVolumeSource","opi"],["accessModes",3,"string","le",{"e":["ReadOnlyMany","ReadWriteMany","ReadWriteOnce","ReadWriteOncePod"],"l":"atomic","t":"[]v1.PersistentVolumeAccessMode"}],["claimRef",4,"ObjectReference","op",{"m":"granular"}],["persistentVolumeReclaimPolicy",5,"string","oe",{"e":["Delete","Recycle","Retain"],"t":"v1.PersistentVolumeReclaimPolicy"}],["storageClassName",6,"string","oe"],["mountOptions",7,"string","le",{"l":"atomic"}],["volumeMode",8,"string","op",{"e":["Block","Filesystem"],"t":"v1.PersistentVolumeMode"}],["nodeAffinity",9,"VolumeNodeAffinity","op"],["volumeAttributesClassName",10,"string","op"]]},"PersistentVolumeStatus":{"d":"io.k8s.api.core.v1","f":[["phase",1,"string","oe",{"e":["Available","Bound","Failed","Pending","Released"],"t":"v1.PersistentVolumePhase"}],["message",2,"string","oe"],["reason",3,"string","oe"],["lastPhaseTransitionTime",4,"meta.v1.Time","op"]]},"PhotonPersistentDiskVolumeSource":{"d":"io.k8s.api.core.v1","f":[["pdID",1,"string","oar"],["fsType",2,"string","oe"]]},"Pod":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PodSpec","oa"],["status",3,"PodStatus","oa"]],"v":["v1"]},"PodAffinity":{"d":"io.k8s.api.core.v1","f":[["requiredDuringSchedulingIgnoredDuringExecution",1,"PodAffinityTerm","le",{"l":"atomic"}],["preferredDuringSchedulingIgnoredDuringExecution",2,"WeightedPodAffinityTerm","le",{"l":"atomic"}]]},"PodAffinityTerm":{"d":"io.k8s.api.core.v1","f":[["labelSelector",1,"meta.v1.LabelSelector","op"],["namespaces",2,"string","le",{"l":"atomic"}],["topologyKey",3,"string","oar"],["namespaceSelector",4,"meta.v1.LabelSelector","op"],["matchLabelKeys",5,"string","le",{"l":"atomic"}],["mismatchLabelKeys",6,"string","le",{"l":"atomic"}]]},"PodAntiAffinity":{"d":"io.k8s.api.core.v1","f":[["requiredDuringSchedulingIgnoredDuringExecution",1,"PodAffinityTerm","le",{"l":"atomic"}],["preferredDuringSchedulingIgnoredDuringExecution",2,"WeightedPodAffinityTerm","le",{"l":"atomic"}]]},"PodAttachOptions":{"d":"io.k8s.api.core.v1","f":[["stdin",1,"bool","oe"],["stdout",2,"bool","oe"],["stderr",3,"bool","oe"],["tty",4,"bool","oe"],["container",5,"string","oe"]],"v":["v1"]},"PodCertificateProjection":{"d":"io.k8s.api.core.v1","f":[["signerName",1,"string","oer"],["keyType",2,"string","oer"],["maxExpirationSeconds",3,"int32","op"],["credentialBundlePath",4,"string","oe"],["keyPath",5,"string","oe"],["certificateChainPath",6,"string","oe"]]},"PodCondition":{"d":"io.k8s.api.core.v1","f":[["type",1,"string","oar",{"t":"v1.PodConditionType"}],["observedGeneration",7,"int64","oe"],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastProbeTime",3,"meta.v1.Time","oa"],["lastTransitionTime",4,"meta.v1.Time","oa"],["reason",5,"string","oe"],["message",6,"string","oe"]]},"PodDNSConfig":{"d":"io.k8s.api.core.v1","f":[["nameservers",1,"string","le",{"l":"atomic"}],["searches",2,"string","le",{"l":"atomic"}],["options",3,"PodDNSConfigOption","le",{"l":"atomic"}]]},"PodDNSConfigOption":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oe"],["value",2,"string","op"]]},"PodExecOptions":{"d":"io.k8s.api.core.v1","f":[["stdin",1,"bool","oe"],["stdout",2,"bool","oe"],["stderr",3,"bool","oe"],["tty",4,"bool","oe"],["container",5,"string","oe"],["command",6,"string","lar",{"l":"atomic"}]],"v":["v1"]},"PodExtendedResourceClaimStatus":{"d":"io.k8s.api.core.v1","f":[["requestMappings",1,"ContainerExtendedResourceRequest","lar",{"l":"atomic"}],["resourceClaimName",2,"string","oar"]]},"PodIP":{"d":"io.k8s.api.core.v1","f":[["ip",1,"string","oar"]]},"PodList":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Pod","lar"]],"v":["v1"]},"PodLogOptions":{"d":"io.k8s.api.core.v1","f":[["container",1,"string","oe"],["follow",2,"bool","oe"],["previous",3,"bool","oe"],["sinceSeconds",4,"int64","op"],["sinceTime",5,"meta.v1.Time","op"],["timestamps",6,"bool","oe"],["tailLines",7,"int64","op"],["limitBytes",8,"int64","op"],["insecureSkipTLSVerifyBackend",9,"bool","oe"],["stream",10,"string","op"]],"v":["v1"]},"PodOS":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar",{"t":"v1.OSName"}]]},"PodPortForwardOptions":{"d":"io.k8s.api.core.v1","f":[["ports",1,"int32","le",{"l":"atomic"}]],"v":["v1"]},"PodProxyOptions":{"d":"io.k8s.api.core.v1","f":[["path",1,"string","oe"]],"v":["v1"]},"PodReadinessGate":{"d":"io.k8s.api.core.v1","f":[["conditionType",1,"string","oar",{"t":"v1.PodConditionType"}]]},"PodResourceClaim":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar"],["source",2,"ClaimSource","oax"],["resourceClaimName",3,"string","op"],["resourceClaimTemplateName",4,"string","op"]]},"PodResourceClaimStatus":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar"],["resourceClaimName",2,"string","op"]]},"PodSchedulingGate":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar"]]},"PodSecurityContext":{"d":"io.k8s.api.core.v1","f":[["seLinuxOptions",1,"SELinuxOptions","op"],["windowsOptions",8,"WindowsSecurityContextOptions","op"],["runAsUser",2,"int64","op"],["runAsGroup",6,"int64","op"],["runAsNonRoot",3,"bool","op"],["supplementalGroups",4,"int64","le",{"l":"atomic"}],["supplementalGroupsPolicy",12,"string","op",{"e":["Merge","Strict"],"t":"v1.SupplementalGroupsPolicy"}],["fsGroup",5,"int64","op"],["sysctls",7,"Sysctl","le",{"l":"atomic"}],["fsGroupChangePolicy",9,"string","op",{"e":["Always","OnRootMismatch"],"t":"v1.PodFSGroupChangePolicy"}],["seccompProfile",10,"SeccompProfile","op"],["appArmorProfile",11,"AppArmorProfile","op"],["seLinuxChangePolicy",13,"string","op",{"t":"v1.PodSELinuxChangePolicy"}]]},"PodSignature":{"d":"io.k8s.api.core.v1","f":[["podController",1,"meta.v1.OwnerReference","op"]]},"PodSpec":{"d":"io.k8s.api.core.v1","f":[["volumes",1,"Volume","le",{"l":"map","k":["name"],"p":["merge","retainKeys"],"y":"name"}],["initContainers",20,"Container","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}],["containers",2,"Container","lar",{"l":"map","k":["name"],"p":["merge"],"y":"name"}],["ephemeralContainers",34,"EphemeralContainer","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}],["restartPolicy",3,"string","oe",{"e":["Always","Never","OnFailure"],"t":"v1.RestartPolicy"}],["terminationGracePeriodSeconds",4,"int64","op"],["activeDeadlineSeconds",5,"int64","op"],["dnsPolicy",6,"string","oe",{"e":["ClusterFirst","ClusterFirstWithHostNet","Default","None"],"t":"v1.DNSPolicy"}],["nodeSelector",7,"string","me",{"m":"atomic"}],["serviceAccountName",8,"string","oe"],["serviceAccount",9,"string","oe"],["automountServiceAccountToken",21,"bool","op"],["nodeName",10,"string","oe"],["hostNetwork",11,"bool","oe"],["hostPID",12,"bool","oe"],["hostIPC",13,"bool","oe"],["shareProcessNamespace",27,"bool","op"],["securityContext",14,"PodSecurityContext","op"],["imagePullSecrets",15,"LocalObjectReference","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}],["hostname",16,"string","oe"],["subdomain",17,"string","oe"],["affinity",18,"Affinity","op"],["schedulerName",19,"string","oe"],["tolerations",22,"Toleration","le",{"l":"atomic"}],["hostAliases",23,"HostAlias","le",{"l":"map","k":["ip"],"p":["merge"],"y":"ip"}],["priorityClassName",24,"string","oe"],["priority",25,"int32","op"],["dnsConfig",26,"PodDNSConfig","op"],["readinessGates",28,"PodReadinessGate","le",{"l":"atomic"}],["runtimeClassName",29,"string","op"],["enableServiceLinks",30,"bool","op"],["preemptionPolicy",31,"string","op",{"e":["Never","PreemptLowerPriority"],"t":"v1.PreemptionPolicy"}],["overhead",32,"machinery.Quantity","me",{"t":"v1.ResourceList"}],["topologySpreadConstraints",33,"TopologySpreadConstraint","le",{"l":"map","k":["topologyKey","whenUnsatisfiable"],"p":["merge"],"y":"topologyKey"}],["setHostnameAsFQDN",35,"bool","op"],["os",36,"PodOS","op"],["hostUsers",37,"bool","op"],["schedulingGates",38,"PodSchedulingGate","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}],["resourceClaims",39,"PodResourceClaim","le",{"l":"map","k":["name"],"p":["merge","retainKeys"],"y":"name"}],["resources",40,"ResourceRequirements","op"],["hostnameOverride",41,"string","op"]]},"PodStatus":{"d":"io.k8s.api.core.v1","f":[["observedGeneration",17,"int64","oe"],["phase",1,"string","oe",{"e":["Failed","Pending","Running","Succeeded","Unknown"],"t":"v1.PodPhase"}],["conditions",2,"PodCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}],["message",3,"string","oe"],["reason",4,"string","oe"],["nominatedNodeName",11,"string","oe"],["hostIP",5,"string","oe"],["hostIPs",16,"HostIP","le",{"l":"atomic","p":["merge"],"y":"ip"}],["podIP",6,"string","oe"],["podIPs",12,"PodIP","le",{"l":"map","k":["ip"],"p":["merge"],"y":"ip"}],["startTime",7,"meta.v1.Time","op"],["initContainerStatuses",10,"ContainerStatus","le",{"l":"atomic"}],["containerStatuses",8,"ContainerStatus","le",{"l":"atomic"}],["qosClass",9,"string","oe",{"e":["BestEffort","Burstable","Guaranteed"],"t":"v1.PodQOSClass"}],["ephemeralContainerStatuses",13,"ContainerStatus","le",{"l":"atomic"}],["resize",14,"string","oe",{"t":"v1.PodResizeStatus"}],["resourceClaimStatuses",15,"PodResourceClaimStatus","le",{"l":"map","k":["name"],"p":["merge","retainKeys"],"y":"name"}],["extendedResourceClaimStatus",18,"PodExtendedResourceClaimStatus","op"]]},"PodStatusResult":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["status",2,"PodStatus","oa"]],"v":["v1"]},"PodTemplate":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["template",2,"PodTemplateSpec","oa"]],"v":["v1"]},"PodTemplateList":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PodTemplate","lar"]],"v":["v1"]},"PodTemplateSpec":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PodSpec","oa"]]},"PortStatus":{"d":"io.k8s.api.core.v1","f":[["port",1,"int32","oar"],["protocol",2,"string","oar",{"e":["SCTP","TCP","UDP"],"t":"v1.Protocol"}],["error",3,"string","op"]]},"PortworxVolumeSource":{"d":"io.k8s.api.core.v1","f":[["volumeID",1,"string","oar"],["fsType",2,"string","oe"],["readOnly",3,"bool","oe"]]},"Preconditions":{"d":"io.k8s.api.core.v1","f":[["uid",1,"string","op",{"t":"types.UID"}]]},"PreferAvoidPodsEntry":{"d":"io.k8s.api.core.v1","f":[["podSignature",1,"PodSignature","oar"],["evictionTime",2,"meta.v1.Time","oa"],["reason",3,"string","oe"],["message",4,"string","oe"]]},"PreferredSchedulingTerm":{"d":"io.k8s.api.core.v1","f":[["weight",1,"int32","oar"],["preference",2,"NodeSelectorTerm","oar"]]},"Probe":{"d":"io.k8s.api.core.v1","f":[["handler",1,"ProbeHandler","opi"],["initialDelaySeconds",2,"int32","oe"],["timeoutSeconds",3,"int32","oe"],["periodSeconds",4,"int32","oe"],["successThreshold",5,"int32","oe"],["failureThreshold",6,"int32","oe"],["terminationGracePeriodSeconds",7,"int64","op"]]},"ProbeHandler":{"d":"io.k8s.api.core.v1","f":[["exec",1,"ExecAction","op"],["httpGet",2,"HTTPGetAction","op"],["tcpSocket",3,"TCPSocketAction","op"],["grpc",4,"GRPCAction","op"]]},"ProjectedVolumeSource":{"d":"io.k8s.api.core.v1","f":[["sources",1,"VolumeProjection","la",{"l":"atomic"}],["defaultMode",2,"int32","op"]]},"QuobyteVolumeSource":{"d":"io.k8s.api.core.v1","f":[["registry",1,"string","oar"],["volume",2,"string","oar"],["readOnly",3,"bool","oe"],["user",4,"string","oe"],["group",5,"string","oe"],["tenant",6,"string","oe"]]},"RBDPersistentVolumeSource":{"d":"io.k8s.api.core.v1","f":[["monitors",1,"string","lar",{"l":"atomic"}],["image",2,"string","oar"],["fsType",3,"string","oe"],["pool",4,"string","oe",{"d":"rbd"}],["user",5,"string","oe",{"d":"admin"}],["keyring",6,"string","oe",{"d":"/etc/ceph/keyring"}],["secretRef",7,"SecretReference","op"],["readOnly",8,"bool","oe"]]},"RBDVolumeSource":{"d":"io.k8s.api.core.v1","f":[["monitors",1,"string","lar",{"l":"atomic"}],["image",2,"string","oar"],["fsType",3,"string","oe"],["pool",4,"string","oe",{"d":"rbd"}],["user",5,"string","oe",{"d":"admin"}],["keyring",6,"string","oe",{"d":"/etc/ceph/keyring"}],["secretRef",7,"LocalObjectReference","op"],["readOnly",8,"bool","oe"]]},"RangeAllocation":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["range",2,"string","oar"],["data",3,"bytes","oar"]],"v":["v1"]},"ReplicationController":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ReplicationControllerSpec","oa"],["status",3,"ReplicationControllerStatus","oa"]],"v":["v1"]},"ReplicationControllerCondition":{"d":"io.k8s.api.core.v1","f":[["type",1,"string","oar",{"t":"v1.ReplicationControllerConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"ReplicationControllerList":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ReplicationController","lar"]],"v":["v1"]},"ReplicationControllerSpec":{"d":"io.k8s.api.core.v1","f":[["replicas",1,"int32","op",{"d":1}],["minReadySeconds",4,"int32","oe",{"d":0}],["selector",2,"string","me",{"m":"atomic"}],["template",3,"PodTemplateSpec","op"]]},"ReplicationControllerStatus":{"d":"io.k8s.api.core.v1","f":[["replicas",1,"int32","oar"],["fullyLabeledReplicas",2,"int32","oe"],["readyReplicas",4,"int32","oe"],["availableReplicas",5,"int32","oe"],["observedGeneration",3,"int64","oe"],["conditions",6,"ReplicationControllerCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"ResourceClaim":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar"],["request",2,"string","oe"]]},"ResourceFieldSelector":{"d":"io.k8s.api.core.v1","f":[["containerName",1,"string","oe"],["resource",2,"string","oar"],["divisor",3,"machinery.Quantity","oa"]],"a":1},"ResourceHealth":{"d":"io.k8s.api.core.v1","f":[["resourceID",1,"string","oar",{"t":"v1.ResourceID"}],["health",2,"string","oe",{"t":"v1.ResourceHealthStatus"}]]},"ResourceQuota":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceQuotaSpec","oa"],["status",3,"ResourceQuotaStatus","oa"]],"v":["v1"]},"ResourceQuotaList":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceQuota","lar"]],"v":["v1"]},"ResourceQuotaSpec":{"d":"io.k8s.api.core.v1","f":[["hard",1,"machinery.Quantity","me",{"t":"v1.ResourceList"}],["scopes",2,"string","le",{"e":["BestEffort","CrossNamespacePodAffinity","NotBestEffort","NotTerminating","PriorityClass","Terminating","VolumeAttributesClass"],"l":"atomic","t":"[]v1.ResourceQuotaScope"}],["scopeSelector",3,"ScopeSelector","op"]]},"ResourceQuotaStatus":{"d":"io.k8s.api.core.v1","f":[["hard",1,"machinery.Quantity","me",{"t":"v1.ResourceList"}],["used",2,"machinery.Quantity","me",{"t":"v1.ResourceList"}]]},"ResourceRequirements":{"d":"io.k8s.api.core.v1","f":[["limits",1,"machinery.Quantity","me",{"t":"v1.ResourceList"}],["requests",2,"machinery.Quantity","me",{"t":"v1.ResourceList"}],["claims",3,"ResourceClaim","le",{"l":"map","k":["name"]}]]},"ResourceStatus":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar",{"t":"v1.ResourceName"}],["resources",2,"ResourceHealth","le",{"l":"map","k":["resourceID"]}]]},"SELinuxOptions":{"d":"io.k8s.api.core.v1","f":[["user",1,"string","oe"],["role",2,"string","oe"],["type",3,"string","oe"],["level",4,"string","oe"]]},"ScaleIOPersistentVolumeSource":{"d":"io.k8s.api.core.v1","f":[["gateway",1,"string","oar"],["system",2,"string","oar"],["secretRef",3,"SecretReference","onr"],["sslEnabled",4,"bool","oe"],["protectionDomain",5,"string","oe"],["storagePool",6,"string","oe"],["storageMode",7,"string","oe",{"d":"ThinProvisioned"}],["volumeName",8,"string","oe"],["fsType",9,"string","oe",{"d":"xfs"}],["readOnly",10,"bool","oe"]]},"ScaleIOVolumeSource":{"d":"io.k8s.api.core.v1","f":[["gateway",1,"string","oar"],["system",2,"string","oar"],["secretRef",3,"LocalObjectReference","onr"],["sslEnabled",4,"bool","oe"],["protectionDomain",5,"string","oe"],["storagePool",6,"string","oe"],["storageMode",7,"string","oe",{"d":"ThinProvisioned"}],["volumeName",8,"string","oe"],["fsType",9,"string","oe",{"d":"xfs"}],["readOnly",10,"bool","oe"]]},"ScopeSelector":{"d":"io.k8s.api.core.v1","f":[["matchExpressions",1,"ScopedResourceSelectorRequirement","le",{"l":"atomic"}]],"a":1},"ScopedResourceSelectorRequirement":{"d":"io.k8s.api.core.v1","f":[["scopeName",1,"string","oar",{"e":["BestEffort","CrossNamespacePodAffinity","NotBestEffort","NotTerminating","PriorityClass","Terminating","VolumeAttributesClass"],"t":"v1.ResourceQuotaScope"}],["operator",2,"string","oar",{"e":["DoesNotExist","Exists","In","NotIn"],"t":"v1.ScopeSelectorOperator"}],["values",3,"string","le",{"l":"atomic"}]]},"SeccompProfile":{"d":"io.k8s.api.core.v1","f":[["type",1,"string","oar",{"e":["Localhost","RuntimeDefault","Unconfined"],"t":"v1.SeccompProfileType"}],["localhostProfile",2,"string","op"]],"u":["type","localhostProfile=LocalhostProfile"]},"Secret":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["immutable",5,"bool","op"],["data",2,"bytes","me"],["stringData",4,"string","me"],["type",3,"string","oe",{"t":"v1.SecretType"}]],"v":["v1"]},"SecretEnvSource":{"d":"io.k8s.api.core.v1","f":[["localObjectReference",1,"LocalObjectReference","opi"],["optional",2,"bool","op"]]},"SecretKeySelector":{"d":"io.k8s.api.core.v1","f":[["localObjectReference",1,"LocalObjectReference","opi"],["key",2,"string","oar"],["optional",3,"bool","op"]],"a":1},"SecretList":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Secret","lar"]],"v":["v1"]},"SecretProjection":{"d":"io.k8s.api.core.v1","f":[["localObjectReference",1,"LocalObjectReference","opi"],["items",2,"KeyToPath","le",{"l":"atomic"}],["optional",4,"bool","op"]]},"SecretReference":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oe"],["namespace",2,"string","oe"]],"a":1},"SecretVolumeSource":{"d":"io.k8s.api.core.v1","f":[["secretName",1,"string","oe"],["items",2,"KeyToPath","le",{"l":"atomic"}],["defaultMode",3,"int32","op"],["optional",4,"bool","op"]]},"SecurityContext":{"d":"io.k8s.api.core.v1","f":[["capabilities",1,"Capabilities","op"],["privileged",2,"bool","op"],["seLinuxOptions",3,"SELinuxOptions","op"],["windowsOptions",10,"WindowsSecurityContextOptions","op"],["runAsUser",4,"int64","op"],["runAsGroup",8,"int64","op"],["runAsNonRoot",5,"bool","op"],["readOnlyRootFilesystem",6,"bool","op"],["allowPrivilegeEscalation",7,"bool","op"],["procMount",9,"string","op",{"e":["Default","Unmasked"],"t":"v1.ProcMountType"}],["seccompProfile",11,"SeccompProfile","op"],["appArmorProfile",12,"AppArmorProfile","op"]]},"SerializedReference":{"d":"io.k8s.api.core.v1","f":[["reference",1,"ObjectReference","oa"]],"v":["v1"]},"Service":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ServiceSpec","oa"],["status",3,"ServiceStatus","oa"]],"v":["v1"]},"ServiceAccount":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["secrets",2,"ObjectReference","le",{"l":"map","k":["name"],"p":["merge"],"y":"name"}],["imagePullSecrets",3,"LocalObjectReference","le",{"l":"atomic"}],["automountServiceAccountToken",4,"bool","op"]],"v":["v1"]},"ServiceAccountList":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ServiceAccount","lar"]],"v":["v1"]},"ServiceAccountTokenProjection":{"d":"io.k8s.api.core.v1","f":[["audience",1,"string","oe"],["expirationSeconds",2,"int64","op"],["path",3,"string","oar"]]},"ServiceList":{"d":"io.k8s.api.core.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Service","lar"]],"v":["v1"]},"ServicePort":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oe"],["protocol",2,"string","oe",{"d":"TCP","e":["SCTP","TCP","UDP"],"t":"v1.Protocol"}],["appProtocol",6,"string","op"],["port",3,"int32","oar"],["targetPort",4,"machinery.IntOrString","oa"],["nodePort",5,"int32","oe"]]},"ServiceProxyOptions":{"d":"io.k8s.api.core.v1","f":[["path",1,"string","oe"]],"v":["v1"]},"ServiceSpec":{"d":"io.k8s.api.core.v1","f":[["ports",1,"ServicePort","le",{"l":"map","k":["port","protocol"],"p":["merge"],"y":"port"}],["selector",2,"string","me",{"m":"atomic"}],["clusterIP",3,"string","oe"],["clusterIPs",18,"string","le",{"l":"atomic"}],["type",4,"string","oe",{"e":["ClusterIP","ExternalName","LoadBalancer","NodePort"],"t":"v1.ServiceType"}],["externalIPs",5,"string","le",{"l":"atomic"}],["sessionAffinity",7,"string","oe",{"e":["ClientIP","None"],"t":"v1.ServiceAffinity"}],["loadBalancerIP",8,"string","oe"],["loadBalancerSourceRanges",9,"string","le",{"l":"atomic"}],["externalName",10,"string","oe"],["externalTrafficPolicy",11,"string","oe",{"e":["Cluster","Local"],"t":"v1.ServiceExternalTrafficPolicy"}],["healthCheckNodePort",12,"int32","oe"],["publishNotReadyAddresses",13,"bool","oe"],["sessionAffinityConfig",14,"SessionAffinityConfig","op"],["ipFamily",15,"string","opx",{"t":"v1.IPFamily"}],["topologyKeys",16,"string","lex"],["ipFamilies",19,"string","le",{"e":["","IPv4","IPv6"],"l":"atomic","t":"[]v1.IPFamily"}],["ipFamilyPolicy",17,"string","op",{"e":["PreferDualStack","RequireDualStack","SingleStack"],"t":"v1.IPFamilyPolicy"}],["allocateLoadBalancerNodePorts",20,"bool","op"],["loadBalancerClass",21,"string","op"],["internalTrafficPolicy",22,"string","op",{"e":["Cluster","Local"],"t":"v1.ServiceInternalTrafficPolicy"}],["trafficDistribution",23,"string","op"]]},"ServiceStatus":{"d":"io.k8s.api.core.v1","f":[["loadBalancer",1,"LoadBalancerStatus","oa"],["conditions",2,"meta.v1.Condition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"SessionAffinityConfig":{"d":"io.k8s.api.core.v1","f":[["clientIP",1,"ClientIPConfig","op"]]},"SleepAction":{"d":"io.k8s.api.core.v1","f":[["seconds",1,"int64","oar"]]},"StorageOSPersistentVolumeSource":{"d":"io.k8s.api.core.v1","f":[["volumeName",1,"string","oe"],["volumeNamespace",2,"string","oe"],["fsType",3,"string","oe"],["readOnly",4,"bool","oe"],["secretRef",5,"ObjectReference","op"]]},"StorageOSVolumeSource":{"d":"io.k8s.api.core.v1","f":[["volumeName",1,"string","oe"],["volumeNamespace",2,"string","oe"],["fsType",3,"string","oe"],["readOnly",4,"bool","oe"],["secretRef",5,"LocalObjectReference","op"]]},"Sysctl":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar"],["value",2,"string","oar"]]},"TCPSocketAction":{"d":"io.k8s.api.core.v1","f":[["port",1,"machinery.IntOrString","oar"],["host",2,"string","oe"]]},"Taint":{"d":"io.k8s.api.core.v1","f":[["key",1,"string","oar"],["value",2,"string","oe"],["effect",3,"string","oar",{"e":["NoExecute","NoSchedule","PreferNoSchedule"],"t":"v1.TaintEffect"}],["timeAdded",4,"meta.v1.Time","op"]]},"Toleration":{"d":"io.k8s.api.core.v1","f":[["key",1,"string","oe"],["operator",2,"string","oe",{"e":["Equal","Exists"],"t":"v1.TolerationOperator"}],["value",3,"string","oe"],["effect",4,"string","oe",{"e":["NoExecute","NoSchedule","PreferNoSchedule"],"t":"v1.TaintEffect"}],["tolerationSeconds",5,"int64","op"]]},"TopologySelectorLabelRequirement":{"d":"io.k8s.api.core.v1","f":[["key",1,"string","oar"],["values",2,"string","lar",{"l":"atomic"}]]},"TopologySelectorTerm":{"d":"io.k8s.api.core.v1","f":[["matchLabelExpressions",1,"TopologySelectorLabelRequirement","le",{"l":"atomic"}]],"a":1},"TopologySpreadConstraint":{"d":"io.k8s.api.core.v1","f":[["maxSkew",1,"int32","oar"],["topologyKey",2,"string","oar"],["whenUnsatisfiable",3,"string","oar",{"e":["DoNotSchedule","ScheduleAnyway"],"t":"v1.UnsatisfiableConstraintAction"}],["labelSelector",4,"meta.v1.LabelSelector","op"],["minDomains",5,"int32","op"],["nodeAffinityPolicy",6,"string","op",{"e":["Honor","Ignore"],"t":"v1.NodeInclusionPolicy"}],["nodeTaintsPolicy",7,"string","op",{"e":["Honor","Ignore"],"t":"v1.NodeInclusionPolicy"}],["matchLabelKeys",8,"string","le",{"l":"atomic"}]]},"TypedLocalObjectReference":{"d":"io.k8s.api.core.v1","f":[["apiGroup",1,"string","on"],["kind",2,"string","oar"],["name",3,"string","oar"]],"a":1},"TypedObjectReference":{"d":"io.k8s.api.core.v1","f":[["apiGroup",1,"string","on"],["kind",2,"string","oar"],["name",3,"string","oar"],["namespace",4,"string","op"]]},"Volume":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar"],["volumeSource",2,"VolumeSource","opi"]]},"VolumeDevice":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar"],["devicePath",2,"string","oar"]]},"VolumeMount":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar"],["readOnly",2,"bool","oe"],["recursiveReadOnly",7,"string","op",{"t":"v1.RecursiveReadOnlyMode"}],["mountPath",3,"string","oar"],["subPath",4,"string","oe"],["mountPropagation",5,"string","op",{"e":["Bidirectional","HostToContainer","None"],"t":"v1.MountPropagationMode"}],["subPathExpr",6,"string","oe"]]},"VolumeMountStatus":{"d":"io.k8s.api.core.v1","f":[["name",1,"string","oar"],["mountPath",2,"string","oar"],["readOnly",3,"bool","oe"],["recursiveReadOnly",4,"string","op",{"t":"v1.RecursiveReadOnlyMode"}]]},"VolumeNodeAffinity":{"d":"io.k8s.api.core.v1","f":[["required",1,"NodeSelector","op"]]},"VolumeProjection":{"d":"io.k8s.api.core.v1","f":[["secret",1,"SecretProjection","op"],["downwardAPI",2,"DownwardAPIProjection","op"],["configMap",3,"ConfigMapProjection","op"],["serviceAccountToken",4,"ServiceAccountTokenProjection","op"],["clusterTrustBundle",5,"ClusterTrustBundleProjection","op"],["podCertificate",6,"PodCertificateProjection","op"]]},"VolumeResourceRequirements":{"d":"io.k8s.api.core.v1","f":[["limits",1,"machinery.Quantity","me",{"t":"v1.ResourceList"}],["requests",2,"machinery.Quantity","me",{"t":"v1.ResourceList"}]]},"VolumeSource":{"d":"io.k8s.api.core.v1","f":[["hostPath",1,"HostPathVolumeSource","op"],["emptyDir",2,"EmptyDirVolumeSource","op"],["gcePersistentDisk",3,"GCEPersistentDiskVolumeSource","op"],["awsElasticBlockStore",4,"AWSElasticBlockStoreVolumeSource","op"],["gitRepo",5,"GitRepoVolumeSource","op"],["secret",6,"SecretVolumeSource","op"],["nfs",7,"NFSVolumeSource","op"],["iscsi",8,"ISCSIVolumeSource","op"],["glusterfs",9,"GlusterfsVolumeSource","op"],["persistentVolumeClaim",10,"PersistentVolumeClaimVolumeSource","op"],["rbd",11,"RBDVolumeSource","op"],["flexVolume",12,"FlexVolumeSource","op"],["cinder",13,"CinderVolumeSource","op"],["cephfs",14,"CephFSVolumeSource","op"],["flocker",15,"FlockerVolumeSource","op"],["downwardAPI",16,"DownwardAPIVolumeSource","op"],["fc",17,"FCVolumeSource","op"],["azureFile",18,"AzureFileVolumeSource","op"],["configMap",19,"ConfigMapVolumeSource","op"],["vsphereVolume",20,"VsphereVirtualDiskVolumeSource","op"],["quobyte",21,"QuobyteVolumeSource","op"],["azureDisk",22,"AzureDiskVolumeSource","op"],["photonPersistentDisk",23,"PhotonPersistentDiskVolumeSource","op"],["projected",26,"ProjectedVolumeSource","op"],["portworxVolume",24,"PortworxVolumeSource","op"],["scaleIO",25,"ScaleIOVolumeSource","op"],["storageos",27,"StorageOSVolumeSource","op"],["csi",28,"CSIVolumeSource","op"],["ephemeral",29,"EphemeralVolumeSource","op"],["image",30,"ImageVolumeSource","op"]]},"VsphereVirtualDiskVolumeSource":{"d":"io.k8s.api.core.v1","f":[["volumePath",1,"string","oar"],["fsType",2,"string","oe"],["storagePolicyName",3,"string","oe"],["storagePolicyID",4,"string","oe"]]},"WeightedPodAffinityTerm":{"d":"io.k8s.api.core.v1","f":[["weight",1,"int32","oar"],["podAffinityTerm",2,"PodAffinityTerm","oar"]]},"WindowsSecurityContextOptions":{"d":"io.k8s.api.core.v1","f":[["gmsaCredentialSpecName",1,"string","op"],["gmsaCredentialSpec",2,"string","op"],["runAsUserName",3,"string","op"],["hostProcess",4,"bool","op"]]}}',
  'discovery.v1':
    '{"Endpoint":{"d":"io.k8s.api.discovery.v1","f":[["addresses",1,"string","lar",{"l":"set"}],["conditions",2,"EndpointConditions","oa"],["hostname",3,"string","op"],["targetRef",4,"core.v1.ObjectReference","op"],["deprecatedTopology",5,"string","me"],["nodeName",6,"string","op"],["zone",7,"string","op"],["hints",8,"EndpointHints","op"]]},"EndpointConditions":{"d":"io.k8s.api.discovery.v1","f":[["ready",1,"bool","op"],["serving",2,"bool","op"],["terminating",3,"bool","op"]]},"EndpointHints":{"d":"io.k8s.api.discovery.v1","f":[["forZones",1,"ForZone","le",{"l":"atomic"}],["forNodes",2,"ForNode","le",{"l":"atomic"}]]},"EndpointPort":{"d":"io.k8s.api.discovery.v1","f":[["name",1,"string","op"],["protocol",2,"string","op",{"e":["SCTP","TCP","UDP"],"t":"v1.Protocol"}],["port",3,"int32","op"],["appProtocol",4,"string","op"]],"a":1},"EndpointSlice":{"d":"io.k8s.api.discovery.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["addressType",4,"string","oar",{"e":["FQDN","IPv4","IPv6"],"t":"v1.AddressType"}],["endpoints",2,"Endpoint","lar",{"l":"atomic"}],["ports",3,"EndpointPort","la",{"l":"atomic"}]],"v":["discovery.k8s.io/v1"]},"EndpointSliceList":{"d":"io.k8s.api.discovery.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"EndpointSlice","lar"]],"v":["discovery.k8s.io/v1"]},"ForNode":{"d":"io.k8s.api.discovery.v1","f":[["name",1,"string","oar"]]},"ForZone":{"d":"io.k8s.api.discovery.v1","f":[["name",1,"string","oar"]]}}',
  'discovery.v1alpha1':
    '{"Endpoint":{"d":"io.k8s.api.discovery.v1alpha1","f":[["addresses",1,"string","la",{"l":"set"}],["conditions",2,"EndpointConditions","oa"],["hostname",3,"string","op"],["targetRef",4,"core.v1.ObjectReference","op"],["topology",5,"string","me"],["nodeName",6,"string","op"]],"g":1},"EndpointConditions":{"d":"io.k8s.api.discovery.v1alpha1","f":[["ready",1,"bool","op"],["serving",2,"bool","op"],["terminating",3,"bool","op"]],"g":1},"EndpointPort":{"d":"io.k8s.api.discovery.v1alpha1","f":[["name",1,"string","op"],["protocol",2,"string","op",{"t":"v1.Protocol"}],["port",3,"int32","op"],["appProtocol",4,"string","op"]],"g":1},"EndpointSlice":{"d":"io.k8s.api.discovery.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["endpoints",2,"Endpoint","la",{"l":"atomic"}],["ports",3,"EndpointPort","la",{"l":"atomic"}],["addressType",4,"string","oa",{"t":"v1alpha1.AddressType"}]],"g":1,"v":["discovery.k8s.io/v1alpha1"]},"EndpointSliceList":{"d":"io.k8s.api.discovery.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"EndpointSlice","la"]],"g":1,"v":["discovery.k8s.io/v1alpha1"]}}',
  'discovery.v1beta1':
    '{"Endpoint":{"d":"io.k8s.api.discovery.v1beta1","f":[["addresses",1,"string","lar",{"l":"set"}],["conditions",2,"EndpointConditions","oa"],["hostname",3,"string","op"],["targetRef",4,"core.v1.ObjectReference","op"],["topology",5,"string","me"],["nodeName",6,"string","op"],["hints",7,"EndpointHints","op"]]},"EndpointConditions":{"d":"io.k8s.api.discovery.v1beta1","f":[["ready",1,"bool","op"],["serving",2,"bool","op"],["terminating",3,"bool","op"]]},"EndpointHints":{"d":"io.k8s.api.discovery.v1beta1","f":[["forZones",1,"ForZone","le",{"l":"atomic"}],["forNodes",2,"ForNode","le",{"l":"atomic"}]]},"EndpointPort":{"d":"io.k8s.api.discovery.v1beta1","f":[["name",1,"string","op"],["protocol",2,"string","op",{"e":["SCTP","TCP","UDP"],"t":"v1.Protocol"}],["port",3,"int32","op"],["appProtocol",4,"string","op"]]},"EndpointSlice":{"d":"io.k8s.api.discovery.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["addressType",4,"string","oar",{"t":"v1beta1.AddressType"}],["endpoints",2,"Endpoint","lar",{"l":"atomic"}],["ports",3,"EndpointPort","la",{"l":"atomic"}]],"v":["discovery.k8s.io/v1beta1"]},"EndpointSliceList":{"d":"io.k8s.api.discovery.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"EndpointSlice","lar"]],"v":["discovery.k8s.io/v1beta1"]},"ForNode":{"d":"io.k8s.api.discovery.v1beta1","f":[["name",1,"string","oar"]]},"ForZone":{"d":"io.k8s.api.discovery.v1beta1","f":[["name",1,"string","oar"]]}}',
  'events.v1':
    '{"Event":{"d":"io.k8s.api.events.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["eventTime",2,"meta.v1.MicroTime","oar"],["series",3,"EventSeries","op"],["reportingController",4,"string","oe"],["reportingInstance",5,"string","oe"],["action",6,"string","oe"],["reason",7,"string","oe"],["regarding",8,"core.v1.ObjectReference","oa"],["related",9,"core.v1.ObjectReference","op"],["note",10,"string","oe"],["type",11,"string","oe"],["deprecatedSource",12,"core.v1.EventSource","oa"],["deprecatedFirstTimestamp",13,"meta.v1.Time","oa"],["deprecatedLastTimestamp",14,"meta.v1.Time","oa"],["deprecatedCount",15,"int32","oe"]],"v":["events.k8s.io/v1"]},"EventList":{"d":"io.k8s.api.events.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Event","lar"]],"v":["events.k8s.io/v1"]},"EventSeries":{"d":"io.k8s.api.events.v1","f":[["count",1,"int32","oar"],["lastObservedTime",2,"meta.v1.MicroTime","oar"]]}}',
  'events.v1beta1':
    '{"Event":{"d":"io.k8s.api.events.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["eventTime",2,"meta.v1.MicroTime","oar"],["series",3,"EventSeries","op"],["reportingController",4,"string","oe"],["reportingInstance",5,"string","oe"],["action",6,"string","oe"],["reason",7,"string","oe"],["regarding",8,"core.v1.ObjectReference","oa"],["related",9,"core.v1.ObjectReference","op"],["note",10,"string","oe"],["type",11,"string","oe"],["deprecatedSource",12,"core.v1.EventSource","oa"],["deprecatedFirstTimestamp",13,"meta.v1.Time","oa"],["deprecatedLastTimestamp",14,"meta.v1.Time","oa"],["deprecatedCount",15,"int32","oe"]],"v":["events.k8s.io/v1beta1"]},"EventList":{"d":"io.k8s.api.events.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Event","lar"]],"v":["events.k8s.io/v1beta1"]},"EventSeries":{"d":"io.k8s.api.events.v1beta1","f":[["count",1,"int32","oar"],["lastObservedTime",2,"meta.v1.MicroTime","oar"],["state",3,"string","oax",{"t":"v1beta1.EventSeriesState"}]]}}',
  'extensions.v1beta1':
    '{"AllowedCSIDriver":{"d":"io.k8s.api.extensions.v1beta1","f":[["name",1,"string","oa"]],"g":1},"AllowedFlexVolume":{"d":"io.k8s.api.extensions.v1beta1","f":[["driver",1,"string","oa"]],"g":1},"AllowedHostPath":{"d":"io.k8s.api.extensions.v1beta1","f":[["pathPrefix",1,"string","oe"],["readOnly",2,"bool","oe"]],"g":1},"CustomMetricCurrentStatus":{"d":"io.k8s.api.extensions.v1beta1","f":[["name",1,"string","oa"],["value",2,"machinery.Quantity","oa"]],"g":1},"CustomMetricCurrentStatusList":{"d":"io.k8s.api.extensions.v1beta1","f":[["items",1,"CustomMetricCurrentStatus","la"]],"g":1},"CustomMetricTarget":{"d":"io.k8s.api.extensions.v1beta1","f":[["name",1,"string","oa"],["value",2,"machinery.Quantity","oa"]],"g":1},"CustomMetricTargetList":{"d":"io.k8s.api.extensions.v1beta1","f":[["items",1,"CustomMetricTarget","la"]],"g":1},"DaemonSet":{"d":"io.k8s.api.extensions.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"DaemonSetSpec","oa"],["status",3,"DaemonSetStatus","oa"]],"v":["extensions/v1beta1"]},"DaemonSetCondition":{"d":"io.k8s.api.extensions.v1beta1","f":[["type",1,"string","oar",{"t":"v1beta1.DaemonSetConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"DaemonSetList":{"d":"io.k8s.api.extensions.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"DaemonSet","lar"]],"v":["extensions/v1beta1"]},"DaemonSetSpec":{"d":"io.k8s.api.extensions.v1beta1","f":[["selector",1,"meta.v1.LabelSelector","op"],["template",2,"core.v1.PodTemplateSpec","oar"],["updateStrategy",3,"DaemonSetUpdateStrategy","oa"],["minReadySeconds",4,"int32","oe"],["templateGeneration",5,"int64","oe"],["revisionHistoryLimit",6,"int32","op"]]},"DaemonSetStatus":{"d":"io.k8s.api.extensions.v1beta1","f":[["currentNumberScheduled",1,"int32","oar"],["numberMisscheduled",2,"int32","oar"],["desiredNumberScheduled",3,"int32","oar"],["numberReady",4,"int32","oar"],["observedGeneration",5,"int64","oe"],["updatedNumberScheduled",6,"int32","oe"],["numberAvailable",7,"int32","oe"],["numberUnavailable",8,"int32","oe"],["collisionCount",9,"int32","op"],["conditions",10,"DaemonSetCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"DaemonSetUpdateStrategy":{"d":"io.k8s.api.extensions.v1beta1","f":[["type",1,"string","oe",{"t":"v1beta1.DaemonSetUpdateStrategyType"}],["rollingUpdate",2,"RollingUpdateDaemonSet","op"]]},"Deployment":{"d":"io.k8s.api.extensions.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"DeploymentSpec","oa"],["status",3,"DeploymentStatus","oa"]],"v":["extensions/v1beta1"]},"DeploymentCondition":{"d":"io.k8s.api.extensions.v1beta1","f":[["type",1,"string","oar",{"t":"v1beta1.DeploymentConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastUpdateTime",6,"meta.v1.Time","oa"],["lastTransitionTime",7,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"DeploymentList":{"d":"io.k8s.api.extensions.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Deployment","lar"]],"v":["extensions/v1beta1"]},"DeploymentRollback":{"d":"io.k8s.api.extensions.v1beta1","f":[["name",1,"string","oar"],["updatedAnnotations",2,"string","me"],["rollbackTo",3,"RollbackConfig","oar"]],"v":["extensions/v1beta1"]},"DeploymentSpec":{"d":"io.k8s.api.extensions.v1beta1","f":[["replicas",1,"int32","op"],["selector",2,"meta.v1.LabelSelector","op"],["template",3,"core.v1.PodTemplateSpec","oar"],["strategy",4,"DeploymentStrategy","oa",{"p":["retainKeys"]}],["minReadySeconds",5,"int32","oe"],["revisionHistoryLimit",6,"int32","op"],["paused",7,"bool","oe"],["rollbackTo",8,"RollbackConfig","op"],["progressDeadlineSeconds",9,"int32","op"]]},"DeploymentStatus":{"d":"io.k8s.api.extensions.v1beta1","f":[["observedGeneration",1,"int64","oe"],["replicas",2,"int32","oe"],["updatedReplicas",3,"int32","oe"],["readyReplicas",7,"int32","oe"],["availableReplicas",4,"int32","oe"],["unavailableReplicas",5,"int32","oe"],["terminatingReplicas",9,"int32","op"],["conditions",6,"DeploymentCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}],["collisionCount",8,"int32","op"]]},"DeploymentStrategy":{"d":"io.k8s.api.extensions.v1beta1","f":[["type",1,"string","oe",{"t":"v1beta1.DeploymentStrategyType"}],["rollingUpdate",2,"RollingUpdateDeployment","op"]]},"FSGroupStrategyOptions":{"d":"io.k8s.api.extensions.v1beta1","f":[["rule",1,"string","oe",{"t":"v1beta1.FSGroupStrategyType"}],["ranges",2,"IDRange","le"]],"g":1},"HTTPIngressPath":{"d":"io.k8s.api.extensions.v1beta1","f":[["path",1,"string","oe"],["pathType",3,"string","op",{"t":"v1beta1.PathType"}],["backend",2,"IngressBackend","oar"]]},"HTTPIngressRuleValue":{"d":"io.k8s.api.extensions.v1beta1","f":[["paths",1,"HTTPIngressPath","lar",{"l":"atomic"}]]},"HostPortRange":{"d":"io.k8s.api.extensions.v1beta1","f":[["min",1,"int32","oa"],["max",2,"int32","oa"]],"g":1},"IDRange":{"d":"io.k8s.api.extensions.v1beta1","f":[["min",1,"int64","oa"],["max",2,"int64","oa"]],"g":1},"IPBlock":{"d":"io.k8s.api.extensions.v1beta1","f":[["cidr",1,"string","oar"],["except",2,"string","le",{"l":"atomic"}]]},"Ingress":{"d":"io.k8s.api.extensions.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"IngressSpec","oa"],["status",3,"IngressStatus","oa"]],"v":["extensions/v1beta1"]},"IngressBackend":{"d":"io.k8s.api.extensions.v1beta1","f":[["serviceName",1,"string","oe"],["servicePort",2,"machinery.IntOrString","oa"],["resource",3,"core.v1.TypedLocalObjectReference","op"]]},"IngressList":{"d":"io.k8s.api.extensions.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Ingress","lar"]],"v":["extensions/v1beta1"]},"IngressLoadBalancerIngress":{"d":"io.k8s.api.extensions.v1beta1","f":[["ip",1,"string","oe"],["hostname",2,"string","oe"],["ports",4,"IngressPortStatus","le",{"l":"atomic"}]]},"IngressLoadBalancerStatus":{"d":"io.k8s.api.extensions.v1beta1","f":[["ingress",1,"IngressLoadBalancerIngress","le",{"l":"atomic"}]]},"IngressPortStatus":{"d":"io.k8s.api.extensions.v1beta1","f":[["port",1,"int32","oar"],["protocol",2,"string","oar",{"e":["SCTP","TCP","UDP"],"t":"v1.Protocol"}],["error",3,"string","op"]]},"IngressRule":{"d":"io.k8s.api.extensions.v1beta1","f":[["host",1,"string","oe"],["ingressRuleValue",2,"IngressRuleValue","opi"]]},"IngressRuleValue":{"d":"io.k8s.api.extensions.v1beta1","f":[["http",1,"HTTPIngressRuleValue","op"]]},"IngressSpec":{"d":"io.k8s.api.extensions.v1beta1","f":[["ingressClassName",4,"string","op"],["backend",1,"IngressBackend","op"],["tls",2,"IngressTLS","le",{"l":"atomic"}],["rules",3,"IngressRule","le",{"l":"atomic"}]]},"IngressStatus":{"d":"io.k8s.api.extensions.v1beta1","f":[["loadBalancer",1,"IngressLoadBalancerStatus","oa"]]},"IngressTLS":{"d":"io.k8s.api.extensions.v1beta1","f":[["hosts",1,"string","le",{"l":"atomic"}],["secretName",2,"string","oe"]]},"NetworkPolicy":{"d":"io.k8s.api.extensions.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"NetworkPolicySpec","oa"],["status",3,"NetworkPolicyStatus","oax"]],"v":["extensions/v1beta1"]},"NetworkPolicyEgressRule":{"d":"io.k8s.api.extensions.v1beta1","f":[["ports",1,"NetworkPolicyPort","le",{"l":"atomic"}],["to",2,"NetworkPolicyPeer","le",{"l":"atomic"}]]},"NetworkPolicyIngressRule":{"d":"io.k8s.api.extensions.v1beta1","f":[["ports",1,"NetworkPolicyPort","le",{"l":"atomic"}],["from",2,"NetworkPolicyPeer","le",{"l":"atomic"}]]},"NetworkPolicyList":{"d":"io.k8s.api.extensions.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"NetworkPolicy","lar"]],"v":["extensions/v1beta1"]},"NetworkPolicyPeer":{"d":"io.k8s.api.extensions.v1beta1","f":[["podSelector",1,"meta.v1.LabelSelector","op"],["namespaceSelector",2,"meta.v1.LabelSelector","op"],["ipBlock",3,"IPBlock","op"]]},"NetworkPolicyPort":{"d":"io.k8s.api.extensions.v1beta1","f":[["protocol",1,"string","op",{"e":["SCTP","TCP","UDP"],"t":"v1.Protocol"}],["port",2,"machinery.IntOrString","op"],["endPort",3,"int32","op"]]},"NetworkPolicySpec":{"d":"io.k8s.api.extensions.v1beta1","f":[["podSelector",1,"meta.v1.LabelSelector","oar"],["ingress",2,"NetworkPolicyIngressRule","le",{"l":"atomic"}],["egress",3,"NetworkPolicyEgressRule","le",{"l":"atomic"}],["policyTypes",4,"string","le",{"l":"atomic","t":"[]v1beta1.PolicyType"}]]},"NetworkPolicyStatus":{"d":"io.k8s.api.extensions.v1beta1","f":[["conditions",1,"meta.v1.Condition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]],"g":1},"PodSecurityPolicy":{"d":"io.k8s.api.extensions.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PodSecurityPolicySpec","oa"]],"g":1,"v":["extensions/v1beta1"]},"PodSecurityPolicyList":{"d":"io.k8s.api.extensions.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PodSecurityPolicy","la"]],"g":1,"v":["extensions/v1beta1"]},"PodSecurityPolicySpec":{"d":"io.k8s.api.extensions.v1beta1","f":[["privileged",1,"bool","oe"],["defaultAddCapabilities",2,"string","le",{"t":"[]v1.Capability"}],["requiredDropCapabilities",3,"string","le",{"t":"[]v1.Capability"}],["allowedCapabilities",4,"string","le",{"t":"[]v1.Capability"}],["volumes",5,"string","le",{"t":"[]v1beta1.FSType"}],["hostNetwork",6,"bool","oe"],["hostPorts",7,"HostPortRange","le"],["hostPID",8,"bool","oe"],["hostIPC",9,"bool","oe"],["seLinux",10,"SELinuxStrategyOptions","oa"],["runAsUser",11,"RunAsUserStrategyOptions","oa"],["runAsGroup",22,"RunAsGroupStrategyOptions","op"],["supplementalGroups",12,"SupplementalGroupsStrategyOptions","oa"],["fsGroup",13,"FSGroupStrategyOptions","oa"],["readOnlyRootFilesystem",14,"bool","oe"],["defaultAllowPrivilegeEscalation",15,"bool","op"],["allowPrivilegeEscalation",16,"bool","op"],["allowedHostPaths",17,"AllowedHostPath","le"],["allowedFlexVolumes",18,"AllowedFlexVolume","le"],["allowedCSIDrivers",23,"AllowedCSIDriver","le"],["allowedUnsafeSysctls",19,"string","le"],["forbiddenSysctls",20,"string","le"],["allowedProcMountTypes",21,"string","le",{"t":"[]v1.ProcMountType"}],["runtimeClass",24,"RuntimeClassStrategyOptions","op"]],"g":1},"ReplicaSet":{"d":"io.k8s.api.extensions.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ReplicaSetSpec","oa"],["status",3,"ReplicaSetStatus","oa"]],"v":["extensions/v1beta1"]},"ReplicaSetCondition":{"d":"io.k8s.api.extensions.v1beta1","f":[["type",1,"string","oar",{"t":"v1beta1.ReplicaSetConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"ReplicaSetList":{"d":"io.k8s.api.extensions.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ReplicaSet","lar"]],"v":["extensions/v1beta1"]},"ReplicaSetSpec":{"d":"io.k8s.api.extensions.v1beta1","f":[["replicas",1,"int32","op"],["minReadySeconds",4,"int32","oe"],["selector",2,"meta.v1.LabelSelector","op"],["template",3,"core.v1.PodTemplateSpec","oa"]]},"ReplicaSetStatus":{"d":"io.k8s.api.extensions.v1beta1","f":[["replicas",1,"int32","oar"],["fullyLabeledReplicas",2,"int32","oe"],["readyReplicas",4,"int32","oe"],["availableReplicas",5,"int32","oe"],["terminatingReplicas",7,"int32","op"],["observedGeneration",3,"int64","oe"],["conditions",6,"ReplicaSetCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"ReplicationControllerDummy":{"d":"io.k8s.api.extensions.v1beta1","f":[],"g":1},"RollbackConfig":{"d":"io.k8s.api.extensions.v1beta1","f":[["revision",1,"int64","oe"]]},"RollingUpdateDaemonSet":{"d":"io.k8s.api.extensions.v1beta1","f":[["maxUnavailable",1,"machinery.IntOrString","op"],["maxSurge",2,"machinery.IntOrString","op"]]},"RollingUpdateDeployment":{"d":"io.k8s.api.extensions.v1beta1","f":[["maxUnavailable",1,"machinery.IntOrString","op"],["maxSurge",2,"machinery.IntOrString","op"]]},"RunAsGroupStrategyOptions":{"d":"io.k8s.api.extensions.v1beta1","f":[["rule",1,"string","oa",{"t":"v1beta1.RunAsGroupStrategy"}],["ranges",2,"IDRange","le"]],"g":1},"RunAsUserStrategyOptions":{"d":"io.k8s.api.extensions.v1beta1","f":[["rule",1,"string","oa",{"t":"v1beta1.RunAsUserStrategy"}],["ranges",2,"IDRange","le"]],"g":1},"RuntimeClassStrategyOptions":{"d":"io.k8s.api.extensions.v1beta1","f":[["allowedRuntimeClassNames",1,"string","la"],["defaultRuntimeClassName",2,"string","op"]],"g":1},"SELinuxStrategyOptions":{"d":"io.k8s.api.extensions.v1beta1","f":[["rule",1,"string","oa",{"t":"v1beta1.SELinuxStrategy"}],["seLinuxOptions",2,"core.v1.SELinuxOptions","op"]],"g":1},"Scale":{"d":"io.k8s.api.extensions.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ScaleSpec","oa"],["status",3,"ScaleStatus","oa"]],"v":["extensions/v1beta1"]},"ScaleSpec":{"d":"io.k8s.api.extensions.v1beta1","f":[["replicas",1,"int32","oe",{"d":0}]]},"ScaleStatus":{"d":"io.k8s.api.extensions.v1beta1","f":[["replicas",1,"int32","oar"],["selector",2,"string","me",{"m":"atomic"}],["targetSelector",3,"string","oe"]]},"SupplementalGroupsStrategyOptions":{"d":"io.k8s.api.extensions.v1beta1","f":[["rule",1,"string","oe",{"t":"v1beta1.SupplementalGroupsStrategyType"}],["ranges",2,"IDRange","le"]],"g":1}}',
  'flowcontrol.v1':
    '{"ExemptPriorityLevelConfiguration":{"d":"io.k8s.api.flowcontrol.v1","f":[["nominalConcurrencyShares",1,"int32","op"],["lendablePercent",2,"int32","op"]]},"FlowDistinguisherMethod":{"d":"io.k8s.api.flowcontrol.v1","f":[["type",1,"string","oar",{"t":"v1.FlowDistinguisherMethodType"}]]},"FlowSchema":{"d":"io.k8s.api.flowcontrol.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"FlowSchemaSpec","oa"],["status",3,"FlowSchemaStatus","oa"]],"v":["flowcontrol.apiserver.k8s.io/v1"]},"FlowSchemaCondition":{"d":"io.k8s.api.flowcontrol.v1","f":[["type",1,"string","oe",{"t":"v1.FlowSchemaConditionType"}],["status",2,"string","oe",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"FlowSchemaList":{"d":"io.k8s.api.flowcontrol.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"FlowSchema","lar"]],"v":["flowcontrol.apiserver.k8s.io/v1"]},"FlowSchemaSpec":{"d":"io.k8s.api.flowcontrol.v1","f":[["priorityLevelConfiguration",1,"PriorityLevelConfigurationReference","oar"],["matchingPrecedence",2,"int32","oa"],["distinguisherMethod",3,"FlowDistinguisherMethod","op"],["rules",4,"PolicyRulesWithSubjects","le",{"l":"atomic"}]]},"FlowSchemaStatus":{"d":"io.k8s.api.flowcontrol.v1","f":[["conditions",1,"FlowSchemaCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"GroupSubject":{"d":"io.k8s.api.flowcontrol.v1","f":[["name",1,"string","oar"]]},"LimitResponse":{"d":"io.k8s.api.flowcontrol.v1","f":[["type",1,"string","oar",{"t":"v1.LimitResponseType"}],["queuing",2,"QueuingConfiguration","op"]],"u":["type","queuing=Queuing"]},"LimitedPriorityLevelConfiguration":{"d":"io.k8s.api.flowcontrol.v1","f":[["nominalConcurrencyShares",1,"int32","on"],["limitResponse",2,"LimitResponse","oa"],["lendablePercent",3,"int32","op"],["borrowingLimitPercent",4,"int32","op"]]},"NonResourcePolicyRule":{"d":"io.k8s.api.flowcontrol.v1","f":[["verbs",1,"string","lar",{"l":"set"}],["nonResourceURLs",6,"string","lar",{"l":"set"}]]},"PolicyRulesWithSubjects":{"d":"io.k8s.api.flowcontrol.v1","f":[["subjects",1,"Subject","lar",{"l":"atomic"}],["resourceRules",2,"ResourcePolicyRule","le",{"l":"atomic"}],["nonResourceRules",3,"NonResourcePolicyRule","le",{"l":"atomic"}]]},"PriorityLevelConfiguration":{"d":"io.k8s.api.flowcontrol.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PriorityLevelConfigurationSpec","oa"],["status",3,"PriorityLevelConfigurationStatus","oa"]],"v":["flowcontrol.apiserver.k8s.io/v1"]},"PriorityLevelConfigurationCondition":{"d":"io.k8s.api.flowcontrol.v1","f":[["type",1,"string","oe",{"t":"v1.PriorityLevelConfigurationConditionType"}],["status",2,"string","oe",{"t":"v1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"PriorityLevelConfigurationList":{"d":"io.k8s.api.flowcontrol.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PriorityLevelConfiguration","lar"]],"v":["flowcontrol.apiserver.k8s.io/v1"]},"PriorityLevelConfigurationReference":{"d":"io.k8s.api.flowcontrol.v1","f":[["name",1,"string","oar"]]},"PriorityLevelConfigurationSpec":{"d":"io.k8s.api.flowcontrol.v1","f":[["type",1,"string","oar",{"t":"v1.PriorityLevelEnablement"}],["limited",2,"LimitedPriorityLevelConfiguration","op"],["exempt",3,"ExemptPriorityLevelConfiguration","op"]],"u":["type","exempt=Exempt","limited=Limited"]},"PriorityLevelConfigurationStatus":{"d":"io.k8s.api.flowcontrol.v1","f":[["conditions",1,"PriorityLevelConfigurationCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"QueuingConfiguration":{"d":"io.k8s.api.flowcontrol.v1","f":[["queues",1,"int32","oa"],["handSize",2,"int32","oa"],["queueLengthLimit",3,"int32","oa"]]},"ResourcePolicyRule":{"d":"io.k8s.api.flowcontrol.v1","f":[["verbs",1,"string","lar",{"l":"set"}],["apiGroups",2,"string","lar",{"l":"set"}],["resources",3,"string","lar",{"l":"set"}],["clusterScope",4,"bool","oe"],["namespaces",5,"string","la",{"l":"set"}]]},"ServiceAccountSubject":{"d":"io.k8s.api.flowcontrol.v1","f":[["namespace",1,"string","oar"],["name",2,"string","oar"]]},"Subject":{"d":"io.k8s.api.flowcontrol.v1","f":[["kind",1,"string","oar",{"t":"v1.SubjectKind"}],["user",2,"UserSubject","op"],["group",3,"GroupSubject","op"],["serviceAccount",4,"ServiceAccountSubject","op"]],"u":["kind","group=Group","serviceAccount=ServiceAccount","user=User"]},"UserSubject":{"d":"io.k8s.api.flowcontrol.v1","f":[["name",1,"string","oar"]]}}',
  'flowcontrol.v1alpha1':
    '{"ExemptPriorityLevelConfiguration":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["nominalConcurrencyShares",1,"int32","op"],["lendablePercent",2,"int32","op"]],"g":1},"FlowDistinguisherMethod":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["type",1,"string","oa",{"t":"v1alpha1.FlowDistinguisherMethodType"}]],"g":1},"FlowSchema":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"FlowSchemaSpec","oa"],["status",3,"FlowSchemaStatus","oa"]],"g":1,"v":["flowcontrol.apiserver.k8s.io/v1alpha1"]},"FlowSchemaCondition":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["type",1,"string","oe",{"t":"v1alpha1.FlowSchemaConditionType"}],["status",2,"string","oe",{"t":"v1alpha1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]],"g":1},"FlowSchemaList":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"FlowSchema","la"]],"g":1,"v":["flowcontrol.apiserver.k8s.io/v1alpha1"]},"FlowSchemaSpec":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["priorityLevelConfiguration",1,"PriorityLevelConfigurationReference","oa"],["matchingPrecedence",2,"int32","oa"],["distinguisherMethod",3,"FlowDistinguisherMethod","op"],["rules",4,"PolicyRulesWithSubjects","le",{"l":"atomic"}]],"g":1},"FlowSchemaStatus":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["conditions",1,"FlowSchemaCondition","le",{"l":"map","k":["type"]}]],"g":1},"GroupSubject":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["name",1,"string","oa"]],"g":1},"LimitResponse":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["type",1,"string","oa",{"t":"v1alpha1.LimitResponseType"}],["queuing",2,"QueuingConfiguration","op"]],"g":1},"LimitedPriorityLevelConfiguration":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["assuredConcurrencyShares",1,"int32","oa"],["limitResponse",2,"LimitResponse","oa"],["lendablePercent",3,"int32","op"],["borrowingLimitPercent",4,"int32","op"]],"g":1},"NonResourcePolicyRule":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["verbs",1,"string","la",{"l":"set"}],["nonResourceURLs",6,"string","la",{"l":"set"}]],"g":1},"PolicyRulesWithSubjects":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["subjects",1,"Subject","la",{"l":"atomic"}],["resourceRules",2,"ResourcePolicyRule","le",{"l":"atomic"}],["nonResourceRules",3,"NonResourcePolicyRule","le",{"l":"atomic"}]],"g":1},"PriorityLevelConfiguration":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PriorityLevelConfigurationSpec","oa"],["status",3,"PriorityLevelConfigurationStatus","oa"]],"g":1,"v":["flowcontrol.apiserver.k8s.io/v1alpha1"]},"PriorityLevelConfigurationCondition":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["type",1,"string","oe",{"t":"v1alpha1.PriorityLevelConfigurationConditionType"}],["status",2,"string","oe",{"t":"v1alpha1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]],"g":1},"PriorityLevelConfigurationList":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PriorityLevelConfiguration","la"]],"g":1,"v":["flowcontrol.apiserver.k8s.io/v1alpha1"]},"PriorityLevelConfigurationReference":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["name",1,"string","oa"]],"g":1},"PriorityLevelConfigurationSpec":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["type",1,"string","oa",{"t":"v1alpha1.PriorityLevelEnablement"}],["limited",2,"LimitedPriorityLevelConfiguration","op"],["exempt",3,"ExemptPriorityLevelConfiguration","op"]],"g":1},"PriorityLevelConfigurationStatus":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["conditions",1,"PriorityLevelConfigurationCondition","le",{"l":"map","k":["type"]}]],"g":1},"QueuingConfiguration":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["queues",1,"int32","oa"],["handSize",2,"int32","oa"],["queueLengthLimit",3,"int32","oa"]],"g":1},"ResourcePolicyRule":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["verbs",1,"string","la",{"l":"set"}],["apiGroups",2,"string","la",{"l":"set"}],["resources",3,"string","la",{"l":"set"}],["clusterScope",4,"bool","oe"],["namespaces",5,"string","la",{"l":"set"}]],"g":1},"ServiceAccountSubject":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["namespace",1,"string","oa"],["name",2,"string","oa"]],"g":1},"Subject":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["kind",1,"string","oa",{"t":"v1alpha1.SubjectKind"}],["user",2,"UserSubject","op"],["group",3,"GroupSubject","op"],["serviceAccount",4,"ServiceAccountSubject","op"]],"g":1},"UserSubject":{"d":"io.k8s.api.flowcontrol.v1alpha1","f":[["name",1,"string","oa"]],"g":1}}',
  'flowcontrol.v1beta1':
    '{"ExemptPriorityLevelConfiguration":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["nominalConcurrencyShares",1,"int32","op"],["lendablePercent",2,"int32","op"]]},"FlowDistinguisherMethod":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["type",1,"string","oar",{"t":"v1beta1.FlowDistinguisherMethodType"}]]},"FlowSchema":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"FlowSchemaSpec","oa"],["status",3,"FlowSchemaStatus","oa"]],"v":["flowcontrol.apiserver.k8s.io/v1beta1"]},"FlowSchemaCondition":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["type",1,"string","oe",{"t":"v1beta1.FlowSchemaConditionType"}],["status",2,"string","oe",{"t":"v1beta1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"FlowSchemaList":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"FlowSchema","lar"]],"v":["flowcontrol.apiserver.k8s.io/v1beta1"]},"FlowSchemaSpec":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["priorityLevelConfiguration",1,"PriorityLevelConfigurationReference","oar"],["matchingPrecedence",2,"int32","oa"],["distinguisherMethod",3,"FlowDistinguisherMethod","op"],["rules",4,"PolicyRulesWithSubjects","le",{"l":"atomic"}]]},"FlowSchemaStatus":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["conditions",1,"FlowSchemaCondition","le",{"l":"map","k":["type"]}]]},"GroupSubject":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["name",1,"string","oar"]]},"LimitResponse":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["type",1,"string","oar",{"t":"v1beta1.LimitResponseType"}],["queuing",2,"QueuingConfiguration","op"]],"u":["type","queuing=Queuing"]},"LimitedPriorityLevelConfiguration":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["assuredConcurrencyShares",1,"int32","oa"],["limitResponse",2,"LimitResponse","oa"],["lendablePercent",3,"int32","op"],["borrowingLimitPercent",4,"int32","op"]]},"NonResourcePolicyRule":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["verbs",1,"string","lar",{"l":"set"}],["nonResourceURLs",6,"string","lar",{"l":"set"}]]},"PolicyRulesWithSubjects":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["subjects",1,"Subject","lar",{"l":"atomic"}],["resourceRules",2,"ResourcePolicyRule","le",{"l":"atomic"}],["nonResourceRules",3,"NonResourcePolicyRule","le",{"l":"atomic"}]]},"PriorityLevelConfiguration":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PriorityLevelConfigurationSpec","oa"],["status",3,"PriorityLevelConfigurationStatus","oa"]],"v":["flowcontrol.apiserver.k8s.io/v1beta1"]},"PriorityLevelConfigurationCondition":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["type",1,"string","oe",{"t":"v1beta1.PriorityLevelConfigurationConditionType"}],["status",2,"string","oe",{"t":"v1beta1.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"PriorityLevelConfigurationList":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PriorityLevelConfiguration","lar"]],"v":["flowcontrol.apiserver.k8s.io/v1beta1"]},"PriorityLevelConfigurationReference":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["name",1,"string","oar"]]},"PriorityLevelConfigurationSpec":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["type",1,"string","oar",{"t":"v1beta1.PriorityLevelEnablement"}],["limited",2,"LimitedPriorityLevelConfiguration","op"],["exempt",3,"ExemptPriorityLevelConfiguration","op"]],"u":["type","exempt=Exempt","limited=Limited"]},"PriorityLevelConfigurationStatus":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["conditions",1,"PriorityLevelConfigurationCondition","le",{"l":"map","k":["type"]}]]},"QueuingConfiguration":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["queues",1,"int32","oa"],["handSize",2,"int32","oa"],["queueLengthLimit",3,"int32","oa"]]},"ResourcePolicyRule":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["verbs",1,"string","lar",{"l":"set"}],["apiGroups",2,"string","lar",{"l":"set"}],["resources",3,"string","lar",{"l":"set"}],["clusterScope",4,"bool","oe"],["namespaces",5,"string","la",{"l":"set"}]]},"ServiceAccountSubject":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["namespace",1,"string","oar"],["name",2,"string","oar"]]},"Subject":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["kind",1,"string","oar",{"t":"v1beta1.SubjectKind"}],["user",2,"UserSubject","op"],["group",3,"GroupSubject","op"],["serviceAccount",4,"ServiceAccountSubject","op"]],"u":["kind","group=Group","serviceAccount=ServiceAccount","user=User"]},"UserSubject":{"d":"io.k8s.api.flowcontrol.v1beta1","f":[["name",1,"string","oar"]]}}',
  'flowcontrol.v1beta2':
    '{"ExemptPriorityLevelConfiguration":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["nominalConcurrencyShares",1,"int32","op"],["lendablePercent",2,"int32","op"]]},"FlowDistinguisherMethod":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["type",1,"string","oar",{"t":"v1beta2.FlowDistinguisherMethodType"}]]},"FlowSchema":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"FlowSchemaSpec","oa"],["status",3,"FlowSchemaStatus","oa"]],"v":["flowcontrol.apiserver.k8s.io/v1beta2"]},"FlowSchemaCondition":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["type",1,"string","oe",{"t":"v1beta2.FlowSchemaConditionType"}],["status",2,"string","oe",{"t":"v1beta2.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"FlowSchemaList":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"FlowSchema","lar"]],"v":["flowcontrol.apiserver.k8s.io/v1beta2"]},"FlowSchemaSpec":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["priorityLevelConfiguration",1,"PriorityLevelConfigurationReference","oar"],["matchingPrecedence",2,"int32","oa"],["distinguisherMethod",3,"FlowDistinguisherMethod","op"],["rules",4,"PolicyRulesWithSubjects","le",{"l":"atomic"}]]},"FlowSchemaStatus":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["conditions",1,"FlowSchemaCondition","le",{"l":"map","k":["type"]}]]},"GroupSubject":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["name",1,"string","oar"]]},"LimitResponse":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["type",1,"string","oar",{"t":"v1beta2.LimitResponseType"}],["queuing",2,"QueuingConfiguration","op"]],"u":["type","queuing=Queuing"]},"LimitedPriorityLevelConfiguration":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["assuredConcurrencyShares",1,"int32","oa"],["limitResponse",2,"LimitResponse","oa"],["lendablePercent",3,"int32","op"],["borrowingLimitPercent",4,"int32","op"]]},"NonResourcePolicyRule":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["verbs",1,"string","lar",{"l":"set"}],["nonResourceURLs",6,"string","lar",{"l":"set"}]]},"PolicyRulesWithSubjects":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["subjects",1,"Subject","lar",{"l":"atomic"}],["resourceRules",2,"ResourcePolicyRule","le",{"l":"atomic"}],["nonResourceRules",3,"NonResourcePolicyRule","le",{"l":"atomic"}]]},"PriorityLevelConfiguration":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PriorityLevelConfigurationSpec","oa"],["status",3,"PriorityLevelConfigurationStatus","oa"]],"v":["flowcontrol.apiserver.k8s.io/v1beta2"]},"PriorityLevelConfigurationCondition":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["type",1,"string","oe",{"t":"v1beta2.PriorityLevelConfigurationConditionType"}],["status",2,"string","oe",{"t":"v1beta2.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"PriorityLevelConfigurationList":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PriorityLevelConfiguration","lar"]],"v":["flowcontrol.apiserver.k8s.io/v1beta2"]},"PriorityLevelConfigurationReference":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["name",1,"string","oar"]]},"PriorityLevelConfigurationSpec":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["type",1,"string","oar",{"t":"v1beta2.PriorityLevelEnablement"}],["limited",2,"LimitedPriorityLevelConfiguration","op"],["exempt",3,"ExemptPriorityLevelConfiguration","op"]],"u":["type","exempt=Exempt","limited=Limited"]},"PriorityLevelConfigurationStatus":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["conditions",1,"PriorityLevelConfigurationCondition","le",{"l":"map","k":["type"]}]]},"QueuingConfiguration":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["queues",1,"int32","oa"],["handSize",2,"int32","oa"],["queueLengthLimit",3,"int32","oa"]]},"ResourcePolicyRule":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["verbs",1,"string","lar",{"l":"set"}],["apiGroups",2,"string","lar",{"l":"set"}],["resources",3,"string","lar",{"l":"set"}],["clusterScope",4,"bool","oe"],["namespaces",5,"string","la",{"l":"set"}]]},"ServiceAccountSubject":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["namespace",1,"string","oar"],["name",2,"string","oar"]]},"Subject":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["kind",1,"string","oar",{"t":"v1beta2.SubjectKind"}],["user",2,"UserSubject","op"],["group",3,"GroupSubject","op"],["serviceAccount",4,"ServiceAccountSubject","op"]],"u":["kind","group=Group","serviceAccount=ServiceAccount","user=User"]},"UserSubject":{"d":"io.k8s.api.flowcontrol.v1beta2","f":[["name",1,"string","oar"]]}}',
  'flowcontrol.v1beta3':
    '{"ExemptPriorityLevelConfiguration":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["nominalConcurrencyShares",1,"int32","op"],["lendablePercent",2,"int32","op"]]},"FlowDistinguisherMethod":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["type",1,"string","oar",{"t":"v1beta3.FlowDistinguisherMethodType"}]]},"FlowSchema":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"FlowSchemaSpec","oa"],["status",3,"FlowSchemaStatus","oa"]],"v":["flowcontrol.apiserver.k8s.io/v1beta3"]},"FlowSchemaCondition":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["type",1,"string","oe",{"t":"v1beta3.FlowSchemaConditionType"}],["status",2,"string","oe",{"t":"v1beta3.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"FlowSchemaList":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"FlowSchema","lar"]],"v":["flowcontrol.apiserver.k8s.io/v1beta3"]},"FlowSchemaSpec":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["priorityLevelConfiguration",1,"PriorityLevelConfigurationReference","oar"],["matchingPrecedence",2,"int32","oa"],["distinguisherMethod",3,"FlowDistinguisherMethod","op"],["rules",4,"PolicyRulesWithSubjects","le",{"l":"atomic"}]]},"FlowSchemaStatus":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["conditions",1,"FlowSchemaCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"GroupSubject":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["name",1,"string","oar"]]},"LimitResponse":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["type",1,"string","oar",{"t":"v1beta3.LimitResponseType"}],["queuing",2,"QueuingConfiguration","op"]],"u":["type","queuing=Queuing"]},"LimitedPriorityLevelConfiguration":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["nominalConcurrencyShares",1,"int32","oa"],["limitResponse",2,"LimitResponse","oa"],["lendablePercent",3,"int32","op"],["borrowingLimitPercent",4,"int32","op"]]},"NonResourcePolicyRule":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["verbs",1,"string","lar",{"l":"set"}],["nonResourceURLs",6,"string","lar",{"l":"set"}]]},"PolicyRulesWithSubjects":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["subjects",1,"Subject","lar",{"l":"atomic"}],["resourceRules",2,"ResourcePolicyRule","le",{"l":"atomic"}],["nonResourceRules",3,"NonResourcePolicyRule","le",{"l":"atomic"}]]},"PriorityLevelConfiguration":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PriorityLevelConfigurationSpec","oa"],["status",3,"PriorityLevelConfigurationStatus","oa"]],"v":["flowcontrol.apiserver.k8s.io/v1beta3"]},"PriorityLevelConfigurationCondition":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["type",1,"string","oe",{"t":"v1beta3.PriorityLevelConfigurationConditionType"}],["status",2,"string","oe",{"t":"v1beta3.ConditionStatus"}],["lastTransitionTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"PriorityLevelConfigurationList":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PriorityLevelConfiguration","lar"]],"v":["flowcontrol.apiserver.k8s.io/v1beta3"]},"PriorityLevelConfigurationReference":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["name",1,"string","oar"]]},"PriorityLevelConfigurationSpec":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["type",1,"string","oar",{"t":"v1beta3.PriorityLevelEnablement"}],["limited",2,"LimitedPriorityLevelConfiguration","op"],["exempt",3,"ExemptPriorityLevelConfiguration","op"]],"u":["type","exempt=Exempt","limited=Limited"]},"PriorityLevelConfigurationStatus":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["conditions",1,"PriorityLevelConfigurationCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"QueuingConfiguration":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["queues",1,"int32","oa"],["handSize",2,"int32","oa"],["queueLengthLimit",3,"int32","oa"]]},"ResourcePolicyRule":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["verbs",1,"string","lar",{"l":"set"}],["apiGroups",2,"string","lar",{"l":"set"}],["resources",3,"string","lar",{"l":"set"}],["clusterScope",4,"bool","oe"],["namespaces",5,"string","la",{"l":"set"}]]},"ServiceAccountSubject":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["namespace",1,"string","oar"],["name",2,"string","oar"]]},"Subject":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["kind",1,"string","oar",{"t":"v1beta3.SubjectKind"}],["user",2,"UserSubject","op"],["group",3,"GroupSubject","op"],["serviceAccount",4,"ServiceAccountSubject","op"]],"u":["kind","group=Group","serviceAccount=ServiceAccount","user=User"]},"UserSubject":{"d":"io.k8s.api.flowcontrol.v1beta3","f":[["name",1,"string","oar"]]}}',
  'imagepolicy.v1alpha1':
    '{"ImageReview":{"d":"io.k8s.api.imagepolicy.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ImageReviewSpec","oar"],["status",3,"ImageReviewStatus","oa"]],"v":["imagepolicy.k8s.io/v1alpha1"]},"ImageReviewContainerSpec":{"d":"io.k8s.api.imagepolicy.v1alpha1","f":[["image",1,"string","oe"]]},"ImageReviewSpec":{"d":"io.k8s.api.imagepolicy.v1alpha1","f":[["containers",1,"ImageReviewContainerSpec","le",{"l":"atomic"}],["annotations",2,"string","me"],["namespace",3,"string","oe"]]},"ImageReviewStatus":{"d":"io.k8s.api.imagepolicy.v1alpha1","f":[["allowed",1,"bool","oar"],["reason",2,"string","oe"],["auditAnnotations",3,"string","me"]]}}',
  machinery:
    '{"IntOrString":{"d":"io.k8s.apimachinery.pkg.util.intstr","f":[["type",1,"int64","oe"],["intVal",2,"int32","oe"],["strVal",3,"string","oe"]],"s":"INT_OR_STRING"},"Quantity":{"d":"io.k8s.apimachinery.pkg.api.resource","f":[["string",1,"string","oe"]],"s":"QUANTITY"},"QuantityValue":{"d":"io.k8s.apimachinery.pkg.api.resource","f":[["string",1,"string","oe"]],"s":"QUANTITY"},"RawExtension":{"d":"io.k8s.apimachinery.pkg.runtime","f":[["raw",1,"bytes","oe"]],"s":"RAW_EXTENSION"},"TypeMeta":{"d":"io.k8s.apimachinery.pkg.runtime","f":[["apiVersion",1,"string","oe"],["kind",2,"string","oe"]]},"Unknown":{"d":"io.k8s.apimachinery.pkg.runtime","f":[["typeMeta",1,"TypeMeta","opi"],["raw",2,"bytes","oe"],["contentEncoding",3,"string","oe"],["contentType",4,"string","oe"]],"s":"UNKNOWN"},"Info":{"d":"io.k8s.apimachinery.pkg.version","f":[["major",1,"string","oar"],["minor",2,"string","oar"],["emulationMajor",3,"string","oe"],["emulationMinor",4,"string","oe"],["minCompatibilityMajor",5,"string","oe"],["minCompatibilityMinor",6,"string","oe"],["gitVersion",7,"string","oar"],["gitCommit",8,"string","oar"],["gitTreeState",9,"string","oar"],["buildDate",10,"string","oar"],["goVersion",11,"string","oar"],["compiler",12,"string","oar"],["platform",13,"string","oar"]]}}',
  'meta.v1':
    '{"APIGroup":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["name",1,"string","oar"],["versions",2,"GroupVersionForDiscovery","lar",{"l":"atomic"}],["preferredVersion",3,"GroupVersionForDiscovery","oa"],["serverAddressByClientCIDRs",4,"ServerAddressByClientCIDR","le",{"l":"atomic"}]],"v":["v1"]},"APIGroupList":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["groups",1,"APIGroup","lar",{"l":"atomic"}]],"v":["v1"]},"APIResource":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["name",1,"string","oar"],["singularName",6,"string","oar"],["namespaced",2,"bool","oar"],["group",8,"string","oe"],["version",9,"string","oe"],["kind",3,"string","oar"],["verbs",4,"Verbs","onr"],["shortNames",5,"string","le",{"l":"atomic"}],["categories",7,"string","le",{"l":"atomic"}],["storageVersionHash",10,"string","oe"]]},"APIResourceList":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["groupVersion",1,"string","oar"],["resources",2,"APIResource","lar",{"l":"atomic"}]],"v":["v1"]},"APIVersions":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["versions",1,"string","lar",{"l":"atomic"}],["serverAddressByClientCIDRs",2,"ServerAddressByClientCIDR","lar",{"l":"atomic"}]],"v":["v1"]},"ApplyOptions":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["dryRun",1,"string","le",{"l":"atomic"}],["force",2,"bool","oar"],["fieldManager",3,"string","oar"]]},"Condition":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["type",1,"string","oar"],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["observedGeneration",3,"int64","oe"],["lastTransitionTime",4,"Time","oar"],["reason",5,"string","oar"],["message",6,"string","oar"]]},"CreateOptions":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["dryRun",1,"string","le",{"l":"atomic"}],["includeUninitialized",2,"bool","oex"],["fieldManager",3,"string","oe"],["fieldValidation",4,"string","oe"]],"v":["*"]},"DeleteOptions":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["gracePeriodSeconds",1,"int64","op"],["preconditions",2,"Preconditions","op"],["orphanDependents",3,"bool","op"],["propagationPolicy",4,"string","op",{"t":"v1.DeletionPropagation"}],["dryRun",5,"string","le",{"l":"atomic"}],["ignoreStoreReadErrorWithClusterBreakingPotential",6,"bool","op"]],"v":["*"]},"Duration":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["duration",1,"int64","oe"]],"s":"DURATION"},"ExportOptions":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["export",1,"bool","oa"],["exact",2,"bool","oa"]],"g":1,"v":["v1"]},"FieldSelectorRequirement":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["key",1,"string","oar"],["operator",2,"string","oar",{"t":"v1.FieldSelectorOperator"}],["values",3,"string","le",{"l":"atomic"}]]},"Fields":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["map",1,"Fields","me"]],"s":"INLINE_MAP","g":1},"FieldsV1":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["Raw",1,"bytes","oe"]],"s":"FIELDS_V1"},"GetOptions":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["resourceVersion",1,"string","oe"],["includeUninitialized",2,"bool","oex"]],"v":["*"]},"GroupKind":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["group",1,"string","oar"],["kind",2,"string","oar"]]},"GroupResource":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["group",1,"string","oar"],["resource",2,"string","oar"]]},"GroupVersion":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["group",1,"string","oar"],["version",2,"string","oar"]]},"GroupVersionForDiscovery":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["groupVersion",1,"string","oar"],["version",2,"string","oar"]]},"GroupVersionKind":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["group",1,"string","oar"],["version",2,"string","oar"],["kind",3,"string","oar"]]},"GroupVersionResource":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["group",1,"string","oar"],["version",2,"string","oar"],["resource",3,"string","oar"]]},"Initializer":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["name",1,"string","oa"]],"g":1},"Initializers":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["pending",1,"Initializer","la",{"p":["merge"],"y":"name"}],["result",2,"Status","op"]],"g":1},"LabelSelector":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["matchLabels",1,"string","me"],["matchExpressions",2,"LabelSelectorRequirement","le",{"l":"atomic"}]],"a":1},"LabelSelectorRequirement":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["key",1,"string","oar"],["operator",2,"string","oar",{"t":"v1.LabelSelectorOperator"}],["values",3,"string","le",{"l":"atomic"}]]},"List":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["metadata",1,"ListMeta","oa"],["items",2,"machinery.RawExtension","lar"]]},"ListMeta":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["selfLink",1,"string","oe"],["resourceVersion",2,"string","oe"],["continue",3,"string","oe"],["remainingItemCount",4,"int64","op"]]},"ListOptions":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["labelSelector",1,"string","oe"],["fieldSelector",2,"string","oe"],["watch",3,"bool","oe"],["allowWatchBookmarks",9,"bool","oe"],["resourceVersion",4,"string","oe"],["resourceVersionMatch",10,"string","oe",{"t":"v1.ResourceVersionMatch"}],["timeoutSeconds",5,"int64","op"],["includeUninitialized",6,"bool","oex"],["limit",7,"int64","oe"],["continue",8,"string","oe"],["sendInitialEvents",11,"bool","op"]],"v":["*"]},"ManagedFieldsEntry":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["manager",1,"string","oe"],["operation",2,"string","oe",{"t":"v1.ManagedFieldsOperationType"}],["apiVersion",3,"string","oe"],["time",4,"Time","op"],["fields",5,"Fields","opx"],["fieldsType",6,"string","oe"],["fieldsV1",7,"FieldsV1","op"],["subresource",8,"string","oet"]]},"MicroTime":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["seconds",1,"int64","oe"],["nanos",2,"int32","oe"]],"s":"MICRO_TIME"},"ObjectMeta":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["name",1,"string","oe"],["generateName",2,"string","oe"],["namespace",3,"string","oe"],["selfLink",4,"string","oe"],["uid",5,"string","oe",{"t":"types.UID"}],["resourceVersion",6,"string","oe"],["generation",7,"int64","oe"],["creationTimestamp",8,"Time","oz"],["deletionTimestamp",9,"Time","op"],["deletionGracePeriodSeconds",10,"int64","op"],["labels",11,"string","me"],["annotations",12,"string","me"],["ownerReferences",13,"OwnerReference","le",{"l":"map","k":["uid"],"p":["merge"],"y":"uid"}],["finalizers",14,"string","le",{"l":"set","p":["merge"]}],["clusterName",15,"string","oex"],["initializers",16,"Initializers","opx"],["managedFields",17,"ManagedFieldsEntry","le",{"l":"atomic"}]]},"OwnerReference":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["apiVersion",5,"string","oar"],["kind",1,"string","oar"],["name",3,"string","oar"],["uid",4,"string","oar",{"t":"types.UID"}],["controller",6,"bool","op"],["blockOwnerDeletion",7,"bool","op"]],"a":1},"PartialObjectMetadata":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["metadata",1,"ObjectMeta","oa"]],"v":["meta.k8s.io/v1"]},"PartialObjectMetadataList":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["metadata",1,"ListMeta","oa"],["items",2,"PartialObjectMetadata","lar"]],"v":["meta.k8s.io/v1"]},"Patch":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[]},"PatchOptions":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["dryRun",1,"string","le",{"l":"atomic"}],["force",2,"bool","op"],["fieldManager",3,"string","oe"],["fieldValidation",4,"string","oe"]],"v":["*"]},"Preconditions":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["uid",1,"string","op",{"t":"types.UID"}],["resourceVersion",2,"string","op"]]},"RootPaths":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["paths",1,"string","lar",{"l":"atomic"}]]},"ServerAddressByClientCIDR":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["clientCIDR",1,"string","oar"],["serverAddress",2,"string","oar"]]},"Status":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["metadata",1,"ListMeta","oa"],["status",2,"string","oe"],["message",3,"string","oe"],["reason",4,"string","oe",{"t":"v1.StatusReason"}],["details",5,"StatusDetails","op",{"l":"atomic"}],["code",6,"int32","oe"]],"v":["v1"]},"StatusCause":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["reason",1,"string","oe",{"t":"v1.CauseType"}],["message",2,"string","oe"],["field",3,"string","oe"]]},"StatusDetails":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["name",1,"string","oe"],["group",2,"string","oe"],["kind",3,"string","oe"],["uid",6,"string","oe",{"t":"types.UID"}],["causes",4,"StatusCause","le",{"l":"atomic"}],["retryAfterSeconds",5,"int32","oe"]]},"TableOptions":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["includeObject",1,"string","oe",{"t":"v1.IncludeObjectPolicy"}]],"v":["meta.k8s.io/v1"]},"Time":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["seconds",1,"int64","oe"],["nanos",2,"int32","oe"]],"s":"TIME"},"Timestamp":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["seconds",1,"int64","oar"],["nanos",2,"int32","oar"]]},"TypeMeta":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["kind",1,"string","oe"],["apiVersion",2,"string","oe"]]},"UpdateOptions":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["dryRun",1,"string","le",{"l":"atomic"}],["fieldManager",2,"string","oe"],["fieldValidation",3,"string","oe"]],"v":["*"]},"Verbs":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["items",1,"string","le"]],"s":"STRING_LIST"},"WatchEvent":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1","f":[["type",1,"string","oar"],["object",2,"machinery.RawExtension","oar"]],"v":["*"]}}',
  'meta.v1beta1':
    '{"PartialObjectMetadata":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"]],"v":["meta.k8s.io/v1beta1"]},"PartialObjectMetadataList":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1beta1","f":[["items",1,"meta.v1.PartialObjectMetadata","lar"],["metadata",2,"meta.v1.ListMeta","oa"]],"v":["meta.k8s.io/v1beta1"]},"TableOptions":{"d":"io.k8s.apimachinery.pkg.apis.meta.v1beta1","f":[["includeObject",1,"string","oe",{"t":"v1beta1.IncludeObjectPolicy"}]],"v":["meta.k8s.io/v1beta1"]}}',
  'networking.v1':
    '{"HTTPIngressPath":{"d":"io.k8s.api.networking.v1","f":[["path",1,"string","oe"],["pathType",3,"string","onr",{"e":["Exact","ImplementationSpecific","Prefix"],"t":"v1.PathType"}],["backend",2,"IngressBackend","oar"]]},"HTTPIngressRuleValue":{"d":"io.k8s.api.networking.v1","f":[["paths",1,"HTTPIngressPath","lar",{"l":"atomic"}]]},"IPAddress":{"d":"io.k8s.api.networking.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"IPAddressSpec","oa"]],"v":["networking.k8s.io/v1"]},"IPAddressList":{"d":"io.k8s.api.networking.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"IPAddress","lar"]],"v":["networking.k8s.io/v1"]},"IPAddressSpec":{"d":"io.k8s.api.networking.v1","f":[["parentRef",1,"ParentReference","opr"]]},"IPBlock":{"d":"io.k8s.api.networking.v1","f":[["cidr",1,"string","oar"],["except",2,"string","le",{"l":"atomic"}]]},"Ingress":{"d":"io.k8s.api.networking.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"IngressSpec","oa"],["status",3,"IngressStatus","oa"]],"v":["networking.k8s.io/v1"]},"IngressBackend":{"d":"io.k8s.api.networking.v1","f":[["service",4,"IngressServiceBackend","op"],["resource",3,"core.v1.TypedLocalObjectReference","op"]]},"IngressClass":{"d":"io.k8s.api.networking.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"IngressClassSpec","oa"]],"v":["networking.k8s.io/v1"]},"IngressClassList":{"d":"io.k8s.api.networking.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"IngressClass","lar"]],"v":["networking.k8s.io/v1"]},"IngressClassParametersReference":{"d":"io.k8s.api.networking.v1","f":[["apiGroup",1,"string","op"],["kind",2,"string","oar"],["name",3,"string","oar"],["scope",4,"string","on"],["namespace",5,"string","op"]]},"IngressClassSpec":{"d":"io.k8s.api.networking.v1","f":[["controller",1,"string","oe"],["parameters",2,"IngressClassParametersReference","op"]]},"IngressList":{"d":"io.k8s.api.networking.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Ingress","lar"]],"v":["networking.k8s.io/v1"]},"IngressLoadBalancerIngress":{"d":"io.k8s.api.networking.v1","f":[["ip",1,"string","oe"],["hostname",2,"string","oe"],["ports",4,"IngressPortStatus","le",{"l":"atomic"}]]},"IngressLoadBalancerStatus":{"d":"io.k8s.api.networking.v1","f":[["ingress",1,"IngressLoadBalancerIngress","le",{"l":"atomic"}]]},"IngressPortStatus":{"d":"io.k8s.api.networking.v1","f":[["port",1,"int32","oar"],["protocol",2,"string","oar",{"e":["SCTP","TCP","UDP"],"t":"v1.Protocol"}],["error",3,"string","op"]]},"IngressRule":{"d":"io.k8s.api.networking.v1","f":[["host",1,"string","oe"],["ingressRuleValue",2,"IngressRuleValue","opi"]]},"IngressRuleValue":{"d":"io.k8s.api.networking.v1","f":[["http",1,"HTTPIngressRuleValue","opb"]]},"IngressServiceBackend":{"d":"io.k8s.api.networking.v1","f":[["name",1,"string","oar"],["port",2,"ServiceBackendPort","oa"]]},"IngressSpec":{"d":"io.k8s.api.networking.v1","f":[["ingressClassName",4,"string","op"],["defaultBackend",1,"IngressBackend","op"],["tls",2,"IngressTLS","le",{"l":"atomic"}],["rules",3,"IngressRule","le",{"l":"atomic"}]]},"IngressStatus":{"d":"io.k8s.api.networking.v1","f":[["loadBalancer",1,"IngressLoadBalancerStatus","oa"]]},"IngressTLS":{"d":"io.k8s.api.networking.v1","f":[["hosts",1,"string","le",{"l":"atomic"}],["secretName",2,"string","oe"]]},"NetworkPolicy":{"d":"io.k8s.api.networking.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"NetworkPolicySpec","oa"],["status",3,"NetworkPolicyStatus","oax"]],"v":["networking.k8s.io/v1"]},"NetworkPolicyEgressRule":{"d":"io.k8s.api.networking.v1","f":[["ports",1,"NetworkPolicyPort","le",{"l":"atomic"}],["to",2,"NetworkPolicyPeer","le",{"l":"atomic"}]]},"NetworkPolicyIngressRule":{"d":"io.k8s.api.networking.v1","f":[["ports",1,"NetworkPolicyPort","le",{"l":"atomic"}],["from",2,"NetworkPolicyPeer","le",{"l":"atomic"}]]},"NetworkPolicyList":{"d":"io.k8s.api.networking.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"NetworkPolicy","lar"]],"v":["networking.k8s.io/v1"]},"NetworkPolicyPeer":{"d":"io.k8s.api.networking.v1","f":[["podSelector",1,"meta.v1.LabelSelector","op"],["namespaceSelector",2,"meta.v1.LabelSelector","op"],["ipBlock",3,"IPBlock","op"]]},"NetworkPolicyPort":{"d":"io.k8s.api.networking.v1","f":[["protocol",1,"string","op",{"e":["SCTP","TCP","UDP"],"t":"v1.Protocol"}],["port",2,"machinery.IntOrString","op"],["endPort",3,"int32","op"]]},"NetworkPolicySpec":{"d":"io.k8s.api.networking.v1","f":[["podSelector",1,"meta.v1.LabelSelector","oa"],["ingress",2,"NetworkPolicyIngressRule","le",{"l":"atomic"}],["egress",3,"NetworkPolicyEgressRule","le",{"l":"atomic"}],["policyTypes",4,"string","le",{"e":["Egress","Ingress"],"l":"atomic","t":"[]v1.PolicyType"}]]},"NetworkPolicyStatus":{"d":"io.k8s.api.networking.v1","f":[["conditions",1,"meta.v1.Condition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]],"g":1},"ParentReference":{"d":"io.k8s.api.networking.v1","f":[["group",1,"string","oe"],["resource",2,"string","oer"],["namespace",3,"string","oe"],["name",4,"string","oer"]]},"ServiceBackendPort":{"d":"io.k8s.api.networking.v1","f":[["name",1,"string","oe"],["number",2,"int32","oe"]],"a":1},"ServiceCIDR":{"d":"io.k8s.api.networking.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ServiceCIDRSpec","oa"],["status",3,"ServiceCIDRStatus","oa"]],"v":["networking.k8s.io/v1"]},"ServiceCIDRList":{"d":"io.k8s.api.networking.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ServiceCIDR","lar"]],"v":["networking.k8s.io/v1"]},"ServiceCIDRSpec":{"d":"io.k8s.api.networking.v1","f":[["cidrs",1,"string","le",{"l":"atomic"}]]},"ServiceCIDRStatus":{"d":"io.k8s.api.networking.v1","f":[["conditions",1,"meta.v1.Condition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]}}',
  'networking.v1alpha1':
    '{"ClusterCIDR":{"d":"io.k8s.api.networking.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ClusterCIDRSpec","oa"]],"g":1,"v":["networking.k8s.io/v1alpha1"]},"ClusterCIDRList":{"d":"io.k8s.api.networking.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ClusterCIDR","la"]],"g":1,"v":["networking.k8s.io/v1alpha1"]},"ClusterCIDRSpec":{"d":"io.k8s.api.networking.v1alpha1","f":[["nodeSelector",1,"core.v1.NodeSelector","op"],["perNodeHostBits",2,"int32","oa"],["ipv4",3,"string","oa"],["ipv6",4,"string","oa"]],"g":1},"IPAddress":{"d":"io.k8s.api.networking.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"IPAddressSpec","oa"]],"g":1,"v":["networking.k8s.io/v1alpha1"]},"IPAddressList":{"d":"io.k8s.api.networking.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"IPAddress","la"]],"g":1,"v":["networking.k8s.io/v1alpha1"]},"IPAddressSpec":{"d":"io.k8s.api.networking.v1alpha1","f":[["parentRef",1,"ParentReference","op"]],"g":1},"ParentReference":{"d":"io.k8s.api.networking.v1alpha1","f":[["group",1,"string","oe"],["resource",2,"string","oe"],["namespace",3,"string","oe"],["name",4,"string","oe"],["uid",5,"string","oe",{"t":"types.UID"}]],"g":1},"ServiceCIDR":{"d":"io.k8s.api.networking.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ServiceCIDRSpec","oa"],["status",3,"ServiceCIDRStatus","oa"]],"g":1,"v":["networking.k8s.io/v1alpha1"]},"ServiceCIDRList":{"d":"io.k8s.api.networking.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ServiceCIDR","la"]],"g":1,"v":["networking.k8s.io/v1alpha1"]},"ServiceCIDRSpec":{"d":"io.k8s.api.networking.v1alpha1","f":[["cidrs",1,"string","le",{"l":"atomic"}]],"g":1},"ServiceCIDRStatus":{"d":"io.k8s.api.networking.v1alpha1","f":[["conditions",1,"meta.v1.Condition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]],"g":1}}',
  'networking.v1beta1':
    '{"HTTPIngressPath":{"d":"io.k8s.api.networking.v1beta1","f":[["path",1,"string","oe"],["pathType",3,"string","op",{"t":"v1beta1.PathType"}],["backend",2,"IngressBackend","oar"]]},"HTTPIngressRuleValue":{"d":"io.k8s.api.networking.v1beta1","f":[["paths",1,"HTTPIngressPath","lar",{"l":"atomic"}]]},"IPAddress":{"d":"io.k8s.api.networking.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"IPAddressSpec","oa"]],"v":["networking.k8s.io/v1beta1"]},"IPAddressList":{"d":"io.k8s.api.networking.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"IPAddress","lar"]],"v":["networking.k8s.io/v1beta1"]},"IPAddressSpec":{"d":"io.k8s.api.networking.v1beta1","f":[["parentRef",1,"ParentReference","opr"]]},"Ingress":{"d":"io.k8s.api.networking.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"IngressSpec","oa"],["status",3,"IngressStatus","oa"]],"v":["networking.k8s.io/v1beta1"]},"IngressBackend":{"d":"io.k8s.api.networking.v1beta1","f":[["serviceName",1,"string","oe"],["servicePort",2,"machinery.IntOrString","oa"],["resource",3,"core.v1.TypedLocalObjectReference","op"]]},"IngressClass":{"d":"io.k8s.api.networking.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"IngressClassSpec","oa"]],"v":["networking.k8s.io/v1beta1"]},"IngressClassList":{"d":"io.k8s.api.networking.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"IngressClass","lar"]],"v":["networking.k8s.io/v1beta1"]},"IngressClassParametersReference":{"d":"io.k8s.api.networking.v1beta1","f":[["apiGroup",1,"string","op"],["kind",2,"string","oar"],["name",3,"string","oar"],["scope",4,"string","onr"],["namespace",5,"string","op"]]},"IngressClassSpec":{"d":"io.k8s.api.networking.v1beta1","f":[["controller",1,"string","oe"],["parameters",2,"IngressClassParametersReference","op"]]},"IngressList":{"d":"io.k8s.api.networking.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Ingress","lar"]],"v":["networking.k8s.io/v1beta1"]},"IngressLoadBalancerIngress":{"d":"io.k8s.api.networking.v1beta1","f":[["ip",1,"string","oe"],["hostname",2,"string","oe"],["ports",4,"IngressPortStatus","le",{"l":"atomic"}]]},"IngressLoadBalancerStatus":{"d":"io.k8s.api.networking.v1beta1","f":[["ingress",1,"IngressLoadBalancerIngress","le",{"l":"atomic"}]]},"IngressPortStatus":{"d":"io.k8s.api.networking.v1beta1","f":[["port",1,"int32","oar"],["protocol",2,"string","oar",{"e":["SCTP","TCP","UDP"],"t":"v1.Protocol"}],["error",3,"string","op"]]},"IngressRule":{"d":"io.k8s.api.networking.v1beta1","f":[["host",1,"string","oe"],["ingressRuleValue",2,"IngressRuleValue","opi"]]},"IngressRuleValue":{"d":"io.k8s.api.networking.v1beta1","f":[["http",1,"HTTPIngressRuleValue","op"]]},"IngressSpec":{"d":"io.k8s.api.networking.v1beta1","f":[["ingressClassName",4,"string","op"],["backend",1,"IngressBackend","op"],["tls",2,"IngressTLS","le",{"l":"atomic"}],["rules",3,"IngressRule","le",{"l":"atomic"}]]},"IngressStatus":{"d":"io.k8s.api.networking.v1beta1","f":[["loadBalancer",1,"IngressLoadBalancerStatus","oa"]]},"IngressTLS":{"d":"io.k8s.api.networking.v1beta1","f":[["hosts",1,"string","le",{"l":"atomic"}],["secretName",2,"string","oe"]]},"ParentReference":{"d":"io.k8s.api.networking.v1beta1","f":[["group",1,"string","oe"],["resource",2,"string","oer"],["namespace",3,"string","oe"],["name",4,"string","oer"]]},"ServiceCIDR":{"d":"io.k8s.api.networking.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ServiceCIDRSpec","oa"],["status",3,"ServiceCIDRStatus","oa"]],"v":["networking.k8s.io/v1beta1"]},"ServiceCIDRList":{"d":"io.k8s.api.networking.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ServiceCIDR","lar"]],"v":["networking.k8s.io/v1beta1"]},"ServiceCIDRSpec":{"d":"io.k8s.api.networking.v1beta1","f":[["cidrs",1,"string","le",{"l":"atomic"}]]},"ServiceCIDRStatus":{"d":"io.k8s.api.networking.v1beta1","f":[["conditions",1,"meta.v1.Condition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]}}',
  'node.v1':
    '{"Overhead":{"d":"io.k8s.api.node.v1","f":[["podFixed",1,"machinery.Quantity","me",{"t":"v1.ResourceList"}]]},"RuntimeClass":{"d":"io.k8s.api.node.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["handler",2,"string","oar"],["overhead",3,"Overhead","op"],["scheduling",4,"Scheduling","op"]],"v":["node.k8s.io/v1"]},"RuntimeClassList":{"d":"io.k8s.api.node.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"RuntimeClass","lar"]],"v":["node.k8s.io/v1"]},"Scheduling":{"d":"io.k8s.api.node.v1","f":[["nodeSelector",1,"string","me",{"m":"atomic"}],["tolerations",2,"core.v1.Toleration","le",{"l":"atomic"}]]}}',
  'node.v1alpha1':
    '{"Overhead":{"d":"io.k8s.api.node.v1alpha1","f":[["podFixed",1,"machinery.Quantity","me",{"t":"v1.ResourceList"}]]},"RuntimeClass":{"d":"io.k8s.api.node.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"RuntimeClassSpec","oar"]],"v":["node.k8s.io/v1alpha1"]},"RuntimeClassList":{"d":"io.k8s.api.node.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"RuntimeClass","lar"]],"v":["node.k8s.io/v1alpha1"]},"RuntimeClassSpec":{"d":"io.k8s.api.node.v1alpha1","f":[["runtimeHandler",1,"string","oar"],["overhead",2,"Overhead","op"],["scheduling",3,"Scheduling","op"]]},"Scheduling":{"d":"io.k8s.api.node.v1alpha1","f":[["nodeSelector",1,"string","me",{"m":"atomic"}],["tolerations",2,"core.v1.Toleration","le",{"l":"atomic"}]]}}',
  'node.v1beta1':
    '{"Overhead":{"d":"io.k8s.api.node.v1beta1","f":[["podFixed",1,"machinery.Quantity","me",{"t":"v1.ResourceList"}]]},"RuntimeClass":{"d":"io.k8s.api.node.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["handler",2,"string","oar"],["overhead",3,"Overhead","op"],["scheduling",4,"Scheduling","op"]],"v":["node.k8s.io/v1beta1"]},"RuntimeClassList":{"d":"io.k8s.api.node.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"RuntimeClass","lar"]],"v":["node.k8s.io/v1beta1"]},"Scheduling":{"d":"io.k8s.api.node.v1beta1","f":[["nodeSelector",1,"string","me",{"m":"atomic"}],["tolerations",2,"core.v1.Toleration","le",{"l":"atomic"}]]}}',
  'policy.v1':
    '{"Eviction":{"d":"io.k8s.api.policy.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["deleteOptions",2,"meta.v1.DeleteOptions","op"]],"v":["policy/v1"]},"PodDisruptionBudget":{"d":"io.k8s.api.policy.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PodDisruptionBudgetSpec","oa"],["status",3,"PodDisruptionBudgetStatus","oa"]],"v":["policy/v1"]},"PodDisruptionBudgetList":{"d":"io.k8s.api.policy.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PodDisruptionBudget","lar"]],"v":["policy/v1"]},"PodDisruptionBudgetSpec":{"d":"io.k8s.api.policy.v1","f":[["minAvailable",1,"machinery.IntOrString","op"],["selector",2,"meta.v1.LabelSelector","op",{"p":["replace"]}],["maxUnavailable",3,"machinery.IntOrString","op"],["unhealthyPodEvictionPolicy",4,"string","op",{"e":["AlwaysAllow","IfHealthyBudget"],"t":"v1.UnhealthyPodEvictionPolicyType"}]]},"PodDisruptionBudgetStatus":{"d":"io.k8s.api.policy.v1","f":[["observedGeneration",1,"int64","oe"],["disruptedPods",2,"meta.v1.Time","me"],["disruptionsAllowed",3,"int32","oar"],["currentHealthy",4,"int32","oar"],["desiredHealthy",5,"int32","oar"],["expectedPods",6,"int32","oar"],["conditions",7,"meta.v1.Condition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]}}',
  'policy.v1beta1':
    '{"AllowedCSIDriver":{"d":"io.k8s.api.policy.v1beta1","f":[["name",1,"string","oa"]],"g":1},"AllowedFlexVolume":{"d":"io.k8s.api.policy.v1beta1","f":[["driver",1,"string","oa"]],"g":1},"AllowedHostPath":{"d":"io.k8s.api.policy.v1beta1","f":[["pathPrefix",1,"string","oe"],["readOnly",2,"bool","oe"]],"g":1},"Eviction":{"d":"io.k8s.api.policy.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["deleteOptions",2,"meta.v1.DeleteOptions","op"]],"v":["policy/v1beta1"]},"FSGroupStrategyOptions":{"d":"io.k8s.api.policy.v1beta1","f":[["rule",1,"string","oe",{"t":"v1beta1.FSGroupStrategyType"}],["ranges",2,"IDRange","le"]],"g":1},"HostPortRange":{"d":"io.k8s.api.policy.v1beta1","f":[["min",1,"int32","oa"],["max",2,"int32","oa"]],"g":1},"IDRange":{"d":"io.k8s.api.policy.v1beta1","f":[["min",1,"int64","oa"],["max",2,"int64","oa"]],"g":1},"PodDisruptionBudget":{"d":"io.k8s.api.policy.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PodDisruptionBudgetSpec","oa"],["status",3,"PodDisruptionBudgetStatus","oa"]],"v":["policy/v1beta1"]},"PodDisruptionBudgetList":{"d":"io.k8s.api.policy.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PodDisruptionBudget","lar"]],"v":["policy/v1beta1"]},"PodDisruptionBudgetSpec":{"d":"io.k8s.api.policy.v1beta1","f":[["minAvailable",1,"machinery.IntOrString","op"],["selector",2,"meta.v1.LabelSelector","op"],["maxUnavailable",3,"machinery.IntOrString","op"],["unhealthyPodEvictionPolicy",4,"string","op",{"e":["AlwaysAllow","IfHealthyBudget"],"t":"v1beta1.UnhealthyPodEvictionPolicyType"}]]},"PodDisruptionBudgetStatus":{"d":"io.k8s.api.policy.v1beta1","f":[["observedGeneration",1,"int64","oe"],["disruptedPods",2,"meta.v1.Time","me"],["disruptionsAllowed",3,"int32","oar"],["currentHealthy",4,"int32","oar"],["desiredHealthy",5,"int32","oar"],["expectedPods",6,"int32","oar"],["conditions",7,"meta.v1.Condition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]]},"PodSecurityPolicy":{"d":"io.k8s.api.policy.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PodSecurityPolicySpec","oa"]],"g":1,"v":["policy/v1beta1"]},"PodSecurityPolicyList":{"d":"io.k8s.api.policy.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PodSecurityPolicy","la"]],"g":1,"v":["policy/v1beta1"]},"PodSecurityPolicySpec":{"d":"io.k8s.api.policy.v1beta1","f":[["privileged",1,"bool","oe"],["defaultAddCapabilities",2,"string","le",{"t":"[]v1.Capability"}],["requiredDropCapabilities",3,"string","le",{"t":"[]v1.Capability"}],["allowedCapabilities",4,"string","le",{"t":"[]v1.Capability"}],["volumes",5,"string","le",{"t":"[]v1beta1.FSType"}],["hostNetwork",6,"bool","oe"],["hostPorts",7,"HostPortRange","le"],["hostPID",8,"bool","oe"],["hostIPC",9,"bool","oe"],["seLinux",10,"SELinuxStrategyOptions","oa"],["runAsUser",11,"RunAsUserStrategyOptions","oa"],["runAsGroup",22,"RunAsGroupStrategyOptions","op"],["supplementalGroups",12,"SupplementalGroupsStrategyOptions","oa"],["fsGroup",13,"FSGroupStrategyOptions","oa"],["readOnlyRootFilesystem",14,"bool","oe"],["defaultAllowPrivilegeEscalation",15,"bool","op"],["allowPrivilegeEscalation",16,"bool","op"],["allowedHostPaths",17,"AllowedHostPath","le"],["allowedFlexVolumes",18,"AllowedFlexVolume","le"],["allowedCSIDrivers",23,"AllowedCSIDriver","le"],["allowedUnsafeSysctls",19,"string","le"],["forbiddenSysctls",20,"string","le"],["allowedProcMountTypes",21,"string","le",{"t":"[]v1.ProcMountType"}],["runtimeClass",24,"RuntimeClassStrategyOptions","op"]],"g":1},"RunAsGroupStrategyOptions":{"d":"io.k8s.api.policy.v1beta1","f":[["rule",1,"string","oa",{"t":"v1beta1.RunAsGroupStrategy"}],["ranges",2,"IDRange","le"]],"g":1},"RunAsUserStrategyOptions":{"d":"io.k8s.api.policy.v1beta1","f":[["rule",1,"string","oa",{"t":"v1beta1.RunAsUserStrategy"}],["ranges",2,"IDRange","le"]],"g":1},"RuntimeClassStrategyOptions":{"d":"io.k8s.api.policy.v1beta1","f":[["allowedRuntimeClassNames",1,"string","la"],["defaultRuntimeClassName",2,"string","op"]],"g":1},"SELinuxStrategyOptions":{"d":"io.k8s.api.policy.v1beta1","f":[["rule",1,"string","oa",{"t":"v1beta1.SELinuxStrategy"}],["seLinuxOptions",2,"core.v1.SELinuxOptions","op"]],"g":1},"SupplementalGroupsStrategyOptions":{"d":"io.k8s.api.policy.v1beta1","f":[["rule",1,"string","oe",{"t":"v1beta1.SupplementalGroupsStrategyType"}],["ranges",2,"IDRange","le"]],"g":1}}',
  'rbac.v1':
    '{"AggregationRule":{"d":"io.k8s.api.rbac.v1","f":[["clusterRoleSelectors",1,"meta.v1.LabelSelector","le",{"l":"atomic"}]]},"ClusterRole":{"d":"io.k8s.api.rbac.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["rules",2,"PolicyRule","la",{"l":"atomic"}],["aggregationRule",3,"AggregationRule","op"]],"v":["rbac.authorization.k8s.io/v1"]},"ClusterRoleBinding":{"d":"io.k8s.api.rbac.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["subjects",2,"Subject","le",{"l":"atomic"}],["roleRef",3,"RoleRef","oar"]],"v":["rbac.authorization.k8s.io/v1"]},"ClusterRoleBindingList":{"d":"io.k8s.api.rbac.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ClusterRoleBinding","lar"]],"v":["rbac.authorization.k8s.io/v1"]},"ClusterRoleList":{"d":"io.k8s.api.rbac.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ClusterRole","lar"]],"v":["rbac.authorization.k8s.io/v1"]},"PolicyRule":{"d":"io.k8s.api.rbac.v1","f":[["verbs",1,"string","lar",{"l":"atomic"}],["apiGroups",2,"string","le",{"l":"atomic"}],["resources",3,"string","le",{"l":"atomic"}],["resourceNames",4,"string","le",{"l":"atomic"}],["nonResourceURLs",5,"string","le",{"l":"atomic"}]]},"Role":{"d":"io.k8s.api.rbac.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["rules",2,"PolicyRule","la",{"l":"atomic"}]],"v":["rbac.authorization.k8s.io/v1"]},"RoleBinding":{"d":"io.k8s.api.rbac.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["subjects",2,"Subject","le",{"l":"atomic"}],["roleRef",3,"RoleRef","oar"]],"v":["rbac.authorization.k8s.io/v1"]},"RoleBindingList":{"d":"io.k8s.api.rbac.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"RoleBinding","lar"]],"v":["rbac.authorization.k8s.io/v1"]},"RoleList":{"d":"io.k8s.api.rbac.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Role","lar"]],"v":["rbac.authorization.k8s.io/v1"]},"RoleRef":{"d":"io.k8s.api.rbac.v1","f":[["apiGroup",1,"string","oar"],["kind",2,"string","oar"],["name",3,"string","oar"]],"a":1},"Subject":{"d":"io.k8s.api.rbac.v1","f":[["kind",1,"string","oar"],["apiGroup",2,"string","oe"],["name",3,"string","oar"],["namespace",4,"string","oe"]],"a":1}}',
  'rbac.v1alpha1':
    '{"AggregationRule":{"d":"io.k8s.api.rbac.v1alpha1","f":[["clusterRoleSelectors",1,"meta.v1.LabelSelector","le",{"l":"atomic"}]]},"ClusterRole":{"d":"io.k8s.api.rbac.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["rules",2,"PolicyRule","la",{"l":"atomic"}],["aggregationRule",3,"AggregationRule","op"]],"v":["rbac.authorization.k8s.io/v1alpha1"]},"ClusterRoleBinding":{"d":"io.k8s.api.rbac.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["subjects",2,"Subject","le",{"l":"atomic"}],["roleRef",3,"RoleRef","oar"]],"v":["rbac.authorization.k8s.io/v1alpha1"]},"ClusterRoleBindingList":{"d":"io.k8s.api.rbac.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ClusterRoleBinding","lar"]],"v":["rbac.authorization.k8s.io/v1alpha1"]},"ClusterRoleList":{"d":"io.k8s.api.rbac.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ClusterRole","lar"]],"v":["rbac.authorization.k8s.io/v1alpha1"]},"PolicyRule":{"d":"io.k8s.api.rbac.v1alpha1","f":[["verbs",1,"string","lar",{"l":"atomic"}],["apiGroups",3,"string","le",{"l":"atomic"}],["resources",4,"string","le",{"l":"atomic"}],["resourceNames",5,"string","le",{"l":"atomic"}],["nonResourceURLs",6,"string","le",{"l":"atomic"}]]},"Role":{"d":"io.k8s.api.rbac.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["rules",2,"PolicyRule","la",{"l":"atomic"}]],"v":["rbac.authorization.k8s.io/v1alpha1"]},"RoleBinding":{"d":"io.k8s.api.rbac.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["subjects",2,"Subject","le",{"l":"atomic"}],["roleRef",3,"RoleRef","oar"]],"v":["rbac.authorization.k8s.io/v1alpha1"]},"RoleBindingList":{"d":"io.k8s.api.rbac.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"RoleBinding","lar"]],"v":["rbac.authorization.k8s.io/v1alpha1"]},"RoleList":{"d":"io.k8s.api.rbac.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Role","lar"]],"v":["rbac.authorization.k8s.io/v1alpha1"]},"RoleRef":{"d":"io.k8s.api.rbac.v1alpha1","f":[["apiGroup",1,"string","oar"],["kind",2,"string","oar"],["name",3,"string","oar"]]},"Subject":{"d":"io.k8s.api.rbac.v1alpha1","f":[["kind",1,"string","oar"],["apiVersion",2,"string","oe"],["name",3,"string","oar"],["namespace",4,"string","oe"]]}}',
  'rbac.v1beta1':
    '{"AggregationRule":{"d":"io.k8s.api.rbac.v1beta1","f":[["clusterRoleSelectors",1,"meta.v1.LabelSelector","le",{"l":"atomic"}]]},"ClusterRole":{"d":"io.k8s.api.rbac.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["rules",2,"PolicyRule","la",{"l":"atomic"}],["aggregationRule",3,"AggregationRule","op"]],"v":["rbac.authorization.k8s.io/v1beta1"]},"ClusterRoleBinding":{"d":"io.k8s.api.rbac.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["subjects",2,"Subject","le",{"l":"atomic"}],["roleRef",3,"RoleRef","oar"]],"v":["rbac.authorization.k8s.io/v1beta1"]},"ClusterRoleBindingList":{"d":"io.k8s.api.rbac.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ClusterRoleBinding","lar"]],"v":["rbac.authorization.k8s.io/v1beta1"]},"ClusterRoleList":{"d":"io.k8s.api.rbac.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ClusterRole","lar"]],"v":["rbac.authorization.k8s.io/v1beta1"]},"PolicyRule":{"d":"io.k8s.api.rbac.v1beta1","f":[["verbs",1,"string","lar",{"l":"atomic"}],["apiGroups",2,"string","le",{"l":"atomic"}],["resources",3,"string","le",{"l":"atomic"}],["resourceNames",4,"string","le",{"l":"atomic"}],["nonResourceURLs",5,"string","le",{"l":"atomic"}]]},"Role":{"d":"io.k8s.api.rbac.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["rules",2,"PolicyRule","la",{"l":"atomic"}]],"v":["rbac.authorization.k8s.io/v1beta1"]},"RoleBinding":{"d":"io.k8s.api.rbac.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["subjects",2,"Subject","le",{"l":"atomic"}],["roleRef",3,"RoleRef","oar"]],"v":["rbac.authorization.k8s.io/v1beta1"]},"RoleBindingList":{"d":"io.k8s.api.rbac.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"RoleBinding","lar"]],"v":["rbac.authorization.k8s.io/v1beta1"]},"RoleList":{"d":"io.k8s.api.rbac.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"Role","lar"]],"v":["rbac.authorization.k8s.io/v1beta1"]},"RoleRef":{"d":"io.k8s.api.rbac.v1beta1","f":[["apiGroup",1,"string","oar"],["kind",2,"string","oar"],["name",3,"string","oar"]]},"Subject":{"d":"io.k8s.api.rbac.v1beta1","f":[["kind",1,"string","oar"],["apiGroup",2,"string","oe"],["name",3,"string","oar"],["namespace",4,"string","oe"]]}}',
  'resource.v1':
    '{"AllocatedDeviceStatus":{"d":"io.k8s.api.resource.v1","f":[["driver",1,"string","oar"],["pool",2,"string","oar"],["device",3,"string","oar"],["shareID",7,"string","op"],["conditions",4,"meta.v1.Condition","la",{"l":"map","k":["type"]}],["data",5,"machinery.RawExtension","op"],["networkData",6,"NetworkDeviceData","op"]]},"AllocationResult":{"d":"io.k8s.api.resource.v1","f":[["devices",1,"DeviceAllocationResult","oa"],["nodeSelector",3,"core.v1.NodeSelector","op"],["allocationTimestamp",5,"meta.v1.Time","op"]]},"CELDeviceSelector":{"d":"io.k8s.api.resource.v1","f":[["expression",1,"string","oar"]]},"CapacityRequestPolicy":{"d":"io.k8s.api.resource.v1","f":[["default",1,"machinery.Quantity","on"],["validValues",3,"machinery.Quantity","le",{"l":"atomic"}],["validRange",4,"CapacityRequestPolicyRange","op"]]},"CapacityRequestPolicyRange":{"d":"io.k8s.api.resource.v1","f":[["min",1,"machinery.Quantity","opr"],["max",2,"machinery.Quantity","op"],["step",3,"machinery.Quantity","op"]]},"CapacityRequirements":{"d":"io.k8s.api.resource.v1","f":[["requests",1,"machinery.Quantity","me",{"t":"map[v1.QualifiedName]resource.Quantity"}]]},"Counter":{"d":"io.k8s.api.resource.v1","f":[["value",1,"machinery.Quantity","oar"]]},"CounterSet":{"d":"io.k8s.api.resource.v1","f":[["name",1,"string","oar"],["counters",2,"Counter","mer"]]},"Device":{"d":"io.k8s.api.resource.v1","f":[["name",1,"string","oar"],["attributes",2,"DeviceAttribute","me",{"t":"map[v1.QualifiedName]v1.DeviceAttribute"}],["capacity",3,"DeviceCapacity","me",{"t":"map[v1.QualifiedName]v1.DeviceCapacity"}],["consumesCounters",4,"DeviceCounterConsumption","le",{"l":"atomic"}],["nodeName",5,"string","op"],["nodeSelector",6,"core.v1.NodeSelector","op"],["allNodes",7,"bool","op"],["taints",8,"DeviceTaint","le",{"l":"atomic"}],["bindsToNode",9,"bool","op"],["bindingConditions",10,"string","le",{"l":"atomic"}],["bindingFailureConditions",11,"string","le",{"l":"atomic"}],["allowMultipleAllocations",12,"bool","op"]]},"DeviceAllocationConfiguration":{"d":"io.k8s.api.resource.v1","f":[["source",1,"string","oar",{"t":"v1.AllocationConfigSource"}],["requests",2,"string","le",{"l":"atomic"}],["deviceConfiguration",3,"DeviceConfiguration","opi"]]},"DeviceAllocationResult":{"d":"io.k8s.api.resource.v1","f":[["results",1,"DeviceRequestAllocationResult","le",{"l":"atomic"}],["config",2,"DeviceAllocationConfiguration","le",{"l":"atomic"}]]},"DeviceAttribute":{"d":"io.k8s.api.resource.v1","f":[["int",2,"int64","op"],["bool",3,"bool","op"],["string",4,"string","op"],["version",5,"string","op"]]},"DeviceCapacity":{"d":"io.k8s.api.resource.v1","f":[["value",1,"machinery.Quantity","oar"],["requestPolicy",2,"CapacityRequestPolicy","op"]]},"DeviceClaim":{"d":"io.k8s.api.resource.v1","f":[["requests",1,"DeviceRequest","la",{"l":"atomic"}],["constraints",2,"DeviceConstraint","le",{"l":"atomic"}],["config",3,"DeviceClaimConfiguration","le",{"l":"atomic"}]]},"DeviceClaimConfiguration":{"d":"io.k8s.api.resource.v1","f":[["requests",1,"string","le",{"l":"atomic"}],["deviceConfiguration",2,"DeviceConfiguration","opi"]]},"DeviceClass":{"d":"io.k8s.api.resource.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"DeviceClassSpec","oar"]],"v":["resource.k8s.io/v1"]},"DeviceClassConfiguration":{"d":"io.k8s.api.resource.v1","f":[["deviceConfiguration",1,"DeviceConfiguration","opi"]]},"DeviceClassList":{"d":"io.k8s.api.resource.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"DeviceClass","lar"]],"v":["resource.k8s.io/v1"]},"DeviceClassSpec":{"d":"io.k8s.api.resource.v1","f":[["selectors",1,"DeviceSelector","le",{"l":"atomic"}],["config",2,"DeviceClassConfiguration","le",{"l":"atomic"}],["extendedResourceName",4,"string","op"]]},"DeviceConfiguration":{"d":"io.k8s.api.resource.v1","f":[["opaque",1,"OpaqueDeviceConfiguration","op"]]},"DeviceConstraint":{"d":"io.k8s.api.resource.v1","f":[["requests",1,"string","le",{"l":"atomic"}],["matchAttribute",2,"string","op",{"t":"v1.FullyQualifiedName"}],["distinctAttribute",3,"string","op",{"t":"v1.FullyQualifiedName"}]]},"DeviceCounterConsumption":{"d":"io.k8s.api.resource.v1","f":[["counterSet",1,"string","oar"],["counters",2,"Counter","mer"]]},"DeviceRequest":{"d":"io.k8s.api.resource.v1","f":[["name",1,"string","oar"],["exactly",2,"ExactDeviceRequest","op"],["firstAvailable",3,"DeviceSubRequest","le",{"l":"atomic"}]]},"DeviceRequestAllocationResult":{"d":"io.k8s.api.resource.v1","f":[["request",1,"string","oar"],["driver",2,"string","oar"],["pool",3,"string","oar"],["device",4,"string","oar"],["adminAccess",5,"bool","op"],["tolerations",6,"DeviceToleration","le",{"l":"atomic"}],["bindingConditions",7,"string","le",{"l":"atomic"}],["bindingFailureConditions",8,"string","le",{"l":"atomic"}],["shareID",9,"string","op",{"t":"types.UID"}],["consumedCapacity",10,"machinery.Quantity","me",{"t":"map[v1.QualifiedName]resource.Quantity"}]]},"DeviceSelector":{"d":"io.k8s.api.resource.v1","f":[["cel",1,"CELDeviceSelector","op"]]},"DeviceSubRequest":{"d":"io.k8s.api.resource.v1","f":[["name",1,"string","oar"],["deviceClassName",2,"string","oar"],["selectors",3,"DeviceSelector","le",{"l":"atomic"}],["allocationMode",4,"string","oe",{"t":"v1.DeviceAllocationMode"}],["count",5,"int64","oe"],["tolerations",6,"DeviceToleration","le",{"l":"atomic"}],["capacity",7,"CapacityRequirements","op"]]},"DeviceTaint":{"d":"io.k8s.api.resource.v1","f":[["key",1,"string","oar"],["value",2,"string","oe"],["effect",3,"string","oar",{"e":["NoExecute","NoSchedule"],"t":"v1.DeviceTaintEffect"}],["timeAdded",4,"meta.v1.Time","op"]]},"DeviceToleration":{"d":"io.k8s.api.resource.v1","f":[["key",1,"string","oe"],["operator",2,"string","oe",{"d":"Equal","e":["Equal","Exists"],"t":"v1.DeviceTolerationOperator"}],["value",3,"string","oe"],["effect",4,"string","oe",{"e":["NoExecute","NoSchedule"],"t":"v1.DeviceTaintEffect"}],["tolerationSeconds",5,"int64","op"]]},"ExactDeviceRequest":{"d":"io.k8s.api.resource.v1","f":[["deviceClassName",1,"string","oar"],["selectors",2,"DeviceSelector","le",{"l":"atomic"}],["allocationMode",3,"string","oe",{"t":"v1.DeviceAllocationMode"}],["count",4,"int64","oe"],["adminAccess",5,"bool","op"],["tolerations",6,"DeviceToleration","le",{"l":"atomic"}],["capacity",7,"CapacityRequirements","op"]]},"NetworkDeviceData":{"d":"io.k8s.api.resource.v1","f":[["interfaceName",1,"string","oe"],["ips",2,"string","le",{"l":"atomic"}],["hardwareAddress",3,"string","oe"]]},"OpaqueDeviceConfiguration":{"d":"io.k8s.api.resource.v1","f":[["driver",1,"string","oar"],["parameters",2,"machinery.RawExtension","oar"]]},"ResourceClaim":{"d":"io.k8s.api.resource.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimSpec","oar"],["status",3,"ResourceClaimStatus","oa"]],"v":["resource.k8s.io/v1"]},"ResourceClaimConsumerReference":{"d":"io.k8s.api.resource.v1","f":[["apiGroup",1,"string","oe"],["resource",3,"string","oar"],["name",4,"string","oar"],["uid",5,"string","oar",{"t":"types.UID"}]]},"ResourceClaimList":{"d":"io.k8s.api.resource.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceClaim","lar"]],"v":["resource.k8s.io/v1"]},"ResourceClaimSpec":{"d":"io.k8s.api.resource.v1","f":[["devices",1,"DeviceClaim","oa"]]},"ResourceClaimStatus":{"d":"io.k8s.api.resource.v1","f":[["allocation",1,"AllocationResult","op"],["reservedFor",2,"ResourceClaimConsumerReference","le",{"l":"map","k":["uid"],"p":["merge"],"y":"uid"}],["devices",4,"AllocatedDeviceStatus","le",{"l":"map","k":["driver","device","pool","shareID"]}]]},"ResourceClaimTemplate":{"d":"io.k8s.api.resource.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimTemplateSpec","oar"]],"v":["resource.k8s.io/v1"]},"ResourceClaimTemplateList":{"d":"io.k8s.api.resource.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceClaimTemplate","lar"]],"v":["resource.k8s.io/v1"]},"ResourceClaimTemplateSpec":{"d":"io.k8s.api.resource.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimSpec","oar"]]},"ResourcePool":{"d":"io.k8s.api.resource.v1","f":[["name",1,"string","oar"],["generation",2,"int64","oar"],["resourceSliceCount",3,"int64","oar"]]},"ResourceSlice":{"d":"io.k8s.api.resource.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceSliceSpec","oar"]],"v":["resource.k8s.io/v1"]},"ResourceSliceList":{"d":"io.k8s.api.resource.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceSlice","lar"]],"v":["resource.k8s.io/v1"]},"ResourceSliceSpec":{"d":"io.k8s.api.resource.v1","f":[["driver",1,"string","oar"],["pool",2,"ResourcePool","oar"],["nodeName",3,"string","op"],["nodeSelector",4,"core.v1.NodeSelector","op"],["allNodes",5,"bool","op"],["devices",6,"Device","la",{"l":"atomic"}],["perDeviceNodeSelection",7,"bool","op"],["sharedCounters",8,"CounterSet","le",{"l":"atomic"}]]}}',
  'resource.v1alpha1':
    '{"AllocationResult":{"d":"io.k8s.api.resource.v1alpha1","f":[["resourceHandle",1,"string","oe"],["availableOnNodes",2,"core.v1.NodeSelector","op"],["shareable",3,"bool","oe"]],"g":1},"PodScheduling":{"d":"io.k8s.api.resource.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PodSchedulingSpec","oa"],["status",3,"PodSchedulingStatus","oa"]],"g":1,"v":["resource.k8s.io/v1alpha1"]},"PodSchedulingList":{"d":"io.k8s.api.resource.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PodScheduling","la"]],"g":1,"v":["resource.k8s.io/v1alpha1"]},"PodSchedulingSpec":{"d":"io.k8s.api.resource.v1alpha1","f":[["selectedNode",1,"string","oe"],["potentialNodes",2,"string","le",{"l":"set"}]],"g":1},"PodSchedulingStatus":{"d":"io.k8s.api.resource.v1alpha1","f":[["resourceClaims",1,"ResourceClaimSchedulingStatus","le",{"l":"map","k":["name"]}]],"g":1},"ResourceClaim":{"d":"io.k8s.api.resource.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimSpec","oa"],["status",3,"ResourceClaimStatus","oa"]],"g":1,"v":["resource.k8s.io/v1alpha1"]},"ResourceClaimConsumerReference":{"d":"io.k8s.api.resource.v1alpha1","f":[["apiGroup",1,"string","oe"],["resource",3,"string","oa"],["name",4,"string","oa"],["uid",5,"string","oa",{"t":"types.UID"}]],"g":1},"ResourceClaimList":{"d":"io.k8s.api.resource.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceClaim","la"]],"g":1,"v":["resource.k8s.io/v1alpha1"]},"ResourceClaimParametersReference":{"d":"io.k8s.api.resource.v1alpha1","f":[["apiGroup",1,"string","oe"],["kind",2,"string","oa"],["name",3,"string","oa"]],"g":1},"ResourceClaimSchedulingStatus":{"d":"io.k8s.api.resource.v1alpha1","f":[["name",1,"string","oe"],["unsuitableNodes",2,"string","le",{"l":"set"}]],"g":1},"ResourceClaimSpec":{"d":"io.k8s.api.resource.v1alpha1","f":[["resourceClassName",1,"string","oa"],["parametersRef",2,"ResourceClaimParametersReference","op"],["allocationMode",3,"string","oe",{"t":"v1alpha1.AllocationMode"}]],"g":1},"ResourceClaimStatus":{"d":"io.k8s.api.resource.v1alpha1","f":[["driverName",1,"string","oe"],["allocation",2,"AllocationResult","op"],["reservedFor",3,"ResourceClaimConsumerReference","le",{"l":"map","k":["uid"]}],["deallocationRequested",4,"bool","oe"]],"g":1},"ResourceClaimTemplate":{"d":"io.k8s.api.resource.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimTemplateSpec","oa"]],"g":1,"v":["resource.k8s.io/v1alpha1"]},"ResourceClaimTemplateList":{"d":"io.k8s.api.resource.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceClaimTemplate","la"]],"g":1,"v":["resource.k8s.io/v1alpha1"]},"ResourceClaimTemplateSpec":{"d":"io.k8s.api.resource.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimSpec","oa"]],"g":1},"ResourceClass":{"d":"io.k8s.api.resource.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["driverName",2,"string","oa"],["parametersRef",3,"ResourceClassParametersReference","op"],["suitableNodes",4,"core.v1.NodeSelector","op"]],"g":1,"v":["resource.k8s.io/v1alpha1"]},"ResourceClassList":{"d":"io.k8s.api.resource.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceClass","la"]],"g":1,"v":["resource.k8s.io/v1alpha1"]},"ResourceClassParametersReference":{"d":"io.k8s.api.resource.v1alpha1","f":[["apiGroup",1,"string","oe"],["kind",2,"string","oa"],["name",3,"string","oa"],["namespace",4,"string","oe"]],"g":1}}',
  'resource.v1alpha2':
    '{"AllocationResult":{"d":"io.k8s.api.resource.v1alpha2","f":[["resourceHandles",1,"ResourceHandle","le",{"l":"atomic"}],["availableOnNodes",2,"core.v1.NodeSelector","op"],["shareable",3,"bool","oe"]],"g":1},"AllocationResultModel":{"d":"io.k8s.api.resource.v1alpha2","f":[["namedResources",1,"NamedResourcesAllocationResult","op"]],"g":1},"DriverAllocationResult":{"d":"io.k8s.api.resource.v1alpha2","f":[["vendorRequestParameters",1,"machinery.RawExtension","oa"],["allocationResultModel",2,"AllocationResultModel","opi"]],"g":1},"DriverRequests":{"d":"io.k8s.api.resource.v1alpha2","f":[["driverName",1,"string","oe"],["vendorParameters",2,"machinery.RawExtension","oa"],["requests",3,"ResourceRequest","le",{"l":"atomic"}]],"g":1},"NamedResourcesAllocationResult":{"d":"io.k8s.api.resource.v1alpha2","f":[["name",1,"string","oa"]],"g":1},"NamedResourcesAttribute":{"d":"io.k8s.api.resource.v1alpha2","f":[["name",1,"string","oa"],["attributeValue",2,"NamedResourcesAttributeValue","opi"]],"g":1},"NamedResourcesAttributeValue":{"d":"io.k8s.api.resource.v1alpha2","f":[["bool",2,"bool","op"],["string",5,"string","op"],["quantity",6,"machinery.Quantity","op"],["int",7,"int64","op"],["intSlice",8,"NamedResourcesIntSlice","op"],["stringSlice",9,"NamedResourcesStringSlice","op"],["version",10,"string","op"]],"g":1},"NamedResourcesFilter":{"d":"io.k8s.api.resource.v1alpha2","f":[["selector",1,"string","oa"]],"g":1},"NamedResourcesInstance":{"d":"io.k8s.api.resource.v1alpha2","f":[["name",1,"string","oa"],["attributes",2,"NamedResourcesAttribute","le",{"l":"atomic"}]],"g":1},"NamedResourcesIntSlice":{"d":"io.k8s.api.resource.v1alpha2","f":[["ints",1,"int64","la",{"l":"atomic"}]],"g":1},"NamedResourcesRequest":{"d":"io.k8s.api.resource.v1alpha2","f":[["selector",1,"string","oa"]],"g":1},"NamedResourcesResources":{"d":"io.k8s.api.resource.v1alpha2","f":[["instances",1,"NamedResourcesInstance","la",{"l":"atomic"}]],"g":1},"NamedResourcesStringSlice":{"d":"io.k8s.api.resource.v1alpha2","f":[["strings",1,"string","la",{"l":"atomic"}]],"g":1},"PodSchedulingContext":{"d":"io.k8s.api.resource.v1alpha2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PodSchedulingContextSpec","oa"],["status",3,"PodSchedulingContextStatus","oa"]],"g":1,"v":["resource.k8s.io/v1alpha2"]},"PodSchedulingContextList":{"d":"io.k8s.api.resource.v1alpha2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PodSchedulingContext","la"]],"g":1,"v":["resource.k8s.io/v1alpha2"]},"PodSchedulingContextSpec":{"d":"io.k8s.api.resource.v1alpha2","f":[["selectedNode",1,"string","oe"],["potentialNodes",2,"string","le",{"l":"atomic"}]],"g":1},"PodSchedulingContextStatus":{"d":"io.k8s.api.resource.v1alpha2","f":[["resourceClaims",1,"ResourceClaimSchedulingStatus","le",{"l":"map","k":["name"]}]],"g":1},"ResourceClaim":{"d":"io.k8s.api.resource.v1alpha2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimSpec","oa"],["status",3,"ResourceClaimStatus","oa"]],"g":1,"v":["resource.k8s.io/v1alpha2"]},"ResourceClaimConsumerReference":{"d":"io.k8s.api.resource.v1alpha2","f":[["apiGroup",1,"string","oe"],["resource",3,"string","oa"],["name",4,"string","oa"],["uid",5,"string","oa",{"t":"types.UID"}]],"g":1},"ResourceClaimList":{"d":"io.k8s.api.resource.v1alpha2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceClaim","la"]],"g":1,"v":["resource.k8s.io/v1alpha2"]},"ResourceClaimParameters":{"d":"io.k8s.api.resource.v1alpha2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["generatedFrom",2,"ResourceClaimParametersReference","op"],["shareable",3,"bool","oe"],["driverRequests",4,"DriverRequests","le",{"l":"atomic"}]],"g":1,"v":["resource.k8s.io/v1alpha2"]},"ResourceClaimParametersList":{"d":"io.k8s.api.resource.v1alpha2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceClaimParameters","la"]],"g":1,"v":["resource.k8s.io/v1alpha2"]},"ResourceClaimParametersReference":{"d":"io.k8s.api.resource.v1alpha2","f":[["apiGroup",1,"string","oe"],["kind",2,"string","oa"],["name",3,"string","oa"]],"g":1},"ResourceClaimSchedulingStatus":{"d":"io.k8s.api.resource.v1alpha2","f":[["name",1,"string","oe"],["unsuitableNodes",2,"string","le",{"l":"atomic"}]],"g":1},"ResourceClaimSpec":{"d":"io.k8s.api.resource.v1alpha2","f":[["resourceClassName",1,"string","oa"],["parametersRef",2,"ResourceClaimParametersReference","op"],["allocationMode",3,"string","oe",{"t":"v1alpha2.AllocationMode"}]],"g":1},"ResourceClaimStatus":{"d":"io.k8s.api.resource.v1alpha2","f":[["driverName",1,"string","oe"],["allocation",2,"AllocationResult","op"],["reservedFor",3,"ResourceClaimConsumerReference","le",{"l":"map","k":["uid"],"p":["merge"],"y":"uid"}],["deallocationRequested",4,"bool","oe"]],"g":1},"ResourceClaimTemplate":{"d":"io.k8s.api.resource.v1alpha2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimTemplateSpec","oa"]],"g":1,"v":["resource.k8s.io/v1alpha2"]},"ResourceClaimTemplateList":{"d":"io.k8s.api.resource.v1alpha2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceClaimTemplate","la"]],"g":1,"v":["resource.k8s.io/v1alpha2"]},"ResourceClaimTemplateSpec":{"d":"io.k8s.api.resource.v1alpha2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimSpec","oa"]],"g":1},"ResourceClass":{"d":"io.k8s.api.resource.v1alpha2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["driverName",2,"string","oa"],["parametersRef",3,"ResourceClassParametersReference","op"],["suitableNodes",4,"core.v1.NodeSelector","op"],["structuredParameters",5,"bool","op"]],"g":1,"v":["resource.k8s.io/v1alpha2"]},"ResourceClassList":{"d":"io.k8s.api.resource.v1alpha2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceClass","la"]],"g":1,"v":["resource.k8s.io/v1alpha2"]},"ResourceClassParameters":{"d":"io.k8s.api.resource.v1alpha2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["generatedFrom",2,"ResourceClassParametersReference","op"],["vendorParameters",3,"VendorParameters","le",{"l":"atomic"}],["filters",4,"ResourceFilter","le",{"l":"atomic"}]],"g":1,"v":["resource.k8s.io/v1alpha2"]},"ResourceClassParametersList":{"d":"io.k8s.api.resource.v1alpha2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceClassParameters","la"]],"g":1,"v":["resource.k8s.io/v1alpha2"]},"ResourceClassParametersReference":{"d":"io.k8s.api.resource.v1alpha2","f":[["apiGroup",1,"string","oe"],["kind",2,"string","oa"],["name",3,"string","oa"],["namespace",4,"string","oe"]],"g":1},"ResourceFilter":{"d":"io.k8s.api.resource.v1alpha2","f":[["driverName",1,"string","oe"],["resourceFilterModel",2,"ResourceFilterModel","opi"]],"g":1},"ResourceFilterModel":{"d":"io.k8s.api.resource.v1alpha2","f":[["namedResources",1,"NamedResourcesFilter","op"]],"g":1},"ResourceHandle":{"d":"io.k8s.api.resource.v1alpha2","f":[["driverName",1,"string","oe"],["data",2,"string","oe"],["structuredData",5,"StructuredResourceHandle","op"]],"g":1},"ResourceModel":{"d":"io.k8s.api.resource.v1alpha2","f":[["namedResources",1,"NamedResourcesResources","op"]],"g":1},"ResourceRequest":{"d":"io.k8s.api.resource.v1alpha2","f":[["vendorParameters",1,"machinery.RawExtension","oa"],["resourceRequestModel",2,"ResourceRequestModel","opi"]],"g":1},"ResourceRequestModel":{"d":"io.k8s.api.resource.v1alpha2","f":[["namedResources",1,"NamedResourcesRequest","op"]],"g":1},"ResourceSlice":{"d":"io.k8s.api.resource.v1alpha2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["nodeName",2,"string","oe"],["driverName",3,"string","oa"],["resourceModel",4,"ResourceModel","opi"]],"g":1,"v":["resource.k8s.io/v1alpha2"]},"ResourceSliceList":{"d":"io.k8s.api.resource.v1alpha2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceSlice","la"]],"g":1,"v":["resource.k8s.io/v1alpha2"]},"StructuredResourceHandle":{"d":"io.k8s.api.resource.v1alpha2","f":[["vendorClassParameters",1,"machinery.RawExtension","oa"],["vendorClaimParameters",2,"machinery.RawExtension","oa"],["nodeName",4,"string","oe"],["results",5,"DriverAllocationResult","la",{"l":"atomic"}]],"g":1},"VendorParameters":{"d":"io.k8s.api.resource.v1alpha2","f":[["driverName",1,"string","oe"],["parameters",2,"machinery.RawExtension","oa"]],"g":1}}',
  'resource.v1alpha3':
    '{"AllocatedDeviceStatus":{"d":"io.k8s.api.resource.v1alpha3","f":[["driver",1,"string","oa"],["pool",2,"string","oa"],["device",3,"string","oa"],["conditions",4,"meta.v1.Condition","la",{"l":"map","k":["type"]}],["data",5,"machinery.RawExtension","op"],["networkData",6,"NetworkDeviceData","op"]],"g":1},"AllocationResult":{"d":"io.k8s.api.resource.v1alpha3","f":[["devices",1,"DeviceAllocationResult","oa"],["nodeSelector",3,"core.v1.NodeSelector","op"],["controller",4,"string","oe"]],"g":1},"BasicDevice":{"d":"io.k8s.api.resource.v1alpha3","f":[["attributes",1,"DeviceAttribute","me",{"t":"map[v1alpha3.QualifiedName]v1alpha3.DeviceAttribute"}],["capacity",2,"machinery.Quantity","me",{"t":"map[v1alpha3.QualifiedName]resource.Quantity"}],["consumesCounters",3,"DeviceCounterConsumption","le",{"l":"atomic"}],["nodeName",4,"string","op"],["nodeSelector",5,"core.v1.NodeSelector","op"],["allNodes",6,"bool","op"],["taints",7,"DeviceTaint","le",{"l":"atomic"}]],"g":1},"CELDeviceSelector":{"d":"io.k8s.api.resource.v1alpha3","f":[["expression",1,"string","oar"]]},"Counter":{"d":"io.k8s.api.resource.v1alpha3","f":[["value",1,"machinery.Quantity","oa"]],"g":1},"CounterSet":{"d":"io.k8s.api.resource.v1alpha3","f":[["name",1,"string","oa"],["counters",2,"Counter","me"]],"g":1},"Device":{"d":"io.k8s.api.resource.v1alpha3","f":[["name",1,"string","oa"],["basic",2,"BasicDevice","op"]],"g":1},"DeviceAllocationConfiguration":{"d":"io.k8s.api.resource.v1alpha3","f":[["source",1,"string","oa",{"t":"v1alpha3.AllocationConfigSource"}],["requests",2,"string","le",{"l":"atomic"}],["deviceConfiguration",3,"DeviceConfiguration","opi"]],"g":1},"DeviceAllocationResult":{"d":"io.k8s.api.resource.v1alpha3","f":[["results",1,"DeviceRequestAllocationResult","le",{"l":"atomic"}],["config",2,"DeviceAllocationConfiguration","le",{"l":"atomic"}]],"g":1},"DeviceAttribute":{"d":"io.k8s.api.resource.v1alpha3","f":[["int",2,"int64","op"],["bool",3,"bool","op"],["string",4,"string","op"],["version",5,"string","op"]],"g":1},"DeviceClaim":{"d":"io.k8s.api.resource.v1alpha3","f":[["requests",1,"DeviceRequest","la",{"l":"atomic"}],["constraints",2,"DeviceConstraint","le",{"l":"atomic"}],["config",3,"DeviceClaimConfiguration","le",{"l":"atomic"}]],"g":1},"DeviceClaimConfiguration":{"d":"io.k8s.api.resource.v1alpha3","f":[["requests",1,"string","le",{"l":"atomic"}],["deviceConfiguration",2,"DeviceConfiguration","opi"]],"g":1},"DeviceClass":{"d":"io.k8s.api.resource.v1alpha3","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"DeviceClassSpec","oa"]],"g":1,"v":["resource.k8s.io/v1alpha3"]},"DeviceClassConfiguration":{"d":"io.k8s.api.resource.v1alpha3","f":[["deviceConfiguration",1,"DeviceConfiguration","opi"]],"g":1},"DeviceClassList":{"d":"io.k8s.api.resource.v1alpha3","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"DeviceClass","la"]],"g":1,"v":["resource.k8s.io/v1alpha3"]},"DeviceClassSpec":{"d":"io.k8s.api.resource.v1alpha3","f":[["selectors",1,"DeviceSelector","le",{"l":"atomic"}],["config",2,"DeviceClassConfiguration","le",{"l":"atomic"}],["suitableNodes",3,"core.v1.NodeSelector","op"]],"g":1},"DeviceConfiguration":{"d":"io.k8s.api.resource.v1alpha3","f":[["opaque",1,"OpaqueDeviceConfiguration","op"]],"g":1},"DeviceConstraint":{"d":"io.k8s.api.resource.v1alpha3","f":[["requests",1,"string","le",{"l":"atomic"}],["matchAttribute",2,"string","op",{"t":"v1alpha3.FullyQualifiedName"}]],"g":1},"DeviceCounterConsumption":{"d":"io.k8s.api.resource.v1alpha3","f":[["counterSet",1,"string","oa"],["counters",2,"Counter","me"]],"g":1},"DeviceRequest":{"d":"io.k8s.api.resource.v1alpha3","f":[["name",1,"string","oa"],["deviceClassName",2,"string","oa"],["selectors",3,"DeviceSelector","le",{"l":"atomic"}],["allocationMode",4,"string","oe",{"t":"v1alpha3.DeviceAllocationMode"}],["count",5,"int64","oe"],["adminAccess",6,"bool","op"],["firstAvailable",7,"DeviceSubRequest","le",{"l":"atomic"}],["tolerations",8,"DeviceToleration","le",{"l":"atomic"}]],"g":1},"DeviceRequestAllocationResult":{"d":"io.k8s.api.resource.v1alpha3","f":[["request",1,"string","oa"],["driver",2,"string","oa"],["pool",3,"string","oa"],["device",4,"string","oa"],["adminAccess",5,"bool","on"],["tolerations",6,"DeviceToleration","le",{"l":"atomic"}]],"g":1},"DeviceSelector":{"d":"io.k8s.api.resource.v1alpha3","f":[["cel",1,"CELDeviceSelector","op"]]},"DeviceSubRequest":{"d":"io.k8s.api.resource.v1alpha3","f":[["name",1,"string","oa"],["deviceClassName",2,"string","oa"],["selectors",3,"DeviceSelector","le",{"l":"atomic"}],["allocationMode",4,"string","oe",{"t":"v1alpha3.DeviceAllocationMode"}],["count",5,"int64","oe"],["tolerations",7,"DeviceToleration","le",{"l":"atomic"}]],"g":1},"DeviceTaint":{"d":"io.k8s.api.resource.v1alpha3","f":[["key",1,"string","oar"],["value",2,"string","oe"],["effect",3,"string","oar",{"e":["NoExecute","NoSchedule"],"t":"v1alpha3.DeviceTaintEffect"}],["timeAdded",4,"meta.v1.Time","op"]]},"DeviceTaintRule":{"d":"io.k8s.api.resource.v1alpha3","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"DeviceTaintRuleSpec","oar"]],"v":["resource.k8s.io/v1alpha3"]},"DeviceTaintRuleList":{"d":"io.k8s.api.resource.v1alpha3","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"DeviceTaintRule","lar"]],"v":["resource.k8s.io/v1alpha3"]},"DeviceTaintRuleSpec":{"d":"io.k8s.api.resource.v1alpha3","f":[["deviceSelector",1,"DeviceTaintSelector","op"],["taint",2,"DeviceTaint","oar"]]},"DeviceTaintSelector":{"d":"io.k8s.api.resource.v1alpha3","f":[["deviceClassName",1,"string","op"],["driver",2,"string","op"],["pool",3,"string","op"],["device",4,"string","op"],["selectors",5,"DeviceSelector","le",{"l":"atomic"}]]},"DeviceToleration":{"d":"io.k8s.api.resource.v1alpha3","f":[["key",1,"string","oe"],["operator",2,"string","oe",{"t":"v1alpha3.DeviceTolerationOperator"}],["value",3,"string","oe"],["effect",4,"string","oe",{"t":"v1alpha3.DeviceTaintEffect"}],["tolerationSeconds",5,"int64","op"]],"g":1},"NetworkDeviceData":{"d":"io.k8s.api.resource.v1alpha3","f":[["interfaceName",1,"string","oe"],["ips",2,"string","le",{"l":"atomic"}],["hardwareAddress",3,"string","oe"]],"g":1},"OpaqueDeviceConfiguration":{"d":"io.k8s.api.resource.v1alpha3","f":[["driver",1,"string","oa"],["parameters",2,"machinery.RawExtension","oa"]],"g":1},"PodSchedulingContext":{"d":"io.k8s.api.resource.v1alpha3","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PodSchedulingContextSpec","oa"],["status",3,"PodSchedulingContextStatus","oa"]],"g":1,"v":["resource.k8s.io/v1alpha3"]},"PodSchedulingContextList":{"d":"io.k8s.api.resource.v1alpha3","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PodSchedulingContext","la"]],"g":1,"v":["resource.k8s.io/v1alpha3"]},"PodSchedulingContextSpec":{"d":"io.k8s.api.resource.v1alpha3","f":[["selectedNode",1,"string","oe"],["potentialNodes",2,"string","le",{"l":"atomic"}]],"g":1},"PodSchedulingContextStatus":{"d":"io.k8s.api.resource.v1alpha3","f":[["resourceClaims",1,"ResourceClaimSchedulingStatus","le",{"l":"map","k":["name"]}]],"g":1},"ResourceClaim":{"d":"io.k8s.api.resource.v1alpha3","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimSpec","oa"],["status",3,"ResourceClaimStatus","oa"]],"g":1,"v":["resource.k8s.io/v1alpha3"]},"ResourceClaimConsumerReference":{"d":"io.k8s.api.resource.v1alpha3","f":[["apiGroup",1,"string","oe"],["resource",3,"string","oa"],["name",4,"string","oa"],["uid",5,"string","oa",{"t":"types.UID"}]],"g":1},"ResourceClaimList":{"d":"io.k8s.api.resource.v1alpha3","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceClaim","la"]],"g":1,"v":["resource.k8s.io/v1alpha3"]},"ResourceClaimSchedulingStatus":{"d":"io.k8s.api.resource.v1alpha3","f":[["name",1,"string","oa"],["unsuitableNodes",2,"string","le",{"l":"atomic"}]],"g":1},"ResourceClaimSpec":{"d":"io.k8s.api.resource.v1alpha3","f":[["devices",1,"DeviceClaim","oa"],["controller",2,"string","oe"]],"g":1},"ResourceClaimStatus":{"d":"io.k8s.api.resource.v1alpha3","f":[["allocation",1,"AllocationResult","op"],["reservedFor",2,"ResourceClaimConsumerReference","le",{"l":"map","k":["uid"],"p":["merge"],"y":"uid"}],["deallocationRequested",3,"bool","oe"],["devices",4,"AllocatedDeviceStatus","le",{"l":"map","k":["driver","device","pool"]}]],"g":1},"ResourceClaimTemplate":{"d":"io.k8s.api.resource.v1alpha3","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimTemplateSpec","oa"]],"g":1,"v":["resource.k8s.io/v1alpha3"]},"ResourceClaimTemplateList":{"d":"io.k8s.api.resource.v1alpha3","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceClaimTemplate","la"]],"g":1,"v":["resource.k8s.io/v1alpha3"]},"ResourceClaimTemplateSpec":{"d":"io.k8s.api.resource.v1alpha3","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimSpec","oa"]],"g":1},"ResourcePool":{"d":"io.k8s.api.resource.v1alpha3","f":[["name",1,"string","oa"],["generation",2,"int64","oa"],["resourceSliceCount",3,"int64","oa"]],"g":1},"ResourceSlice":{"d":"io.k8s.api.resource.v1alpha3","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceSliceSpec","oa"]],"g":1,"v":["resource.k8s.io/v1alpha3"]},"ResourceSliceList":{"d":"io.k8s.api.resource.v1alpha3","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceSlice","la"]],"g":1,"v":["resource.k8s.io/v1alpha3"]},"ResourceSliceSpec":{"d":"io.k8s.api.resource.v1alpha3","f":[["driver",1,"string","oa"],["pool",2,"ResourcePool","oa"],["nodeName",3,"string","oe"],["nodeSelector",4,"core.v1.NodeSelector","op"],["allNodes",5,"bool","oe"],["devices",6,"Device","la",{"l":"atomic"}],["perDeviceNodeSelection",7,"bool","op"],["sharedCounters",8,"CounterSet","le",{"l":"atomic"}]],"g":1}}',
  'resource.v1beta1':
    '{"AllocatedDeviceStatus":{"d":"io.k8s.api.resource.v1beta1","f":[["driver",1,"string","oar"],["pool",2,"string","oar"],["device",3,"string","oar"],["shareID",7,"string","op"],["conditions",4,"meta.v1.Condition","la",{"l":"map","k":["type"]}],["data",5,"machinery.RawExtension","op"],["networkData",6,"NetworkDeviceData","op"]]},"AllocationResult":{"d":"io.k8s.api.resource.v1beta1","f":[["devices",1,"DeviceAllocationResult","oa"],["nodeSelector",3,"core.v1.NodeSelector","op"],["allocationTimestamp",5,"meta.v1.Time","op"]]},"BasicDevice":{"d":"io.k8s.api.resource.v1beta1","f":[["attributes",1,"DeviceAttribute","me",{"t":"map[v1beta1.QualifiedName]v1beta1.DeviceAttribute"}],["capacity",2,"DeviceCapacity","me",{"t":"map[v1beta1.QualifiedName]v1beta1.DeviceCapacity"}],["consumesCounters",3,"DeviceCounterConsumption","le",{"l":"atomic"}],["nodeName",4,"string","op"],["nodeSelector",5,"core.v1.NodeSelector","op"],["allNodes",6,"bool","op"],["taints",7,"DeviceTaint","le",{"l":"atomic"}],["bindsToNode",8,"bool","op"],["bindingConditions",9,"string","le",{"l":"atomic"}],["bindingFailureConditions",10,"string","le",{"l":"atomic"}],["allowMultipleAllocations",11,"bool","op"]]},"CELDeviceSelector":{"d":"io.k8s.api.resource.v1beta1","f":[["expression",1,"string","oar"]]},"CapacityRequestPolicy":{"d":"io.k8s.api.resource.v1beta1","f":[["default",1,"machinery.Quantity","on"],["validValues",3,"machinery.Quantity","le",{"l":"atomic"}],["validRange",4,"CapacityRequestPolicyRange","op"]]},"CapacityRequestPolicyRange":{"d":"io.k8s.api.resource.v1beta1","f":[["min",1,"machinery.Quantity","opr"],["max",2,"machinery.Quantity","op"],["step",3,"machinery.Quantity","op"]]},"CapacityRequirements":{"d":"io.k8s.api.resource.v1beta1","f":[["requests",1,"machinery.Quantity","me",{"t":"map[v1beta1.QualifiedName]resource.Quantity"}]]},"Counter":{"d":"io.k8s.api.resource.v1beta1","f":[["value",1,"machinery.Quantity","oar"]]},"CounterSet":{"d":"io.k8s.api.resource.v1beta1","f":[["name",1,"string","oar"],["counters",2,"Counter","mer"]]},"Device":{"d":"io.k8s.api.resource.v1beta1","f":[["name",1,"string","oar"],["basic",2,"BasicDevice","op"]]},"DeviceAllocationConfiguration":{"d":"io.k8s.api.resource.v1beta1","f":[["source",1,"string","oar",{"t":"v1beta1.AllocationConfigSource"}],["requests",2,"string","le",{"l":"atomic"}],["deviceConfiguration",3,"DeviceConfiguration","opi"]]},"DeviceAllocationResult":{"d":"io.k8s.api.resource.v1beta1","f":[["results",1,"DeviceRequestAllocationResult","le",{"l":"atomic"}],["config",2,"DeviceAllocationConfiguration","le",{"l":"atomic"}]]},"DeviceAttribute":{"d":"io.k8s.api.resource.v1beta1","f":[["int",2,"int64","op"],["bool",3,"bool","op"],["string",4,"string","op"],["version",5,"string","op"]]},"DeviceCapacity":{"d":"io.k8s.api.resource.v1beta1","f":[["value",1,"machinery.Quantity","oar"],["requestPolicy",2,"CapacityRequestPolicy","op"]]},"DeviceClaim":{"d":"io.k8s.api.resource.v1beta1","f":[["requests",1,"DeviceRequest","la",{"l":"atomic"}],["constraints",2,"DeviceConstraint","le",{"l":"atomic"}],["config",3,"DeviceClaimConfiguration","le",{"l":"atomic"}]]},"DeviceClaimConfiguration":{"d":"io.k8s.api.resource.v1beta1","f":[["requests",1,"string","le",{"l":"atomic"}],["deviceConfiguration",2,"DeviceConfiguration","opi"]]},"DeviceClass":{"d":"io.k8s.api.resource.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"DeviceClassSpec","oar"]],"v":["resource.k8s.io/v1beta1"]},"DeviceClassConfiguration":{"d":"io.k8s.api.resource.v1beta1","f":[["deviceConfiguration",1,"DeviceConfiguration","opi"]]},"DeviceClassList":{"d":"io.k8s.api.resource.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"DeviceClass","lar"]],"v":["resource.k8s.io/v1beta1"]},"DeviceClassSpec":{"d":"io.k8s.api.resource.v1beta1","f":[["selectors",1,"DeviceSelector","le",{"l":"atomic"}],["config",2,"DeviceClassConfiguration","le",{"l":"atomic"}],["extendedResourceName",4,"string","op"]]},"DeviceConfiguration":{"d":"io.k8s.api.resource.v1beta1","f":[["opaque",1,"OpaqueDeviceConfiguration","op"]]},"DeviceConstraint":{"d":"io.k8s.api.resource.v1beta1","f":[["requests",1,"string","le",{"l":"atomic"}],["matchAttribute",2,"string","op",{"t":"v1beta1.FullyQualifiedName"}],["distinctAttribute",3,"string","op",{"t":"v1beta1.FullyQualifiedName"}]]},"DeviceCounterConsumption":{"d":"io.k8s.api.resource.v1beta1","f":[["counterSet",1,"string","oar"],["counters",2,"Counter","mer"]]},"DeviceRequest":{"d":"io.k8s.api.resource.v1beta1","f":[["name",1,"string","oar"],["deviceClassName",2,"string","oa"],["selectors",3,"DeviceSelector","le",{"l":"atomic"}],["allocationMode",4,"string","oe",{"t":"v1beta1.DeviceAllocationMode"}],["count",5,"int64","oe"],["adminAccess",6,"bool","op"],["firstAvailable",7,"DeviceSubRequest","le",{"l":"atomic"}],["tolerations",8,"DeviceToleration","le",{"l":"atomic"}],["capacity",9,"CapacityRequirements","op"]]},"DeviceRequestAllocationResult":{"d":"io.k8s.api.resource.v1beta1","f":[["request",1,"string","oar"],["driver",2,"string","oar"],["pool",3,"string","oar"],["device",4,"string","oar"],["adminAccess",5,"bool","op"],["tolerations",6,"DeviceToleration","le",{"l":"atomic"}],["bindingConditions",7,"string","le",{"l":"atomic"}],["bindingFailureConditions",8,"string","le",{"l":"atomic"}],["shareID",9,"string","op",{"t":"types.UID"}],["consumedCapacity",10,"machinery.Quantity","me",{"t":"map[v1beta1.QualifiedName]resource.Quantity"}]]},"DeviceSelector":{"d":"io.k8s.api.resource.v1beta1","f":[["cel",1,"CELDeviceSelector","op"]]},"DeviceSubRequest":{"d":"io.k8s.api.resource.v1beta1","f":[["name",1,"string","oar"],["deviceClassName",2,"string","oar"],["selectors",3,"DeviceSelector","le",{"l":"atomic"}],["allocationMode",4,"string","oe",{"t":"v1beta1.DeviceAllocationMode"}],["count",5,"int64","oe"],["tolerations",7,"DeviceToleration","le",{"l":"atomic"}],["capacity",8,"CapacityRequirements","op"]]},"DeviceTaint":{"d":"io.k8s.api.resource.v1beta1","f":[["key",1,"string","oar"],["value",2,"string","oe"],["effect",3,"string","oar",{"e":["NoExecute","NoSchedule"],"t":"v1beta1.DeviceTaintEffect"}],["timeAdded",4,"meta.v1.Time","op"]]},"DeviceToleration":{"d":"io.k8s.api.resource.v1beta1","f":[["key",1,"string","oe"],["operator",2,"string","oe",{"d":"Equal","e":["Equal","Exists"],"t":"v1beta1.DeviceTolerationOperator"}],["value",3,"string","oe"],["effect",4,"string","oe",{"e":["NoExecute","NoSchedule"],"t":"v1beta1.DeviceTaintEffect"}],["tolerationSeconds",5,"int64","op"]]},"NetworkDeviceData":{"d":"io.k8s.api.resource.v1beta1","f":[["interfaceName",1,"string","oe"],["ips",2,"string","le",{"l":"atomic"}],["hardwareAddress",3,"string","oe"]]},"OpaqueDeviceConfiguration":{"d":"io.k8s.api.resource.v1beta1","f":[["driver",1,"string","oar"],["parameters",2,"machinery.RawExtension","oar"]]},"ResourceClaim":{"d":"io.k8s.api.resource.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimSpec","oar"],["status",3,"ResourceClaimStatus","oa"]],"v":["resource.k8s.io/v1beta1"]},"ResourceClaimConsumerReference":{"d":"io.k8s.api.resource.v1beta1","f":[["apiGroup",1,"string","oe"],["resource",3,"string","oar"],["name",4,"string","oar"],["uid",5,"string","oar",{"t":"types.UID"}]]},"ResourceClaimList":{"d":"io.k8s.api.resource.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceClaim","lar"]],"v":["resource.k8s.io/v1beta1"]},"ResourceClaimSpec":{"d":"io.k8s.api.resource.v1beta1","f":[["devices",1,"DeviceClaim","oa"]]},"ResourceClaimStatus":{"d":"io.k8s.api.resource.v1beta1","f":[["allocation",1,"AllocationResult","op"],["reservedFor",2,"ResourceClaimConsumerReference","le",{"l":"map","k":["uid"],"p":["merge"],"y":"uid"}],["devices",4,"AllocatedDeviceStatus","le",{"l":"map","k":["driver","device","pool","shareID"]}]]},"ResourceClaimTemplate":{"d":"io.k8s.api.resource.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimTemplateSpec","oar"]],"v":["resource.k8s.io/v1beta1"]},"ResourceClaimTemplateList":{"d":"io.k8s.api.resource.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceClaimTemplate","lar"]],"v":["resource.k8s.io/v1beta1"]},"ResourceClaimTemplateSpec":{"d":"io.k8s.api.resource.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimSpec","oar"]]},"ResourcePool":{"d":"io.k8s.api.resource.v1beta1","f":[["name",1,"string","oar"],["generation",2,"int64","oar"],["resourceSliceCount",3,"int64","oar"]]},"ResourceSlice":{"d":"io.k8s.api.resource.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceSliceSpec","oar"]],"v":["resource.k8s.io/v1beta1"]},"ResourceSliceList":{"d":"io.k8s.api.resource.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceSlice","lar"]],"v":["resource.k8s.io/v1beta1"]},"ResourceSliceSpec":{"d":"io.k8s.api.resource.v1beta1","f":[["driver",1,"string","oar"],["pool",2,"ResourcePool","oar"],["nodeName",3,"string","oe"],["nodeSelector",4,"core.v1.NodeSelector","op"],["allNodes",5,"bool","oe"],["devices",6,"Device","la",{"l":"atomic"}],["perDeviceNodeSelection",7,"bool","op"],["sharedCounters",8,"CounterSet","le",{"l":"atomic"}]]}}',
  'resource.v1beta2':
    '{"AllocatedDeviceStatus":{"d":"io.k8s.api.resource.v1beta2","f":[["driver",1,"string","oar"],["pool",2,"string","oar"],["device",3,"string","oar"],["shareID",7,"string","op"],["conditions",4,"meta.v1.Condition","la",{"l":"map","k":["type"]}],["data",5,"machinery.RawExtension","op"],["networkData",6,"NetworkDeviceData","op"]]},"AllocationResult":{"d":"io.k8s.api.resource.v1beta2","f":[["devices",1,"DeviceAllocationResult","oa"],["nodeSelector",3,"core.v1.NodeSelector","op"],["allocationTimestamp",5,"meta.v1.Time","op"]]},"CELDeviceSelector":{"d":"io.k8s.api.resource.v1beta2","f":[["expression",1,"string","oar"]]},"CapacityRequestPolicy":{"d":"io.k8s.api.resource.v1beta2","f":[["default",1,"machinery.Quantity","on"],["validValues",3,"machinery.Quantity","le",{"l":"atomic"}],["validRange",4,"CapacityRequestPolicyRange","op"]]},"CapacityRequestPolicyRange":{"d":"io.k8s.api.resource.v1beta2","f":[["min",1,"machinery.Quantity","opr"],["max",2,"machinery.Quantity","op"],["step",3,"machinery.Quantity","op"]]},"CapacityRequirements":{"d":"io.k8s.api.resource.v1beta2","f":[["requests",1,"machinery.Quantity","me",{"t":"map[v1beta2.QualifiedName]resource.Quantity"}]]},"Counter":{"d":"io.k8s.api.resource.v1beta2","f":[["value",1,"machinery.Quantity","oar"]]},"CounterSet":{"d":"io.k8s.api.resource.v1beta2","f":[["name",1,"string","oar"],["counters",2,"Counter","mer"]]},"Device":{"d":"io.k8s.api.resource.v1beta2","f":[["name",1,"string","oar"],["attributes",2,"DeviceAttribute","me",{"t":"map[v1beta2.QualifiedName]v1beta2.DeviceAttribute"}],["capacity",3,"DeviceCapacity","me",{"t":"map[v1beta2.QualifiedName]v1beta2.DeviceCapacity"}],["consumesCounters",4,"DeviceCounterConsumption","le",{"l":"atomic"}],["nodeName",5,"string","op"],["nodeSelector",6,"core.v1.NodeSelector","op"],["allNodes",7,"bool","op"],["taints",8,"DeviceTaint","le",{"l":"atomic"}],["bindsToNode",9,"bool","op"],["bindingConditions",10,"string","le",{"l":"atomic"}],["bindingFailureConditions",11,"string","le",{"l":"atomic"}],["allowMultipleAllocations",12,"bool","op"]]},"DeviceAllocationConfiguration":{"d":"io.k8s.api.resource.v1beta2","f":[["source",1,"string","oar",{"t":"v1beta2.AllocationConfigSource"}],["requests",2,"string","le",{"l":"atomic"}],["deviceConfiguration",3,"DeviceConfiguration","opi"]]},"DeviceAllocationResult":{"d":"io.k8s.api.resource.v1beta2","f":[["results",1,"DeviceRequestAllocationResult","le",{"l":"atomic"}],["config",2,"DeviceAllocationConfiguration","le",{"l":"atomic"}]]},"DeviceAttribute":{"d":"io.k8s.api.resource.v1beta2","f":[["int",2,"int64","op"],["bool",3,"bool","op"],["string",4,"string","op"],["version",5,"string","op"]]},"DeviceCapacity":{"d":"io.k8s.api.resource.v1beta2","f":[["value",1,"machinery.Quantity","oar"],["requestPolicy",2,"CapacityRequestPolicy","op"]]},"DeviceClaim":{"d":"io.k8s.api.resource.v1beta2","f":[["requests",1,"DeviceRequest","la",{"l":"atomic"}],["constraints",2,"DeviceConstraint","le",{"l":"atomic"}],["config",3,"DeviceClaimConfiguration","le",{"l":"atomic"}]]},"DeviceClaimConfiguration":{"d":"io.k8s.api.resource.v1beta2","f":[["requests",1,"string","le",{"l":"atomic"}],["deviceConfiguration",2,"DeviceConfiguration","opi"]]},"DeviceClass":{"d":"io.k8s.api.resource.v1beta2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"DeviceClassSpec","oar"]],"v":["resource.k8s.io/v1beta2"]},"DeviceClassConfiguration":{"d":"io.k8s.api.resource.v1beta2","f":[["deviceConfiguration",1,"DeviceConfiguration","opi"]]},"DeviceClassList":{"d":"io.k8s.api.resource.v1beta2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"DeviceClass","lar"]],"v":["resource.k8s.io/v1beta2"]},"DeviceClassSpec":{"d":"io.k8s.api.resource.v1beta2","f":[["selectors",1,"DeviceSelector","le",{"l":"atomic"}],["config",2,"DeviceClassConfiguration","le",{"l":"atomic"}],["extendedResourceName",4,"string","op"]]},"DeviceConfiguration":{"d":"io.k8s.api.resource.v1beta2","f":[["opaque",1,"OpaqueDeviceConfiguration","op"]]},"DeviceConstraint":{"d":"io.k8s.api.resource.v1beta2","f":[["requests",1,"string","le",{"l":"atomic"}],["matchAttribute",2,"string","op",{"t":"v1beta2.FullyQualifiedName"}],["distinctAttribute",3,"string","op",{"t":"v1beta2.FullyQualifiedName"}]]},"DeviceCounterConsumption":{"d":"io.k8s.api.resource.v1beta2","f":[["counterSet",1,"string","oar"],["counters",2,"Counter","mer"]]},"DeviceRequest":{"d":"io.k8s.api.resource.v1beta2","f":[["name",1,"string","oar"],["exactly",2,"ExactDeviceRequest","op"],["firstAvailable",3,"DeviceSubRequest","le",{"l":"atomic"}]]},"DeviceRequestAllocationResult":{"d":"io.k8s.api.resource.v1beta2","f":[["request",1,"string","oar"],["driver",2,"string","oar"],["pool",3,"string","oar"],["device",4,"string","oar"],["adminAccess",5,"bool","op"],["tolerations",6,"DeviceToleration","le",{"l":"atomic"}],["bindingConditions",7,"string","le",{"l":"atomic"}],["bindingFailureConditions",8,"string","le",{"l":"atomic"}],["shareID",9,"string","op",{"t":"types.UID"}],["consumedCapacity",10,"machinery.Quantity","me",{"t":"map[v1beta2.QualifiedName]resource.Quantity"}]]},"DeviceSelector":{"d":"io.k8s.api.resource.v1beta2","f":[["cel",1,"CELDeviceSelector","op"]]},"DeviceSubRequest":{"d":"io.k8s.api.resource.v1beta2","f":[["name",1,"string","oar"],["deviceClassName",2,"string","oar"],["selectors",3,"DeviceSelector","le",{"l":"atomic"}],["allocationMode",4,"string","oe",{"t":"v1beta2.DeviceAllocationMode"}],["count",5,"int64","oe"],["tolerations",6,"DeviceToleration","le",{"l":"atomic"}],["capacity",7,"CapacityRequirements","op"]]},"DeviceTaint":{"d":"io.k8s.api.resource.v1beta2","f":[["key",1,"string","oar"],["value",2,"string","oe"],["effect",3,"string","oar",{"e":["NoExecute","NoSchedule"],"t":"v1beta2.DeviceTaintEffect"}],["timeAdded",4,"meta.v1.Time","op"]]},"DeviceToleration":{"d":"io.k8s.api.resource.v1beta2","f":[["key",1,"string","oe"],["operator",2,"string","oe",{"d":"Equal","e":["Equal","Exists"],"t":"v1beta2.DeviceTolerationOperator"}],["value",3,"string","oe"],["effect",4,"string","oe",{"e":["NoExecute","NoSchedule"],"t":"v1beta2.DeviceTaintEffect"}],["tolerationSeconds",5,"int64","op"]]},"ExactDeviceRequest":{"d":"io.k8s.api.resource.v1beta2","f":[["deviceClassName",1,"string","oar"],["selectors",2,"DeviceSelector","le",{"l":"atomic"}],["allocationMode",3,"string","oe",{"t":"v1beta2.DeviceAllocationMode"}],["count",4,"int64","oe"],["adminAccess",5,"bool","op"],["tolerations",6,"DeviceToleration","le",{"l":"atomic"}],["capacity",7,"CapacityRequirements","op"]]},"NetworkDeviceData":{"d":"io.k8s.api.resource.v1beta2","f":[["interfaceName",1,"string","oe"],["ips",2,"string","le",{"l":"atomic"}],["hardwareAddress",3,"string","oe"]]},"OpaqueDeviceConfiguration":{"d":"io.k8s.api.resource.v1beta2","f":[["driver",1,"string","oar"],["parameters",2,"machinery.RawExtension","oar"]]},"ResourceClaim":{"d":"io.k8s.api.resource.v1beta2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimSpec","oar"],["status",3,"ResourceClaimStatus","oa"]],"v":["resource.k8s.io/v1beta2"]},"ResourceClaimConsumerReference":{"d":"io.k8s.api.resource.v1beta2","f":[["apiGroup",1,"string","oe"],["resource",3,"string","oar"],["name",4,"string","oar"],["uid",5,"string","oar",{"t":"types.UID"}]]},"ResourceClaimList":{"d":"io.k8s.api.resource.v1beta2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceClaim","lar"]],"v":["resource.k8s.io/v1beta2"]},"ResourceClaimSpec":{"d":"io.k8s.api.resource.v1beta2","f":[["devices",1,"DeviceClaim","oa"]]},"ResourceClaimStatus":{"d":"io.k8s.api.resource.v1beta2","f":[["allocation",1,"AllocationResult","op"],["reservedFor",2,"ResourceClaimConsumerReference","le",{"l":"map","k":["uid"],"p":["merge"],"y":"uid"}],["devices",4,"AllocatedDeviceStatus","le",{"l":"map","k":["driver","device","pool","shareID"]}]]},"ResourceClaimTemplate":{"d":"io.k8s.api.resource.v1beta2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimTemplateSpec","oar"]],"v":["resource.k8s.io/v1beta2"]},"ResourceClaimTemplateList":{"d":"io.k8s.api.resource.v1beta2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceClaimTemplate","lar"]],"v":["resource.k8s.io/v1beta2"]},"ResourceClaimTemplateSpec":{"d":"io.k8s.api.resource.v1beta2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceClaimSpec","oar"]]},"ResourcePool":{"d":"io.k8s.api.resource.v1beta2","f":[["name",1,"string","oar"],["generation",2,"int64","oar"],["resourceSliceCount",3,"int64","oar"]]},"ResourceSlice":{"d":"io.k8s.api.resource.v1beta2","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"ResourceSliceSpec","oar"]],"v":["resource.k8s.io/v1beta2"]},"ResourceSliceList":{"d":"io.k8s.api.resource.v1beta2","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"ResourceSlice","lar"]],"v":["resource.k8s.io/v1beta2"]},"ResourceSliceSpec":{"d":"io.k8s.api.resource.v1beta2","f":[["driver",1,"string","oar"],["pool",2,"ResourcePool","oar"],["nodeName",3,"string","op"],["nodeSelector",4,"core.v1.NodeSelector","op"],["allNodes",5,"bool","op"],["devices",6,"Device","la",{"l":"atomic"}],["perDeviceNodeSelection",7,"bool","op"],["sharedCounters",8,"CounterSet","le",{"l":"atomic"}]]}}',
  'scheduling.v1':
    '{"PriorityClass":{"d":"io.k8s.api.scheduling.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["value",2,"int32","oar"],["globalDefault",3,"bool","oe"],["description",4,"string","oe"],["preemptionPolicy",5,"string","op",{"e":["Never","PreemptLowerPriority"],"t":"v1.PreemptionPolicy"}]],"v":["scheduling.k8s.io/v1"]},"PriorityClassList":{"d":"io.k8s.api.scheduling.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PriorityClass","lar"]],"v":["scheduling.k8s.io/v1"]}}',
  'scheduling.v1alpha1':
    '{"PriorityClass":{"d":"io.k8s.api.scheduling.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["value",2,"int32","oar"],["globalDefault",3,"bool","oe"],["description",4,"string","oe"],["preemptionPolicy",5,"string","op",{"e":["Never","PreemptLowerPriority"],"t":"v1.PreemptionPolicy"}]],"v":["scheduling.k8s.io/v1alpha1"]},"PriorityClassList":{"d":"io.k8s.api.scheduling.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PriorityClass","lar"]],"v":["scheduling.k8s.io/v1alpha1"]}}',
  'scheduling.v1beta1':
    '{"PriorityClass":{"d":"io.k8s.api.scheduling.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["value",2,"int32","oar"],["globalDefault",3,"bool","oe"],["description",4,"string","oe"],["preemptionPolicy",5,"string","op",{"e":["Never","PreemptLowerPriority"],"t":"v1.PreemptionPolicy"}]],"v":["scheduling.k8s.io/v1beta1"]},"PriorityClassList":{"d":"io.k8s.api.scheduling.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PriorityClass","lar"]],"v":["scheduling.k8s.io/v1beta1"]}}',
  'settings.v1alpha1':
    '{"PodPreset":{"d":"io.k8s.api.settings.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"PodPresetSpec","oa"]],"g":1,"v":["settings.k8s.io/v1alpha1"]},"PodPresetList":{"d":"io.k8s.api.settings.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"PodPreset","la"]],"g":1,"v":["settings.k8s.io/v1alpha1"]},"PodPresetSpec":{"d":"io.k8s.api.settings.v1alpha1","f":[["selector",1,"meta.v1.LabelSelector","oa"],["env",2,"core.v1.EnvVar","le"],["envFrom",3,"core.v1.EnvFromSource","le"],["volumes",4,"core.v1.Volume","le"],["volumeMounts",5,"core.v1.VolumeMount","le"]],"g":1}}',
  'storage.v1':
    '{"CSIDriver":{"d":"io.k8s.api.storage.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"CSIDriverSpec","oar"]],"v":["storage.k8s.io/v1"]},"CSIDriverList":{"d":"io.k8s.api.storage.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"CSIDriver","lar"]],"v":["storage.k8s.io/v1"]},"CSIDriverSpec":{"d":"io.k8s.api.storage.v1","f":[["attachRequired",1,"bool","op"],["podInfoOnMount",2,"bool","op"],["volumeLifecycleModes",3,"string","le",{"l":"set","t":"[]v1.VolumeLifecycleMode"}],["storageCapacity",4,"bool","op"],["fsGroupPolicy",5,"string","op",{"t":"v1.FSGroupPolicy"}],["tokenRequests",6,"TokenRequest","le",{"l":"atomic"}],["requiresRepublish",7,"bool","op"],["seLinuxMount",8,"bool","op"],["nodeAllocatableUpdatePeriodSeconds",9,"int64","op"]]},"CSINode":{"d":"io.k8s.api.storage.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"CSINodeSpec","oar"]],"v":["storage.k8s.io/v1"]},"CSINodeDriver":{"d":"io.k8s.api.storage.v1","f":[["name",1,"string","oar"],["nodeID",2,"string","oar"],["topologyKeys",3,"string","la",{"l":"atomic"}],["allocatable",4,"VolumeNodeResources","op"]]},"CSINodeList":{"d":"io.k8s.api.storage.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"CSINode","lar"]],"v":["storage.k8s.io/v1"]},"CSINodeSpec":{"d":"io.k8s.api.storage.v1","f":[["drivers",1,"CSINodeDriver","lar",{"l":"map","k":["name"],"p":["merge"],"y":"name"}]]},"CSIStorageCapacity":{"d":"io.k8s.api.storage.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["nodeTopology",2,"meta.v1.LabelSelector","op"],["storageClassName",3,"string","oar"],["capacity",4,"machinery.Quantity","op"],["maximumVolumeSize",5,"machinery.Quantity","op"]],"v":["storage.k8s.io/v1"]},"CSIStorageCapacityList":{"d":"io.k8s.api.storage.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"CSIStorageCapacity","lar"]],"v":["storage.k8s.io/v1"]},"StorageClass":{"d":"io.k8s.api.storage.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["provisioner",2,"string","oar"],["parameters",3,"string","me"],["reclaimPolicy",4,"string","op",{"e":["Delete","Recycle","Retain"],"t":"v1.PersistentVolumeReclaimPolicy"}],["mountOptions",5,"string","le",{"l":"atomic"}],["allowVolumeExpansion",6,"bool","op"],["volumeBindingMode",7,"string","op",{"e":["Immediate","WaitForFirstConsumer"],"t":"v1.VolumeBindingMode"}],["allowedTopologies",8,"core.v1.TopologySelectorTerm","le",{"l":"atomic"}]],"v":["storage.k8s.io/v1"]},"StorageClassList":{"d":"io.k8s.api.storage.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"StorageClass","lar"]],"v":["storage.k8s.io/v1"]},"TokenRequest":{"d":"io.k8s.api.storage.v1","f":[["audience",1,"string","oar"],["expirationSeconds",2,"int64","op"]]},"VolumeAttachment":{"d":"io.k8s.api.storage.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"VolumeAttachmentSpec","oar"],["status",3,"VolumeAttachmentStatus","oa"]],"v":["storage.k8s.io/v1"]},"VolumeAttachmentList":{"d":"io.k8s.api.storage.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"VolumeAttachment","lar"]],"v":["storage.k8s.io/v1"]},"VolumeAttachmentSource":{"d":"io.k8s.api.storage.v1","f":[["persistentVolumeName",1,"string","op"],["inlineVolumeSpec",2,"core.v1.PersistentVolumeSpec","op"]]},"VolumeAttachmentSpec":{"d":"io.k8s.api.storage.v1","f":[["attacher",1,"string","oar"],["source",2,"VolumeAttachmentSource","oar"],["nodeName",3,"string","oar"]]},"VolumeAttachmentStatus":{"d":"io.k8s.api.storage.v1","f":[["attached",1,"bool","oar"],["attachmentMetadata",2,"string","me"],["attachError",3,"VolumeError","op"],["detachError",4,"VolumeError","op"]]},"VolumeAttributesClass":{"d":"io.k8s.api.storage.v1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["driverName",2,"string","oar"],["parameters",3,"string","me"]],"v":["storage.k8s.io/v1"]},"VolumeAttributesClassList":{"d":"io.k8s.api.storage.v1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"VolumeAttributesClass","lar"]],"v":["storage.k8s.io/v1"]},"VolumeError":{"d":"io.k8s.api.storage.v1","f":[["time",1,"meta.v1.Time","oa"],["message",2,"string","oe"],["errorCode",3,"int32","op"]]},"VolumeNodeResources":{"d":"io.k8s.api.storage.v1","f":[["count",1,"int32","op"]]}}',
  'storage.v1alpha1':
    '{"CSIStorageCapacity":{"d":"io.k8s.api.storage.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["nodeTopology",2,"meta.v1.LabelSelector","op"],["storageClassName",3,"string","oar"],["capacity",4,"machinery.Quantity","op"],["maximumVolumeSize",5,"machinery.Quantity","op"]],"v":["storage.k8s.io/v1alpha1"]},"CSIStorageCapacityList":{"d":"io.k8s.api.storage.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"CSIStorageCapacity","lar"]],"v":["storage.k8s.io/v1alpha1"]},"VolumeAttachment":{"d":"io.k8s.api.storage.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"VolumeAttachmentSpec","oar"],["status",3,"VolumeAttachmentStatus","oa"]],"v":["storage.k8s.io/v1alpha1"]},"VolumeAttachmentList":{"d":"io.k8s.api.storage.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"VolumeAttachment","lar"]],"v":["storage.k8s.io/v1alpha1"]},"VolumeAttachmentSource":{"d":"io.k8s.api.storage.v1alpha1","f":[["persistentVolumeName",1,"string","op"],["inlineVolumeSpec",2,"core.v1.PersistentVolumeSpec","op"]]},"VolumeAttachmentSpec":{"d":"io.k8s.api.storage.v1alpha1","f":[["attacher",1,"string","oar"],["source",2,"VolumeAttachmentSource","oar"],["nodeName",3,"string","oar"]]},"VolumeAttachmentStatus":{"d":"io.k8s.api.storage.v1alpha1","f":[["attached",1,"bool","oar"],["attachmentMetadata",2,"string","me"],["attachError",3,"VolumeError","op"],["detachError",4,"VolumeError","op"]]},"VolumeAttributesClass":{"d":"io.k8s.api.storage.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["driverName",2,"string","oar"],["parameters",3,"string","me"]],"v":["storage.k8s.io/v1alpha1"]},"VolumeAttributesClassList":{"d":"io.k8s.api.storage.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"VolumeAttributesClass","lar"]],"v":["storage.k8s.io/v1alpha1"]},"VolumeError":{"d":"io.k8s.api.storage.v1alpha1","f":[["time",1,"meta.v1.Time","oa"],["message",2,"string","oe"],["errorCode",3,"int32","op"]]}}',
  'storage.v1beta1':
    '{"CSIDriver":{"d":"io.k8s.api.storage.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"CSIDriverSpec","oar"]],"v":["storage.k8s.io/v1beta1"]},"CSIDriverList":{"d":"io.k8s.api.storage.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"CSIDriver","lar"]],"v":["storage.k8s.io/v1beta1"]},"CSIDriverSpec":{"d":"io.k8s.api.storage.v1beta1","f":[["attachRequired",1,"bool","op"],["podInfoOnMount",2,"bool","op"],["volumeLifecycleModes",3,"string","le",{"l":"atomic","t":"[]v1beta1.VolumeLifecycleMode"}],["storageCapacity",4,"bool","op"],["fsGroupPolicy",5,"string","op",{"t":"v1beta1.FSGroupPolicy"}],["tokenRequests",6,"TokenRequest","le",{"l":"atomic"}],["requiresRepublish",7,"bool","op"],["seLinuxMount",8,"bool","op"],["nodeAllocatableUpdatePeriodSeconds",9,"int64","op"]]},"CSINode":{"d":"io.k8s.api.storage.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"CSINodeSpec","oar"]],"v":["storage.k8s.io/v1beta1"]},"CSINodeDriver":{"d":"io.k8s.api.storage.v1beta1","f":[["name",1,"string","oar"],["nodeID",2,"string","oar"],["topologyKeys",3,"string","la",{"l":"atomic"}],["allocatable",4,"VolumeNodeResources","op"]]},"CSINodeList":{"d":"io.k8s.api.storage.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"CSINode","lar"]],"v":["storage.k8s.io/v1beta1"]},"CSINodeSpec":{"d":"io.k8s.api.storage.v1beta1","f":[["drivers",1,"CSINodeDriver","lar",{"l":"map","k":["name"],"p":["merge"],"y":"name"}]]},"CSIStorageCapacity":{"d":"io.k8s.api.storage.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["nodeTopology",2,"meta.v1.LabelSelector","op"],["storageClassName",3,"string","oar"],["capacity",4,"machinery.Quantity","op"],["maximumVolumeSize",5,"machinery.Quantity","op"]],"v":["storage.k8s.io/v1beta1"]},"CSIStorageCapacityList":{"d":"io.k8s.api.storage.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"CSIStorageCapacity","lar"]],"v":["storage.k8s.io/v1beta1"]},"StorageClass":{"d":"io.k8s.api.storage.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["provisioner",2,"string","oar"],["parameters",3,"string","me"],["reclaimPolicy",4,"string","op",{"e":["Delete","Recycle","Retain"],"t":"v1.PersistentVolumeReclaimPolicy"}],["mountOptions",5,"string","le",{"l":"atomic"}],["allowVolumeExpansion",6,"bool","op"],["volumeBindingMode",7,"string","op",{"t":"v1beta1.VolumeBindingMode"}],["allowedTopologies",8,"core.v1.TopologySelectorTerm","le",{"l":"atomic"}]],"v":["storage.k8s.io/v1beta1"]},"StorageClassList":{"d":"io.k8s.api.storage.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"StorageClass","lar"]],"v":["storage.k8s.io/v1beta1"]},"TokenRequest":{"d":"io.k8s.api.storage.v1beta1","f":[["audience",1,"string","oar"],["expirationSeconds",2,"int64","op"]]},"VolumeAttachment":{"d":"io.k8s.api.storage.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"VolumeAttachmentSpec","oar"],["status",3,"VolumeAttachmentStatus","oa"]],"v":["storage.k8s.io/v1beta1"]},"VolumeAttachmentList":{"d":"io.k8s.api.storage.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"VolumeAttachment","lar"]],"v":["storage.k8s.io/v1beta1"]},"VolumeAttachmentSource":{"d":"io.k8s.api.storage.v1beta1","f":[["persistentVolumeName",1,"string","op"],["inlineVolumeSpec",2,"core.v1.PersistentVolumeSpec","op"]]},"VolumeAttachmentSpec":{"d":"io.k8s.api.storage.v1beta1","f":[["attacher",1,"string","oar"],["source",2,"VolumeAttachmentSource","oar"],["nodeName",3,"string","oar"]]},"VolumeAttachmentStatus":{"d":"io.k8s.api.storage.v1beta1","f":[["attached",1,"bool","oar"],["attachmentMetadata",2,"string","me"],["attachError",3,"VolumeError","op"],["detachError",4,"VolumeError","op"]]},"VolumeAttributesClass":{"d":"io.k8s.api.storage.v1beta1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["driverName",2,"string","oar"],["parameters",3,"string","me"]],"v":["storage.k8s.io/v1beta1"]},"VolumeAttributesClassList":{"d":"io.k8s.api.storage.v1beta1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"VolumeAttributesClass","lar"]],"v":["storage.k8s.io/v1beta1"]},"VolumeError":{"d":"io.k8s.api.storage.v1beta1","f":[["time",1,"meta.v1.Time","oa"],["message",2,"string","oe"],["errorCode",3,"int32","op"]]},"VolumeNodeResources":{"d":"io.k8s.api.storage.v1beta1","f":[["count",1,"int32","op"]]}}',
  'storagemigration.v1alpha1':
    '{"GroupVersionResource":{"d":"io.k8s.api.storagemigration.v1alpha1","f":[["group",1,"string","oe"],["version",2,"string","oe"],["resource",3,"string","oe"]]},"MigrationCondition":{"d":"io.k8s.api.storagemigration.v1alpha1","f":[["type",1,"string","oar",{"t":"v1alpha1.MigrationConditionType"}],["status",2,"string","oar",{"t":"v1.ConditionStatus"}],["lastUpdateTime",3,"meta.v1.Time","oa"],["reason",4,"string","oe"],["message",5,"string","oe"]]},"StorageVersionMigration":{"d":"io.k8s.api.storagemigration.v1alpha1","f":[["metadata",1,"meta.v1.ObjectMeta","oa"],["spec",2,"StorageVersionMigrationSpec","oa"],["status",3,"StorageVersionMigrationStatus","oa"]],"v":["storagemigration.k8s.io/v1alpha1"]},"StorageVersionMigrationList":{"d":"io.k8s.api.storagemigration.v1alpha1","f":[["metadata",1,"meta.v1.ListMeta","oa"],["items",2,"StorageVersionMigration","lar",{"l":"map","k":["type"],"p":["merge"],"y":"type"}]],"v":["storagemigration.k8s.io/v1alpha1"]},"StorageVersionMigrationSpec":{"d":"io.k8s.api.storagemigration.v1alpha1","f":[["resource",1,"GroupVersionResource","oar"],["continueToken",2,"string","oe"]]},"StorageVersionMigrationStatus":{"d":"io.k8s.api.storagemigration.v1alpha1","f":[["conditions",1,"MigrationCondition","le",{"l":"map","k":["type"],"p":["merge"],"y":"type"}],["resourceVersion",2,"string","oe"]]}}',
};

// ../schema/src/table/message-table.ts
var presences = { e: 'omitEmpty', a: 'always', p: 'pointer', n: 'nullable', z: 'omitZero' };
var cardinalities = { o: 'one', l: 'list', m: 'map' };
var forms = {
  TIME: 'time',
  MICRO_TIME: 'microTime',
  DURATION: 'duration',
  QUANTITY: 'quantity',
  INT_OR_STRING: 'intOrString',
  RAW_EXTENSION: 'rawExtension',
  UNKNOWN: 'unknown',
  FIELDS_V1: 'fieldsV1',
  JSON_VALUE: 'json',
  SCHEMA_OR_BOOL: 'jsonSchemaPropsOrBool',
  SCHEMA_OR_ARRAY: 'jsonSchemaPropsOrArray',
  SCHEMA_OR_STRING_ARRAY: 'jsonSchemaPropsOrStringArray',
  STRING_LIST: 'stringList',
  INLINE_MAP: 'inlineMap',
};
var packages = /* @__PURE__ */ new Map();
function packageTables(packageName) {
  const known = packages.get(packageName);
  if (known) return known;
  const text = tables[packageName];
  if (text === void 0) throw new Error(`no schema for package ${packageName}`);
  const rows = JSON.parse(text);
  const read = new Map(Object.entries(rows).map(([name, row]) => [name, readMessage(packageName, name, row)]));
  packages.set(packageName, read);
  return read;
}
function messageTable(fullName) {
  const dot = fullName.lastIndexOf('.');
  const table = packageTables(fullName.slice(0, dot)).get(fullName.slice(dot + 1));
  if (!table) throw new Error(`no schema for message ${fullName}`);
  return table;
}
function readMessage(packageName, name, row) {
  const form = row.s === void 0 ? void 0 : forms[row.s];
  return {
    fullName: `${packageName}.${name}`,
    name,
    definition: `${row.d}.${name}`,
    goType: `${row.d.slice(row.d.lastIndexOf('.') + 1)}.${name}`,
    ...(form && { form }),
    atomic: row.a === 1,
    gone: row.g === 1,
    apiVersions: row.v ?? [],
    ...(row.u && { union: row.u }),
    fields: row.f.map((field) => readField(packageName, field)),
  };
}
function readField(packageName, [name, number, type, flags, extras = {}]) {
  return {
    name,
    number,
    cardinality: cardinalities[flags[0]],
    ...typeOf(packageName, type),
    presence: presences[flags[1] ?? ''] ?? 'omitEmpty',
    inline: flags.includes('i'),
    required: flags.includes('r'),
    removed: flags.includes('x'),
    late: flags.includes('t'),
    bareReference: flags.includes('b'),
    ...(extras.d !== void 0 && { default: extras.d }),
    ...(extras.e && { enum: extras.e }),
    ...(extras.l && { listType: extras.l }),
    listMapKeys: extras.k ?? [],
    ...(extras.m && { mapType: extras.m }),
    patchStrategy: extras.p ?? [],
    ...(extras.y && { patchMergeKey: extras.y }),
    ...(extras.t && { goType: extras.t }),
    ...(extras.v && { embeddedApiVersion: extras.v }),
  };
}
function typeOf(packageName, type) {
  if (type.includes('.')) return { message: type };
  return /^[a-z]/.test(type) ? { scalar: type } : { message: `${packageName}.${type}` };
}

// ../schema/src/codec/base64.ts
import { Buffer as Buffer2 } from 'node:buffer';

// ../schema/src/codec/value-codec.ts
var Mismatch = class extends Error {
  name = 'Mismatch';
};
var NotCanonical = class extends Error {
  name = 'NotCanonical';
};

// ../schema/src/codec/base64.ts
var wellFormed = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
var lineBreaks = /[\r\n]/g;
function canonicalBase64(value) {
  if (typeof value !== 'string') throw new Mismatch();
  const text = value.replace(lineBreaks, '');
  if (!wellFormed.test(text)) throw new DecodeError(`illegal base64 data at input byte ${faultOffset(value)}`);
  return text.endsWith('=') ? Buffer2.from(text, 'base64').toString('base64') : text;
}
function faultOffset(text) {
  let inQuantum = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '\r' || char === '\n') continue;
    if (char === '=') return paddingFault(text, i, inQuantum);
    if (!/[A-Za-z0-9+/]/.test(char)) return i;
    inQuantum = (inQuantum + 1) % 4;
  }
  return text.length - inQuantum;
}
function paddingFault(text, at, inQuantum) {
  if (inQuantum < 2) return at;
  const rest = text.slice(at + 1);
  const skipped = (/^[\r\n]*/.exec(rest)?.[0] ?? '').length;
  if (inQuantum === 3) return at + 1 + skipped;
  if (rest[skipped] === void 0) return text.length;
  if (rest[skipped] !== '=') return at + 1 + skipped;
  const trailing = rest.slice(skipped + 1);
  return at + 1 + skipped + 1 + (/^[\r\n]*/.exec(trailing)?.[0] ?? '').length;
}

// ../schema/src/codec/compile-function.ts
var Scope = class {
  #names = /* @__PURE__ */ new Map();
  /** The name under which compiled code finds `value`. */
  name(value) {
    const known = this.#names.get(value);
    if (known !== void 0) return known;
    const name = `$${this.#names.size}`;
    this.#names.set(value, name);
    return name;
  }
  /**
   * Makes a function of its text. The text comes from the compilers of this folder and the schema tables alone; names
   * of fields enter it as JSON strings. Nothing a client sends ever does.
   */
  compile(text) {
    const names = [...this.#names.values()];
    const make = new Function(...names, `'use strict';return ${text}`);
    return make(...this.#names.keys());
  }
};

// ../schema/src/codec/set-member.ts
function setMember(object, key2, value) {
  if (key2 === '__proto__') Object.defineProperty(object, key2, { value, writable: true, enumerable: true, configurable: true });
  else object[key2] = value;
}

// ../schema/src/codec/sorted-keys.ts
var beyondAscii = /[^\0-\x7f]/;
function sortedKeys(map) {
  const keys = Object.keys(map);
  for (let i = 1; i < keys.length; i++) {
    if (keys[i - 1] > keys[i]) return keys.sort().some((key2) => beyondAscii.test(key2)) ? keys.sort(byBytes) : keys;
  }
  return keys.some((key2) => beyondAscii.test(key2)) ? keys.sort(byBytes) : keys;
}
function byBytes(a, b) {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

// ../schema/src/codec/unknown-members.ts
var unknownMembers = { found: false };

// ../schema/src/codec/compile-canonical.ts
function compileCanonical(layout) {
  const s = new Scope();
  const typeMeta2 = layout.isKind ? 'if(j.apiVersion!==undefined){c++;text(j.apiVersion)}if(j.kind!==undefined){c++;text(j.kind)}' : '';
  return s.compile(`function canonical(j,r){
if(typeof j!=='object'||Array.isArray(j))throw new ${s.name(Mismatch)}();
if(r===undefined)r={};
if(j===null)j=${s.name(nothing)};
let c=0,v,a,i,k,x;
${typeMeta2.replaceAll('text(', `${s.name(checkText)}(`)}
${layout.members.map((field) => memberText(field, s)).join('\n')}
for(k in j)c--;
if(c!==0)${s.name(unknownMembers)}.found=true;
return r}`);
}
var nothing = Object.freeze({});
function checkText(value) {
  if (value !== null && typeof value !== 'string') throw new Mismatch();
}
function memberText(field, s) {
  const name = JSON.stringify(field.name);
  const target = `r[${name}]`;
  const absent = absentText(field, s);
  const otherwise = absent === void 0 ? '' : `else ${target}=${absent};`;
  return `v=j[${name}];if(v!==undefined)c++;if(v!==undefined&&v!==null){${presentText(field, s, target, absent)}}${otherwise}`;
}
function absentText(field, s) {
  if (field.absentJson !== void 0) return field.absentJson;
  const isObject = field.codec && field.cardinality === 'one' && field.presence === 'always';
  return isObject ? `${s.name(field.codec)}.canonical(null)` : void 0;
}
function presentText(field, s, target, absent) {
  const mismatch = `throw new ${s.name(Mismatch)}();`;
  if (field.cardinality === 'list') {
    const empty = absent === void 0 ? '' : `${target}=${absent};`;
    return `if(!Array.isArray(v))${mismatch}if(v.length===0){${empty}}else{a=new Array(v.length);
for(i=0;i<a.length;i++){x=v[i];${valueText(field, s, 'x', true)}a[i]=x}${target}=a}`;
  }
  if (field.cardinality === 'map') {
    const empty = absent === void 0 ? '' : `else ${target}=${absent};`;
    return `if(typeof v!=='object'||Array.isArray(v))${mismatch}k=${s.name(sortedKeys)}(v);if(k.length>0){a={};
for(i=0;i<k.length;i++){x=v[k[i]];${valueText(field, s, 'x', true)}${s.name(setMember)}(a,k[i],x)}${target}=a}${empty}`;
  }
  return `${valueText(field, s, 'v', false)}${keepText(field, target)}`;
}
function keepText(field, target) {
  if (field.presence === 'omitZero') return `if(v!==null)${target}=v;`;
  if (field.presence !== 'omitEmpty') return `${target}=v;`;
  return `if(v)${target}=v;`;
}
function valueText(field, s, v, nullable) {
  const mismatch = `throw new ${s.name(Mismatch)}();`;
  const orNull = (check, zero) => (nullable ? `if(${v}===null)${v}=${zero};else ${check}` : check);
  switch (field.scalar) {
    case 'string':
      return orNull(`if(typeof ${v}!=='string')${mismatch}`, "''");
    case 'bool':
      return orNull(`if(typeof ${v}!=='boolean')${mismatch}`, 'false');
    case 'int32':
      return orNull(`{if((${v}|0)!==${v})${mismatch}${v}=${v}|0;}`, '0');
    case 'int64':
    case 'uint32':
      return orNull(`${v}=${s.name(toInt64)}(${v});`, '0');
    case 'double':
    case 'float':
      return orNull(`${v}=${s.name(toDouble)}(${v});`, '0');
    case 'bytes':
      return orNull(`${v}=${s.name(canonicalBase64)}(${v});`, "''");
    default: {
      const kind = field.embeddedKind ? `,${JSON.stringify(field.embeddedKind)}` : '';
      return `${v}=${s.name(field.codec)}.canonical(${v}${kind});`;
    }
  }
}
function toInt64(value) {
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return value;
  if (typeof value !== 'number' || !Number.isInteger(value) || value >= 2 ** 63 || value < -(2 ** 63)) throw new Mismatch();
  return value + 0;
}
function toDouble(value) {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'number') throw new Mismatch();
  return value;
}

// ../schema/src/codec/wire.ts
import { Buffer as Buffer3 } from 'node:buffer';

var cursor = { at: 0 };
function truncated() {
  return new DecodeError('unexpected EOF');
}
function readVarint(b, start2) {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 10; i++) {
    const byte = b[start2 + i];
    if (byte === void 0) throw truncated();
    value += (byte & 127) * scale;
    if (byte < 128) {
      cursor.at = start2 + i + 1;
      return value;
    }
    scale *= 128;
  }
  throw new DecodeError('proto: integer overflow');
}
function readInt32(b, start2) {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = b[start2 + i];
    if (byte === void 0) throw truncated();
    if (i < 5) value |= (byte & 127) << (7 * i);
    if (byte < 128) {
      cursor.at = start2 + i + 1;
      return value;
    }
  }
  throw new DecodeError('proto: integer overflow');
}
function readInt64(b, start2) {
  const value = readVarint(b, start2);
  return value <= Number.MAX_SAFE_INTEGER ? value : readBigInt(b, start2, cursor.at);
}
function readBigInt(b, start2, end) {
  let value = 0n;
  for (let i = end - 1; i >= start2; i--) value = (value << 7n) | BigInt((b[i] ?? 0) & 127);
  const signed = BigInt.asIntN(64, value);
  return isSafe(signed) ? Number(signed) : signed;
}
function isSafe(value) {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
}
function readLength(b, start2, limit) {
  const length = readVarint(b, start2);
  const from = cursor.at;
  cursor.at = from + length;
  if (cursor.at > limit) throw truncated();
  return from;
}
function skipField(b, tag, at, limit) {
  switch (tag & 7) {
    case 0:
      readVarint(b, at);
      return cursor.at;
    case 1:
      return within(at + 8, limit);
    case 2:
      readLength(b, at, limit);
      return cursor.at;
    case 5:
      return within(at + 4, limit);
    default:
      throw new DecodeError(`proto: illegal wireType ${tag & 7}`);
  }
}
function within(at, limit) {
  if (at > limit) throw truncated();
  return at;
}
function readDouble(b, at) {
  return b.readDoubleLE(at);
}
var nativeFrom = 13;
function readString(b, at, end) {
  if (end - at >= nativeFrom) return b.toString('utf8', at, end);
  let text = '';
  let i = at;
  for (; i + 4 <= end; i += 4) {
    const c0 = b[i];
    const c1 = b[i + 1];
    const c2 = b[i + 2];
    const c3 = b[i + 3];
    if ((c0 | c1 | c2 | c3) > 127) return b.toString('utf8', at, end);
    text += String.fromCharCode(c0, c1, c2, c3);
  }
  for (; i < end; i++) {
    const c = b[i];
    if (c > 127) return b.toString('utf8', at, end);
    text += String.fromCharCode(c);
  }
  return text;
}
function writeVarint(b, at, value) {
  if (value < 128) {
    b[at - 1] = value;
    return at - 1;
  }
  const size = value < 16384 ? 2 : value < 2097152 ? 3 : value < 268435456 ? 4 : 5;
  let rest = value;
  let i = at - size;
  for (; i < at - 1; i++) {
    b[i] = (rest & 127) | 128;
    rest >>>= 7;
  }
  b[i] = rest;
  return at - size;
}
function writeInteger(b, at, value) {
  if (typeof value === 'number' && value >= 0 && value < 2147483648) return writeVarint(b, at, value);
  let rest = BigInt.asUintN(64, BigInt(value));
  const groups = [];
  do {
    groups.push(Number(rest & 127n));
    rest >>= 7n;
  } while (rest > 0n);
  for (let i = 0; i < groups.length; i++) {
    b[at - groups.length + i] = groups[i] | (i < groups.length - 1 ? 128 : 0);
  }
  return at - groups.length;
}
function writeDouble(b, at, value) {
  if (at >= 8) b.writeDoubleLE(value, at - 8);
  return at - 8;
}
var nativeWriteFrom = 64;
function writeString(b, at, text) {
  const length = text.length;
  if (length >= nativeWriteFrom) return writeLongString(b, at, text);
  let i = at;
  for (let k = length - 1; k >= 0; k--) {
    const c = text.charCodeAt(k);
    if (c > 127) return writeLongString(b, at, text);
    b[--i] = c;
  }
  b[--i] = length;
  return i;
}
function writeLongString(b, at, text) {
  const length = Buffer3.byteLength(text);
  const start2 = at - length;
  if (start2 >= 0) b.write(text, start2, length);
  return writeVarint(b, start2, length);
}
function writeBytes(b, at, bytes) {
  const start2 = at - bytes.length;
  if (start2 >= 0) b.set(bytes, start2);
  return writeVarint(b, start2, bytes.length);
}

// ../schema/src/codec/compile-decode.ts
function compileDecode(layout) {
  const s = new Scope();
  const variables = layout.fields.map(({ inline, index }) => (inline ? `s${index}=0,n${index}=0` : `v${index}`));
  return s.compile(`function decode(b,p,e,r){
let t,l,n,m,k,x${variables.map((v) => `,${v}`).join('')};
while(p<e){
${readTagText(s)}
switch(t){
${layout.fields.map((field) => fieldCases(field, s)).join('\n')}
default:p=${s.name(skipField)}(b,t,p,e)}
}
if(p!==e)throw ${s.name(truncated)}();
if(r===undefined)r={};
${layout.fields.map((field) => memberText2(field, s)).join('\n')}
return r}`);
}
function readTagText(s) {
  return `t=b[p++];if(t>127){l=b[p++];if(l>127){t=${s.name(readVarint)}(b,p-2);p=${s.name(cursor)}.at}else t=t&127|l<<7}`;
}
var ofMessage = { limit: 'e', end: 'n' };
var ofEntry = { limit: 'n', end: 'm' };
function readLengthText(s, { limit, end } = ofMessage) {
  return `l=b[p++];if(l>127){p=${s.name(readLength)}(b,p-1,${limit});${end}=${s.name(cursor)}.at}else if((${end}=p+l)>${limit})throw ${s.name(truncated)}();`;
}
var integerReaders = { int32: readInt32, uint32: readVarint, int64: readInt64, bool: readVarint };
function readIntegerText(field, s) {
  return `l=b[p++];if(l>127){l=${s.name(integerReaders[field.scalar ?? ''])}(b,p-1);p=${s.name(cursor)}.at}`;
}
function valueText2(field, s, use, bounds = ofMessage) {
  const { end } = bounds;
  switch (field.scalar) {
    case 'double':
    case 'float':
      return `${use(`${s.name(readDouble)}(b,p)`)};p+=8;`;
    case 'bool':
      return `${readIntegerText(field, s)}${use('l!==0')};`;
    case 'int32':
    case 'uint32':
    case 'int64':
      return `${readIntegerText(field, s)}${use('l')};`;
    case 'string':
      return `${readLengthText(s, bounds)}${use(`${s.name(readString)}(b,p,${end})`)};p=${end};`;
    case 'bytes':
      return `${readLengthText(s, bounds)}${use(`b.toString('base64',p,${end})`)};p=${end};`;
    default:
      return `${readLengthText(s, bounds)}${use(`${s.name(field.codec)}.decode(b,p,${end}${embeddedText(field)})`)};p=${end};`;
  }
}
function embeddedText({ embeddedKind }) {
  return embeddedKind ? `,${JSON.stringify(embeddedKind)}` : '';
}
function fieldCases(field, s) {
  const v = `v${field.index}`;
  const push = (value) => `(${v}||(${v}=[])).push(${value})`;
  const packed =
    field.cardinality === 'list' && field.wireType === 0
      ? `case ${field.number * 8 + 2}:${readLengthText(s)}while(p<n){${valueText2(field, s, push)}}break;`
      : '';
  return `case ${field.tag}:${readText(field, s, v, push)}break;${packed}`;
}
function readText(field, s, v, push) {
  const once = (seen) => `if(${seen})throw new ${s.name(NotCanonical)}();`;
  if (field.inline) {
    const { index } = field;
    return `${once(`n${index}!==0`)}${readLengthText(s)}s${index}=p;n${index}=n;p=n;`;
  }
  if (field.cardinality === 'map') return mapEntryText(field, s, v);
  if (field.cardinality === 'list') return valueText2(field, s, push);
  return `${field.codec ? once(`${v}!==undefined`) : ''}${valueText2(field, s, (value) => `${v}=${value}`)}`;
}
function mapEntryText(field, s, v) {
  return `${readLengthText(s)}k='';x=undefined;while(p<n){t=b[p++];
if(t===10){${readLengthText(s, ofEntry)}k=${s.name(readString)}(b,p,m);p=m}
else if(t===${16 + field.valueWireType}){${valueText2(field, s, (value) => `x=${value}`, ofEntry)}}
else p=${s.name(skipField)}(b,t,p,n)}
if(p!==n)throw ${s.name(truncated)}();${s.name(setMember)}(${v}||(${v}={}),k,x===undefined?${zeroText(field, s)}:x);`;
}
function zeroText(field, s) {
  if (field.codec) return `${s.name(field.codec)}.decode(b,0,0)`;
  return field.scalar === 'bool' ? 'false' : field.valueWireType === 2 ? "''" : '0';
}
function memberText2(field, s) {
  const v = `v${field.index}`;
  if (field.inline) return `${s.name(field.codec)}.decode(b,s${field.index},n${field.index},r);`;
  const target = `r[${JSON.stringify(field.name)}]`;
  const present = presentText2(field, v);
  if (field.absentJson !== void 0) return `${target}=${present}?${v}:${field.absentJson};`;
  if (field.codec && field.cardinality === 'one' && field.presence === 'always') {
    return `${target}=${v}===undefined?${s.name(field.codec)}.decode(b,0,0):${v};`;
  }
  return `if(${present})${target}=${v};`;
}
function presentText2(field, v) {
  const set = `${v}!==undefined`;
  if (field.cardinality !== 'one' || field.presence === 'always') return set;
  if (field.presence === 'omitZero') return `${set}&&${v}!==null`;
  if (field.presence !== 'omitEmpty') return set;
  if (field.scalar === 'string' || field.scalar === 'bytes') return v;
  return field.scalar === 'bool' ? `${v}===true` : `${set}&&${v}!==0`;
}

// ../schema/src/codec/compile-encode.ts
import { Buffer as Buffer4 } from 'node:buffer';

function compileEncode(layout) {
  const s = new Scope();
  const fields2 = [...layout.fields].sort((a, b) => b.number - a.number);
  return s.compile(`function encode(o,b,p){
let v,i,x,z,y,k;
if(o===undefined||o===null)o=${s.name(nothing2)};
${fields2.map((field) => fieldText(field, s)).join('\n')}
return p}`);
}
var nothing2 = Object.freeze({});
function writeBase64(b, at, text) {
  return writeBytes(b, at, Buffer4.from(text, 'base64'));
}
function fieldText(field, s) {
  if (field.inline) return `${messageText(field, s, 'o')}${tagText(field.tag)}`;
  const read = `v=o[${JSON.stringify(field.name)}];`;
  if (field.cardinality === 'list') return `${read}if(v)${listText(field, s)}`;
  if (field.cardinality === 'map') return `${read}if(v)${mapText(field, s)}`;
  const set = 'v!==undefined&&v!==null';
  const write = `${valueText3(field, s, 'v')}${tagText(field.tag)}`;
  const matters = field.late || (field.scalar === 'bytes' && field.presence === 'omitEmpty');
  if (!field.alwaysWritten) return `${read}if(${matters ? 'v' : set}){${write}}`;
  return field.codec ? `${read}${write}` : `${read}if(${set}){${write}}else{b[--p]=0;${tagText(field.tag)}}`;
}
function tagText(tag) {
  return tag < 128 ? `b[--p]=${tag};` : `b[--p]=${tag >> 7};b[--p]=${(tag & 127) | 128};`;
}
function valueText3(field, s, v) {
  switch (field.scalar) {
    case 'string':
      return `p=${s.name(writeString)}(b,p,${v});`;
    case 'bytes':
      return `p=${s.name(writeBase64)}(b,p,${v});`;
    case 'bool':
      return `b[--p]=${v}?1:0;`;
    case 'double':
    case 'float':
      return `p=${s.name(writeDouble)}(b,p,${v});`;
    case void 0:
      return messageText(field, s, v);
    default:
      return `p=${s.name(writeInteger)}(b,p,${v});`;
  }
}
function messageText(field, s, v) {
  return `z=p;p=${s.name(field.codec)}.encode(${v},b,p);p=${s.name(writeVarint)}(b,p,z-p);`;
}
function listText(field, s) {
  const zero = field.codec ? '' : `if(x===undefined||x===null)x=${zeroText2(field)};`;
  return `for(i=v.length-1;i>=0;i--){x=v[i];${zero}${valueText3(field, s, 'x')}${tagText(field.tag)}}`;
}
function mapText(field, s) {
  const zero = field.codec ? '' : `if(x===undefined||x===null)x=${zeroText2(field)};`;
  return `{k=${s.name(sortedKeys)}(v);for(i=k.length-1;i>=0;i--){x=v[k[i]];${zero}y=p;
${valueText3(field, s, 'x')}b[--p]=${16 + field.valueWireType};p=${s.name(writeString)}(b,p,k[i]);b[--p]=10;p=${s.name(writeVarint)}(b,p,y-p);${tagText(field.tag)}}}`;
}
function zeroText2(field) {
  if (field.scalar === 'bool') return 'false';
  return field.valueWireType === 2 ? "''" : '0';
}

// ../schema/src/codec/json-out.ts
import { Buffer as Buffer5 } from 'node:buffer';

// ../schema/src/json/format-json.ts
var special = /[<>&\u2028\u2029]/;
var everySpecial = /[<>&\u2028\u2029]/g;
var escapes = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};
function escapeLikeGo(json) {
  return special.test(json) ? json.replace(everySpecial, (char) => escapes[char] ?? char) : json;
}
function formatJsonString(text) {
  return escapeLikeGo(JSON.stringify(text));
}
function formatJson(value) {
  return escapeLikeGo(hasBigInt(value) ? formatExact(value) : (JSON.stringify(value) ?? 'null'));
}
function hasBigInt(value) {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasBigInt);
  for (const key2 in value) if (hasBigInt(value[key2])) return true;
  return false;
}
function formatExact(value) {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(formatExact).join(',')}]`;
  const members = Object.entries(value).filter(([, member]) => member !== void 0);
  return `{${members.map(([key2, member]) => `${JSON.stringify(key2)}:${formatExact(member)}`).join(',')}}`;
}

// ../schema/src/codec/json-out.ts
var plain = new Uint8Array(256);
for (let byte = 32; byte < 128; byte++) plain[byte] = '"\\<>&'.includes(String.fromCharCode(byte)) ? 0 : 1;
function putString(b, at, end, out, to) {
  let q = to;
  out[q++] = 34;
  for (let p = at; p < end; p++) {
    const byte = b[p];
    if (plain[byte] === 0) return putText(out, to, formatJsonString(b.toString('utf8', at, end)));
    out[q++] = byte;
  }
  out[q++] = 34;
  return q;
}
function putText(out, to, text) {
  const length = Buffer5.byteLength(text);
  if (to + length <= out.length) out.write(text, to, length);
  return to + length;
}
function putQuoted(out, to, text) {
  let q = to;
  out[q++] = 34;
  for (let i = 0; i < text.length; i++) out[q++] = text.charCodeAt(i);
  out[q++] = 34;
  return q;
}
function putRaw(b, at, end, out, to) {
  if (to + end - at <= out.length) b.copy(out, to, at, end);
  return to + end - at;
}
function putBase64(b, at, end, out, to) {
  return putText(out, to, `"${b.toString('base64', at, end)}"`);
}
function putNumber(out, to, value) {
  if (typeof value === 'number' && value >= 0 && value < 100 && Number.isInteger(value)) return putTwoDigits(out, to, value);
  const text = String(value);
  for (let i = 0; i < text.length; i++) out[to + i] = text.charCodeAt(i);
  return to + text.length;
}
function putTwoDigits(out, to, value) {
  if (value < 10) {
    out[to] = 48 + value;
    return to + 1;
  }
  const tens = (value / 10) | 0;
  out[to] = 48 + tens;
  out[to + 1] = 48 + value - tens * 10;
  return to + 2;
}
function putNull(out, to) {
  out[to] = 110;
  out[to + 1] = 117;
  out[to + 2] = 108;
  out[to + 3] = 108;
  return to + 4;
}
function putBool(out, to, value) {
  return putAscii(out, to, value ? 'true' : 'false');
}
function putAscii(out, to, text) {
  for (let i = 0; i < text.length; i++) out[to + i] = text.charCodeAt(i);
  return to + text.length;
}

// ../schema/src/codec/stamp.ts
var stamp = { pending: void 0 };

// ../schema/src/codec/compile-json.ts
function compileJson(layout) {
  const s = new Scope();
  const variables = layout.fields.map(({ index }) => `,a${index}=0`).join('');
  return s.compile(`function members(b,p,e,o,q){
let t,l,n,w=0,f,g,m${variables};
while(p<e){
${readTagText(s)}
switch(t){
${layout.fields.map((field) => positionText(field, s)).join('\n')}
default:p=${s.name(skipField)}(b,t,p,e)}
w=t}
if(p!==e)throw ${s.name(truncated)}();
${layout.fields.map((field) => memberText3(layout, field, s)).join('\n')}
return q}`);
}
function positionText(field, s) {
  const a = `a${field.index}`;
  const scattered = `throw new ${s.name(NotCanonical)}();`;
  const remember =
    field.cardinality !== 'one'
      ? `if(${a}===0)${a}=p;else if(w!==t)${scattered}`
      : field.codec || field.inline
        ? `if(${a}!==0)${scattered}${a}=p;`
        : `${a}=p;`;
  const packed = field.cardinality === 'list' && field.wireType === 0 ? `case ${field.number * 8 + 2}:${scattered}` : '';
  return `case ${field.tag}:${remember}${skipText(field, s)}break;${packed}`;
}
function skipText(field, s) {
  if (field.wireType === 2) return `${readLengthText(s)}p=n;`;
  return field.wireType === 1 ? 'p+=8;' : 'while(b[p++]>127);';
}
function constantText(text) {
  const bytes = Buffer.from(text);
  return `${[...bytes].map((byte, i) => `o[q${i === 0 ? '' : `+${i}`}]=${byte};`).join('')}q+=${bytes.length};`;
}
function memberText3(layout, field, s) {
  const a = `a${field.index}`;
  if (field.inline) return `if(${a}!==0){p=${a};${readLengthText(s)}q=${s.name(field.codec)}.members(b,p,n,o,q)}`;
  const name = constantText(`,${JSON.stringify(field.name)}:`);
  const absent = field.absentJson === void 0 ? absentObject(field, s) : constantText(field.absentJson);
  const otherwise = absent === void 0 ? '' : `else{${name}${absent}}`;
  const text = `if(${a}!==0){p=${a};${presentText3(field, s, name)}}${otherwise}`;
  return isObjectVersion(layout, field) ? stampedText(text, name, s) : text;
}
function absentObject(field, s) {
  if (!field.codec || field.cardinality !== 'one' || field.presence !== 'always') return void 0;
  return `q=${s.name(field.codec)}.json(b,0,0,o,q);`;
}
function isObjectVersion(layout, field) {
  return (layout.fullName === 'meta.v1.ObjectMeta' || layout.fullName === 'meta.v1.ListMeta') && field.name === 'resourceVersion';
}
function stampedText(text, name, s) {
  const pending = `${s.name(stamp)}.pending`;
  return `if(${pending}!==undefined){${name}q=${s.name(putAscii)}(o,q,'"'+${pending}+'"');${pending}=undefined}else{${text}}`;
}
function presentText3(field, s, name) {
  if (field.cardinality === 'list') return listText2(field, s, name);
  if (field.cardinality === 'map') return mapText2(field, s, name);
  const omits = field.presence === 'omitEmpty';
  const value = valueText4(field, s);
  switch (field.scalar) {
    case 'string':
    case 'bytes':
      return `${readLengthText(s)}${omits ? `if(p<n){${name}${value}}` : `${name}${value}`}`;
    case 'double':
    case 'float':
      return `l=${s.name(readDouble)}(b,p);${omits ? `if(l!==0){${name}${value}}` : `${name}${value}`}`;
    case void 0:
      return `${readLengthText(s)}${field.presence === 'omitZero' ? `if(p<n){${name}${value}}` : `${name}${value}`}`;
    default:
      return `${readIntegerText(field, s)}${omits ? `if(l!==0){${name}${value}}` : `${name}${value}`}`;
  }
}
function valueText4(field, s, end = 'n') {
  switch (field.scalar) {
    case 'string':
      return `q=${s.name(putString)}(b,p,${end},o,q);`;
    case 'bytes':
      return `q=${s.name(putBase64)}(b,p,${end},o,q);`;
    case 'bool':
      return `q=${s.name(putBool)}(o,q,l!==0);`;
    case void 0:
      return field.embeddedKind ? embeddedText2(field, s, end) : `q=${s.name(field.codec)}.json(b,p,${end},o,q);`;
    default:
      return `q=${s.name(putNumber)}(o,q,l);`;
  }
}
function embeddedText2(field, s, end) {
  const kind = JSON.stringify(field.embeddedKind).slice(0, -1);
  return `${constantText(kind)}q=${s.name(field.codec)}.members(b,p,${end},o,q);${constantText('}')}`;
}
function readValueText(field, s) {
  if (field.valueWireType === 2) return readLengthText(s);
  return field.valueWireType === 1 ? `l=${s.name(readDouble)}(b,p);p+=8;` : readIntegerText(field, s);
}
function listText2(field, s, name) {
  const next = field.valueWireType === 2 ? 'p=n;' : '';
  return `${name}${constantText('[')}for(;;){${readValueText(field, s)}${valueText4(field, s)}${next}
if(!(p<e&&${sameTagText(field.tag)}))break;p+=${field.tag < 128 ? 1 : 2};${constantText(',')}}${constantText(']')}`;
}
function sameTagText(tag) {
  return tag < 128 ? `b[p]===${tag}` : `b[p]===${(tag & 127) | 128}&&b[p+1]===${tag >> 7}`;
}
function mapText2(field, s, name) {
  return `${name}${constantText('{')}for(;;){${readLengthText(s)}f=n;${entryText(field, s)}p=f;
if(!(p<e&&${sameTagText(field.tag)}))break;p+=${field.tag < 128 ? 1 : 2};${constantText(',')}}${constantText('}')}`;
}
function entryText(field, s) {
  const valueTag = 16 + field.valueWireType;
  return `t=0;w=0;g=0;m=0;while(p<f){l=b[p++];
if(l===10){${boundedLength(s)}t=p;w=n;p=n}else if(l===${valueTag}){g=p;${field.valueWireType === 2 ? `${boundedLength(s)}p=n;` : `${s.name(readVarint)}(b,p);p=${s.name(cursor)}.at;`}}
else p=${s.name(skipField)}(b,l,p,f)}
if(p!==f)throw ${s.name(truncated)}();
q=${s.name(putString)}(b,t,w,o,q);${constantText(':')}
if(g!==0){p=g;${field.valueWireType === 2 ? boundedLength(s) : readIntegerText(field, s)}}else{p=n=l=0}
${valueText4(field, s)}`;
}
function boundedLength(s) {
  return readLengthText(s, { limit: 'f', end: 'n' });
}

// ../schema/src/codec/forms.ts
import { Buffer as Buffer6 } from 'node:buffer';

// ../schema/src/json/parse-exact-json.ts
var tokens = /[[\]{}:,]|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/gy;
var space = /[ \t\r\n]*/y;
var integer = /^-?\d{16,}$/;
var minInt64 = -(2n ** 63n);
var maxInt642 = 2n ** 63n - 1n;
function parseExactJson(text) {
  const parsed = JSON.parse(text);
  const big = bigIntegers(text);
  return big.size === 0 ? parsed : replaceNumbers(text, big);
}
function bigIntegers(text) {
  const found = /* @__PURE__ */ new Set();
  for (let at = 0; at < text.length; ) {
    const token = nextToken(text, at);
    if (isBig(token.text)) found.add(token.at);
    at = token.at + token.text.length;
    if (token.text === '') break;
  }
  return found;
}
function isBig(token) {
  if (!integer.test(token) || Number.isSafeInteger(Number(token))) return false;
  const value = BigInt(token);
  return value >= minInt64 && value <= maxInt642;
}
function nextToken(text, from) {
  space.lastIndex = from;
  space.test(text);
  const at = space.lastIndex;
  tokens.lastIndex = at;
  return { text: tokens.exec(text)?.[0] ?? '', at };
}
function replaceNumbers(text, positions) {
  let mark = '\0int64:';
  while (text.includes(JSON.stringify(mark).slice(1, -1))) mark += '\0';
  const escaped = JSON.stringify(mark).slice(1, -1);
  let marked = '';
  let copied = 0;
  for (const at of positions) {
    const { text: digits } = nextToken(text, at);
    marked += `${text.slice(copied, at)}"${escaped}${digits}"`;
    copied = at + digits.length;
  }
  marked += text.slice(copied);
  return JSON.parse(marked, (_key, value) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  );
}

// ../schema/src/json/parse-json.ts
var longNumber = /[0-9]{16}/;
function parseJson(text) {
  if (longNumber.test(text)) return parseExactJson(text);
  return JSON.parse(text);
}

// ../schema/src/codec/time-text.ts
var zeroTimeSeconds = -62135596800;
var maxRemembered = 1024;
var textOf = /* @__PURE__ */ new Map();
function timeText(seconds) {
  const known = textOf.get(seconds);
  if (known !== void 0) return known;
  const text = formatTime({ seconds });
  if (textOf.size >= maxRemembered) textOf.clear();
  textOf.set(seconds, text);
  return text;
}
var canonical = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
function timeSeconds(text) {
  if (canonical.test(text)) {
    const ms = Date.parse(text);
    if (!Number.isNaN(ms)) return ms / 1e3;
  }
  return parseTime(text).seconds;
}

// ../schema/src/codec/forms.ts
var Form = class {
  json(b, at, end, out, to) {
    const text = Buffer6.from(formatJson(this.decode(b, at, end)));
    return putRaw(text, 0, text.length, out, to);
  }
  members() {
    throw new Error('not an object');
  }
};
function wrongKind(value, goType) {
  const text = goType === 'int32' ? numberText(value) : '';
  return new DecodeError(`json: cannot unmarshal ${jsonKind(value)}${text} into Go value of type ${goType}`);
}
function rejected(error) {
  return new DecodeError(error instanceof Error ? error.message : String(error), { cause: error });
}
function readTimestamp(b, at, end) {
  let seconds = 0;
  let nanos = 0;
  for (let p = at; p < end; ) {
    const tag = readVarint(b, p);
    p = cursor.at;
    if (tag === 8) {
      seconds = Number(readInt64(b, p));
      p = cursor.at;
    } else if (tag === 16) {
      nanos = readInt32(b, p);
      p = cursor.at;
    } else {
      p = skipField(b, tag, p, end);
    }
  }
  return { seconds, nanos };
}
function writeTimestamp({ seconds, nanos }, b, at) {
  let p = writeInteger(b, at, nanos);
  b[--p] = 16;
  p = writeInteger(b, p, seconds);
  b[--p] = 8;
  return p;
}
var TimeForm = class extends Form {
  decode(b, at, end) {
    if (at === end) return null;
    const { seconds } = readTimestamp(b, at, end);
    return seconds === zeroTimeSeconds ? null : timeText(seconds);
  }
  json(b, at, end, out, to) {
    const text = this.decode(b, at, end);
    return text === null ? putNull(out, to) : putQuoted(out, to, text);
  }
  encode(value, b, at) {
    if (typeof value !== 'string') return at;
    const seconds = timeSeconds(value);
    return seconds === zeroTimeSeconds ? at : writeTimestamp({ seconds, nanos: 0 }, b, at);
  }
  canonical(value) {
    if (value === null) return null;
    if (typeof value !== 'string') throw wrongKind(value, 'string');
    try {
      const seconds = timeSeconds(value);
      return seconds === zeroTimeSeconds ? null : timeText(seconds);
    } catch (error) {
      throw rejected(error);
    }
  }
};
var MicroTimeForm = class extends Form {
  decode(b, at, end) {
    return at === end ? null : microText(readTimestamp(b, at, end));
  }
  encode(value, b, at) {
    if (typeof value !== 'string') return at;
    const time = parseMicroTime(value);
    return isZeroTime(time) ? at : writeTimestamp(time, b, at);
  }
  canonical(value) {
    if (value === null) return null;
    if (typeof value !== 'string') throw wrongKind(value, 'string');
    try {
      return microText(parseMicroTime(value));
    } catch (error) {
      throw rejected(error);
    }
  }
};
function isZeroTime({ seconds, nanos }) {
  return seconds === zeroTimeSeconds && nanos === 0;
}
function microText(time) {
  return isZeroTime(time) ? null : formatMicroTime(time);
}
var DurationForm = class extends Form {
  decode(b, at, end) {
    let nanos = 0n;
    for (let p = at; p < end; ) {
      const tag = readVarint(b, p);
      p = cursor.at;
      if (tag === 8) {
        nanos = BigInt(readInt64(b, p));
        p = cursor.at;
      } else {
        p = skipField(b, tag, p, end);
      }
    }
    return formatDuration(nanos);
  }
  encode(value, b, at) {
    const p = writeInteger(b, at, typeof value === 'string' ? parseDuration(value) : 0);
    b[p - 1] = 8;
    return p - 1;
  }
  canonical(value) {
    if (value === null) return '0s';
    if (typeof value !== 'string') throw wrongKind(value, 'string');
    try {
      return formatDuration(parseDuration(value));
    } catch (error) {
      throw rejected(error);
    }
  }
};
function soleString(b, at, end) {
  let text = '';
  for (let p = at; p < end; ) {
    const tag = readVarint(b, p);
    p = cursor.at;
    if (tag === 10) {
      const from = readLength(b, p, end);
      p = cursor.at;
      text = readString(b, from, p);
    } else {
      p = skipField(b, tag, p, end);
    }
  }
  return text;
}
var QuantityForm = class extends Form {
  decode(b, at, end) {
    return this.canonical(soleString(b, at, end) || '0');
  }
  json(b, at, end, out, to) {
    return putQuoted(out, to, this.decode(b, at, end));
  }
  encode(value, b, at) {
    const p = writeString(b, at, this.canonical(value ?? null));
    b[p - 1] = 10;
    return p - 1;
  }
  canonical(value) {
    if (value === null) return '0';
    try {
      return canonicalQuantity(typeof value === 'string' ? value.trim() : formatJson(value));
    } catch (error) {
      throw rejected(error);
    }
  }
};
var IntOrStringForm = class extends Form {
  decode(b, at, end) {
    let type = 0;
    let int = 0;
    let text = '';
    for (let p = at; p < end; ) {
      const tag = readVarint(b, p);
      p = cursor.at;
      if (tag === 8) type = readInt32(b, p);
      else if (tag === 16) int = readInt32(b, p);
      else if (tag === 26) {
        const from = readLength(b, p, end);
        text = readString(b, from, cursor.at);
      } else cursor.at = skipField(b, tag, p, end);
      p = cursor.at;
    }
    return type === 0 ? int : text;
  }
  encode(value, b, at) {
    const isText = typeof value === 'string';
    let p = writeString(b, at, isText ? value : '');
    b[--p] = 26;
    p = writeInteger(b, p, typeof value === 'number' ? value : 0);
    b[--p] = 16;
    b[--p] = isText ? 1 : 0;
    b[--p] = 8;
    return p;
  }
  canonical(value) {
    if (typeof value === 'string') return value;
    if (value === null) return 0;
    if (typeof value !== 'number' || (value | 0) !== value) throw wrongKind(value, 'int32');
    return value | 0;
  }
};
function soleBytes(b, at, end, wanted = 10) {
  let from = -1;
  let to = at;
  for (let p = at; p < end; ) {
    const tag = readVarint(b, p);
    if (tag === wanted) {
      from = readLength(b, cursor.at, end);
      to = cursor.at;
      p = to;
    } else {
      p = skipField(b, tag, cursor.at, end);
    }
  }
  cursor.at = to;
  return to > from ? from : -1;
}
var RawJsonForm = class extends Form {
  decode(b, at, end) {
    const from = soleBytes(b, at, end);
    return from < 0 ? null : parseJson(b.toString('utf8', from, cursor.at));
  }
  json(b, at, end, out, to) {
    const from = soleBytes(b, at, end);
    return from < 0 ? putNull(out, to) : putRaw(b, from, cursor.at, out, to);
  }
  encode(value, b, at) {
    if (value === void 0 || value === null) return at;
    const p = writeString(b, at, formatJson(value));
    b[p - 1] = 10;
    return p - 1;
  }
  canonical(value) {
    return value;
  }
};
var UnknownForm = class extends RawJsonForm {
  decode(b, at, end) {
    const from = soleBytes(b, at, end, 18);
    return from < 0 ? null : parseJson(b.toString('utf8', from, cursor.at));
  }
  json(b, at, end, out, to) {
    const from = soleBytes(b, at, end, 18);
    return from < 0 ? putNull(out, to) : putRaw(b, from, cursor.at, out, to);
  }
  encode(value, b, at) {
    let p = writeString(b, at, 'application/json');
    b[--p] = 34;
    b[--p] = 0;
    b[--p] = 26;
    if (value !== void 0 && value !== null) {
      p = writeBytes(b, p, Buffer6.from(formatJson(value)));
      b[--p] = 18;
    }
    b[--p] = 0;
    b[--p] = 10;
    return p;
  }
};
var StringListForm = class extends Form {
  decode(b, at, end) {
    const items = [];
    for (let p = at; p < end; ) {
      const tag = readVarint(b, p);
      if (tag === 10) {
        const from = readLength(b, cursor.at, end);
        p = cursor.at;
        items.push(readString(b, from, p));
      } else {
        p = skipField(b, tag, cursor.at, end);
      }
    }
    return items;
  }
  encode(value, b, at) {
    let p = at;
    if (!Array.isArray(value)) return p;
    for (let i = value.length - 1; i >= 0; i--) {
      p = writeString(b, p, value[i] ?? '');
      b[--p] = 10;
    }
    return p;
  }
  canonical(value) {
    if (value === null) return [];
    if (!Array.isArray(value)) throw wrongKind(value, '[]string');
    return value.map((item) => {
      if (item === null) return '';
      if (typeof item !== 'string') throw wrongKind(item, 'string');
      return item;
    });
  }
};
var InlineMapForm = class extends Form {
  decode(b, at, end) {
    const entries = [];
    for (let p = at; p < end; ) {
      const tag = readVarint(b, p);
      if (tag === 10) {
        const from = readLength(b, cursor.at, end);
        p = cursor.at;
        entries.push(this.#decodeEntry(b, from, p));
      } else {
        p = skipField(b, tag, cursor.at, end);
      }
    }
    return Object.fromEntries(entries);
  }
  #decodeEntry(b, at, end) {
    const key2 = soleString(b, at, end);
    const from = soleBytes(b, at, end, 18);
    return [key2, from < 0 ? {} : this.decode(b, from, cursor.at)];
  }
  encode(value, b, at) {
    let p = at;
    for (const [key2, member] of Object.entries(value ?? {}).sort(([a], [c]) => (a < c ? 1 : -1))) {
      const entryEnd = p;
      p = this.encode(member, b, p);
      p = writeInteger(b, p, entryEnd - p);
      b[--p] = 18;
      p = writeString(b, p, key2);
      b[--p] = 10;
      p = writeInteger(b, p, entryEnd - p);
      b[--p] = 10;
    }
    return p;
  }
  canonical(value) {
    return value ?? {};
  }
  json(b, at, end, out, to) {
    const entries = Buffer6.from(formatJson(this.decode(b, at, end)));
    return putRaw(entries, 0, entries.length, out, to);
  }
};
var SchemaUnionForm = class extends Form {
  #schema;
  #other;
  constructor(schema, other) {
    super();
    this.#schema = schema;
    this.#other = other;
  }
  get #schemaTag() {
    return this.#other === 'bool' ? 18 : 10;
  }
  decode(b, at, end) {
    let schema;
    let allows = false;
    const items = [];
    for (let p = at; p < end; ) {
      const tag = readVarint(b, p);
      p = cursor.at;
      if (this.#other === 'bool' && tag === 8) {
        allows = readVarint(b, p) !== 0;
        p = cursor.at;
      } else if (tag === 10 || tag === 18) {
        const from = readLength(b, p, end);
        p = cursor.at;
        if (tag === this.#schemaTag) schema = this.#schema.decode(b, from, p);
        else items.push(this.#other === 'strings' ? readString(b, from, p) : this.#schema.decode(b, from, p));
      } else {
        p = skipField(b, tag, p, end);
      }
    }
    if (this.#other === 'bool') return schema ?? allows;
    return items.length > 0 ? items : (schema ?? null);
  }
  encode(value, b, at) {
    if (Array.isArray(value)) return this.#encodeItems(value, b, at);
    const isSchema = typeof value === 'object' && value !== null;
    let p = at;
    if (isSchema) {
      p = this.#schema.encode(value, b, p);
      p = writeInteger(b, p, at - p);
      b[--p] = this.#schemaTag;
    }
    if (this.#other === 'bool') {
      b[--p] = isSchema || value === true ? 1 : 0;
      b[--p] = 8;
    }
    return p;
  }
  #encodeItems(items, b, at) {
    let p = at;
    for (let i = items.length - 1; i >= 0; i--) {
      const end = p;
      if (this.#other === 'strings') p = writeString(b, p, items[i] ?? '');
      else {
        p = this.#schema.encode(items[i], b, p);
        p = writeInteger(b, p, end - p);
      }
      b[--p] = 18;
    }
    return p;
  }
  canonical(value) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return this.#schema.canonical(value);
    if (this.#other === 'bool') {
      if (typeof value === 'boolean') return value;
      throw new DecodeError('boolean or JSON schema expected');
    }
    if (!Array.isArray(value) || value.length === 0) return null;
    return this.#other === 'strings' ? stringList.canonical(value) : value.map((item) => this.#schema.canonical(item ?? {}));
  }
};
var stringList = new StringListForm();
var rawJson = new RawJsonForm();
var plainForms = {
  time: new TimeForm(),
  microTime: new MicroTimeForm(),
  duration: new DurationForm(),
  quantity: new QuantityForm(),
  intOrString: new IntOrStringForm(),
  rawExtension: rawJson,
  fieldsV1: rawJson,
  json: rawJson,
  unknown: new UnknownForm(),
  stringList,
  inlineMap: new InlineMapForm(),
};
var schemaUnions = {
  jsonSchemaPropsOrBool: 'bool',
  jsonSchemaPropsOrArray: 'schemas',
  jsonSchemaPropsOrStringArray: 'strings',
};
var zeroJson = {
  time: 'null',
  microTime: 'null',
  duration: '"0s"',
  quantity: '"0"',
  intOrString: '0',
  rawExtension: 'null',
  fieldsV1: 'null',
  json: 'null',
  unknown: 'null',
  stringList: 'null',
  inlineMap: '{}',
  jsonSchemaPropsOrBool: 'false',
  jsonSchemaPropsOrArray: 'null',
  jsonSchemaPropsOrStringArray: 'null',
};

// ../schema/src/codec/layout.ts
function layoutOf(table, era) {
  return {
    fullName: table.fullName,
    isKind: table.apiVersions.length > 0,
    fields: fieldsOf(table, era).map((field, index) => fieldLayout(field, index, era)),
    members: membersOf(table, era).map((field, index) => fieldLayout(field, index, era)),
  };
}
function fieldsOf(table, era) {
  return era === 'gone' ? table.fields : table.fields.filter((field) => !field.removed);
}
function membersOf(table, era) {
  return fieldsOf(table, era).flatMap((field) =>
    field.inline && field.message !== void 0 ? membersOf(messageTable(field.message), era) : [field],
  );
}
function fieldLayout(field, index, era) {
  const form = field.message === void 0 ? void 0 : messageTable(field.message).form;
  const presence = field.presence === 'omitZero' && era === 'gone' ? 'always' : field.presence;
  const absentJson = absentText2(field, presence, form);
  return {
    ...field,
    presence,
    index,
    tag: field.number * 8 + (field.cardinality === 'map' ? 2 : wireTypeOf(field)),
    wireType: field.cardinality === 'map' ? 2 : wireTypeOf(field),
    valueWireType: wireTypeOf(field),
    ...(field.message !== void 0 && { codec: valueCodec(field.message, era) }),
    ...(form && { form }),
    alwaysWritten: isAlwaysWritten(field) && !(field.late && era === 'gone'),
    ...(absentJson !== void 0 && { absentJson }),
    ...(field.embeddedApiVersion !== void 0 && {
      embeddedKind: { kind: messageTable(field.message ?? '').name, apiVersion: field.embeddedApiVersion },
    }),
  };
}
function wireTypeOf({ scalar }) {
  if (scalar === 'double') return 1;
  return scalar === void 0 || scalar === 'string' || scalar === 'bytes' ? 2 : 0;
}
function isAlwaysWritten(field) {
  if (field.inline) return true;
  if (field.cardinality !== 'one' || field.scalar === 'bytes') return false;
  return field.presence !== 'pointer' && field.presence !== 'nullable';
}
var zeroScalar = { string: '""', bool: 'false', bytes: 'null' };
function absentText2(field, presence, form) {
  if (field.inline) return void 0;
  if (presence === 'nullable') return 'null';
  if (presence !== 'always') return void 0;
  if (field.cardinality !== 'one') return 'null';
  if (field.scalar !== void 0) return zeroScalar[field.scalar] ?? '0';
  return form === void 0 ? void 0 : zeroJson[form];
}

// ../schema/src/codec/message-codec.ts
var codecs = { current: /* @__PURE__ */ new Map(), gone: /* @__PURE__ */ new Map() };
function valueCodec(fullName, era) {
  const known = codecs[era].get(fullName);
  if (known) return known;
  const codec = newCodec(messageTable(fullName), era);
  codecs[era].set(fullName, codec);
  return codec;
}
function newCodec(table, era) {
  const { form } = table;
  if (form === void 0) return new MessageCodec(table, era);
  if (form in schemaUnions) {
    const schema = table.fields.find((field) => field.name === 'schema' || field.number === 1)?.message ?? schemaOf(table);
    return new SchemaUnionForm(valueCodec(schema, era), schemaUnions[form]);
  }
  return plainForms[form];
}
function schemaOf(table) {
  return `${table.fullName.slice(0, table.fullName.lastIndexOf('.'))}.JSONSchemaProps`;
}
var MessageCodec = class {
  decode;
  encode;
  members;
  canonical;
  #layout;
  constructor(table, era) {
    const layout = () => {
      this.#layout ??= layoutOf(table, era);
      return this.#layout;
    };
    this.decode = (b, at, end, into) => {
      this.decode = compileDecode(layout());
      return this.decode(b, at, end, into);
    };
    this.encode = (value, b, at) => {
      this.encode = compileEncode(layout());
      return this.encode(value, b, at);
    };
    this.members = (b, at, end, out, to) => {
      this.members = compileJson(layout());
      return this.members(b, at, end, out, to);
    };
    this.canonical = (value, into) => {
      this.canonical = compileCanonical(layout());
      return this.canonical(value, into);
    };
  }
  json(b, at, end, out, to) {
    const q = this.members(b, at, end, out, to);
    if (q === to) {
      out[to] = 123;
      out[to + 1] = 125;
      return to + 2;
    }
    out[to] = 123;
    out[q] = 125;
    return q + 1;
  }
};

// ../schema/src/codec/inspect.ts
function inspect(table, era, value, strict) {
  const inspector = new Inspector(era, strict);
  inspector.message(table, value, '', void 0);
  if (inspector.firstError) throw inspector.firstError;
}
var Inspector = class {
  /** Decoding goes on after a value of the wrong kind and reports the first of them at the end. */
  firstError;
  #era;
  #strict;
  constructor(era, strict) {
    this.#era = era;
    this.#strict = strict;
  }
  message(table, value, path2, context) {
    if (table.form !== void 0) this.#form(table, value);
    else if (typeof value !== 'object' || Array.isArray(value)) this.#wrong(value, table.goType, context);
    else if (value !== null) this.#object(table, value, path2, context);
  }
  #object(table, value, path2, context) {
    const members = memberFields(table, this.#era);
    for (const [key2, member] of Object.entries(value)) {
      const field = members.get(key2);
      const memberPath = path2 === '' ? key2 : `${path2}.${key2}`;
      if (field) this.#member(field, member, memberPath, { struct: table.name, fields: [...(context?.fields ?? []), key2] });
      else this.#strict?.add(`unknown field ${JSON.stringify(memberPath)}`);
    }
  }
  #member(field, value, path2, context) {
    if (value === null) return;
    if (field.cardinality === 'one') {
      this.#value(field, value, path2, context);
    } else if (Array.isArray(value) !== (field.cardinality === 'list') || typeof value !== 'object') {
      this.#wrong(value, goTypeOf(field), context);
    } else if (Array.isArray(value)) {
      value.forEach((item, i) => {
        this.#value(field, item, `${path2}[${i}]`, context);
      });
    } else {
      for (const [key2, item] of Object.entries(value)) this.#value(field, item, `${path2}.${key2}`, context);
    }
  }
  /** A value, a list's item or a map's value. */
  #value(field, value, path2, context) {
    if (field.message !== void 0) this.message(messageTable(field.message), value, path2, context);
    else if (value === null) return;
    else if (field.scalar === 'bytes' && typeof value === 'string') this.#bytes(value);
    else if (!fits(field.scalar ?? '', value)) this.#wrong(value, itemGoType(field), context);
  }
  /** Forms read themselves: their errors end decoding at once and name no field. */
  #form(table, value) {
    if (table.form?.startsWith('jsonSchema') && typeof value === 'object' && value !== null) {
      this.#schemaUnion(table, value);
      return;
    }
    try {
      valueCodec(table.fullName, this.#era).canonical(value);
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
    }
  }
  #schemaUnion(table, value) {
    const schema = messageTable(table.fields.find((field) => field.message !== void 0)?.message ?? '');
    for (const item of Array.isArray(value) ? value : []) {
      if (table.form === 'jsonSchemaPropsOrArray') inspect(schema, this.#era, item);
      else if (typeof item !== 'string') throw wrongKind2(item, 'string', void 0);
    }
    if (!Array.isArray(value)) inspect(schema, this.#era, value);
  }
  #bytes(value) {
    try {
      canonicalBase64(value);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.firstError ??= error;
    }
  }
  #wrong(value, goType, context) {
    this.firstError ??= wrongKind2(value, goType, context);
  }
};
function wrongKind2(value, goType, context) {
  const number = /^(?:u?int|float)\d/.test(goType) ? numberText(value) : '';
  const where = context ? `struct field ${context.struct}.${context.fields.join('.')}` : 'value';
  return new DecodeError(`json: cannot unmarshal ${jsonKind(value)}${number} into Go ${where} of type ${goType}`);
}
function memberFields(table, era) {
  const own = table.fields.filter((field) => era === 'gone' || !field.removed);
  const members = own.flatMap((field) =>
    field.inline && field.message !== void 0 ? [...memberFields(messageTable(field.message), era)] : [[field.name, field]],
  );
  return new Map(table.apiVersions.length > 0 ? [...typeMeta, ...members] : members);
}
var textField = {
  number: 0,
  cardinality: 'one',
  scalar: 'string',
  presence: 'omitEmpty',
  inline: false,
  required: false,
  removed: false,
  late: false,
  bareReference: false,
  listMapKeys: [],
  patchStrategy: [],
};
var typeMeta = ['apiVersion', 'kind'].map((name) => [name, { ...textField, name }]);
function fits(scalar, value) {
  switch (scalar) {
    case 'string':
    case 'bytes':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'int32':
      return typeof value === 'number' && (value | 0) === value;
    case 'double':
    case 'float':
      return typeof value === 'number' || typeof value === 'bigint';
    default:
      if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value;
      return Number.isInteger(value) && Math.abs(value) < 2 ** 63;
  }
}
var goScalars = { double: 'float64', float: 'float32', bytes: '[]uint8' };
function itemGoType(field) {
  const named = field.goType;
  if (named !== void 0 && field.cardinality === 'one') return named;
  if (named !== void 0 && field.cardinality === 'list' && named.startsWith('[]')) return named.slice(2);
  if (named !== void 0 && field.cardinality === 'map' && named.startsWith('map[')) return named.slice(named.indexOf(']') + 1);
  if (field.message !== void 0) return messageTable(field.message).goType;
  return goScalars[field.scalar ?? ''] ?? field.scalar ?? '';
}
function goTypeOf(field) {
  if (field.goType !== void 0) return field.goType;
  if (field.cardinality === 'list') return `[]${itemGoType(field)}`;
  return field.cardinality === 'map' ? `map[string]${itemGoType(field)}` : itemGoType(field);
}

// ../schema/src/codec/normalize.ts
import { Buffer as Buffer7 } from 'node:buffer';

function normalize(table, message) {
  const byNumber = /* @__PURE__ */ new Map();
  for (const part of partsOf(message)) {
    const number = Math.floor(part.tag / 8);
    const known = byNumber.get(number);
    if (known) known.push(part);
    else byNumber.set(number, [part]);
  }
  const fields2 = new Map(table.fields.map((field) => [field.number, field]));
  const ordered = [...byNumber].sort(([a], [b]) => a - b);
  return Buffer7.concat(ordered.flatMap(([number, parts]) => normalizeField(fields2.get(number), parts)));
}
function* partsOf(message) {
  for (let p = 0; p < message.length; ) {
    const start2 = p;
    const tag = readVarint(message, p);
    const at = cursor.at;
    let from = at;
    if ((tag & 7) === 2) {
      from = readLength(message, at, message.length);
      p = cursor.at;
    } else {
      p = skipField(message, tag, at, message.length);
    }
    yield { tag, bytes: message.subarray(start2, p), payload: message.subarray(from, p) };
  }
}
function normalizeField(field, parts) {
  if (!field) return [];
  const last = parts.at(-1);
  if (!last) return [];
  const { message } = field;
  const isPlainMessage = message !== void 0 && messageTable(message).form === void 0;
  if (!isPlainMessage || field.cardinality === 'map') {
    if (field.cardinality !== 'one') return parts.flatMap((part) => unpacked(field, part));
    return [last.bytes];
  }
  const table = messageTable(message);
  if (field.cardinality === 'list') return parts.map((part) => delimited(part.tag, normalize(table, part.payload)));
  return [delimited(last.tag, normalize(table, Buffer7.concat(parts.map((part) => part.payload))))];
}
function unpacked(field, part) {
  const isNumber = field.scalar !== void 0 && field.scalar !== 'string' && field.scalar !== 'bytes';
  if (!isNumber || (part.tag & 7) !== 2) return [part.bytes];
  const items = [];
  for (let p = 0; p < part.payload.length; p = cursor.at) {
    readVarint(part.payload, p);
    items.push(Buffer7.concat([varint(field.number * 8), part.payload.subarray(p, cursor.at)]));
  }
  return items;
}
function delimited(tag, payload) {
  return Buffer7.concat([varint(tag), varint(payload.length), payload]);
}
function varint(value) {
  const bytes = Buffer7.alloc(5);
  return bytes.subarray(writeVarint(bytes, 5, value));
}

// ../schema/src/codec/scratch.ts
import { Buffer as Buffer8 } from 'node:buffer';

var keptBytes = 512 * 1024;
var scratch = Buffer8.allocUnsafeSlow(keptBytes);
function readBackwards(write) {
  const start2 = write(scratch);
  if (start2 >= 0) return Buffer8.from(scratch.subarray(start2));
  return withLarger(scratch.length - start2, (larger) => larger.subarray(write(larger)));
}
function readForwards(write) {
  const end = write(scratch);
  if (end <= scratch.length) return Buffer8.from(scratch.subarray(0, end));
  return withLarger(end, (larger) => larger.subarray(0, write(larger)));
}
function withLarger(size, use) {
  return use(Buffer8.allocUnsafeSlow(size));
}

// ../schema/src/codec/codec.ts
var codecs2 = /* @__PURE__ */ new Map();
function codecOf(fullName) {
  let codec = codecs2.get(fullName);
  if (!codec) {
    codec = new BuiltInCodec(messageTable(fullName));
    codecs2.set(fullName, codec);
  }
  return codec;
}
var BuiltInCodec = class {
  #table;
  #era;
  #values;
  constructor(table) {
    this.#table = table;
    this.#era = table.gone ? 'gone' : 'current';
    this.#values = valueCodec(table.fullName, this.#era);
  }
  fromJson(value, strict) {
    unknownMembers.found = false;
    const canonical2 = this.#canonical(value);
    if (strict && unknownMembers.found) inspect(this.#table, this.#era, value, strict);
    return canonical2;
  }
  #canonical(value) {
    try {
      return this.#values.canonical(value);
    } catch (error) {
      if (isStackOverflow(error)) throw new DecodeError('exceeded max depth', { cause: error });
      if (!(error instanceof Mismatch) && !(error instanceof DecodeError)) throw error;
      inspect(this.#table, this.#era, value);
      throw error;
    }
  }
  encode(object) {
    return readBackwards((buffer) => this.#values.encode(object, buffer, buffer.length));
  }
  decode(message) {
    return this.#reading(message, (bytes) => this.#values.decode(bytes, 0, bytes.length));
  }
  toJson(message, resourceVersion) {
    return this.#reading(message, (bytes) =>
      readForwards((buffer) => {
        stamp.pending = resourceVersion;
        try {
          return this.#values.json(bytes, 0, bytes.length, buffer, 0);
        } finally {
          stamp.pending = void 0;
        }
      }),
    );
  }
  #reading(message, read) {
    const bytes = Buffer9.isBuffer(message) ? message : Buffer9.from(message.buffer, message.byteOffset, message.byteLength);
    try {
      return read(bytes);
    } catch (error) {
      if (error instanceof NotCanonical) return read(normalize(this.#table, bytes));
      throw error instanceof RangeError ? unreadable(error) : error;
    }
  }
};
function isStackOverflow(error) {
  return error instanceof RangeError && !('code' in error);
}
function unreadable(error) {
  return new DecodeError(isStackOverflow(error) ? 'exceeded max depth' : 'unexpected EOF', { cause: error });
}

// ../schema/src/gen/descriptions.ts
var descriptions = '{}';

// ../schema/src/table/description.ts
var byName;
function description(name) {
  byName ??= new Map(Object.entries(JSON.parse(descriptions)));
  return byName.get(name) ?? '';
}

// ../schema/src/table/type-schema.ts
var schemas = /* @__PURE__ */ new Map();
function typeSchema(fullName) {
  let schema = schemas.get(fullName);
  if (!schema) {
    schema = new MessageSchema(messageTable(fullName));
    schemas.set(fullName, schema);
  }
  return schema;
}
var MessageSchema = class {
  name;
  special;
  mapType;
  #table;
  #fields;
  constructor(table) {
    this.name = table.definition;
    if (table.form) this.special = table.form;
    if (table.atomic) this.mapType = 'atomic';
    this.#table = table;
  }
  get fields() {
    this.#fields ??= new Map([...flatten(this.#table)].map(([owner, field]) => [field.name, new MessageFieldSchema(owner, field)]));
    return this.#fields;
  }
  get description() {
    return description(this.#table.fullName);
  }
};
function* flatten(table) {
  if (table.form) return;
  for (const field of table.fields) {
    if (field.inline && field.message !== void 0) yield* flatten(messageTable(field.message));
    else if (!field.removed) yield [table, field];
  }
}
var MessageFieldSchema = class {
  name;
  cardinality;
  scalar;
  required;
  optional;
  default;
  enum;
  patchStrategy;
  patchMergeKey;
  listType;
  listMapKeys;
  mapType;
  #owner;
  #message;
  constructor(owner, field) {
    this.name = field.name;
    this.cardinality = field.cardinality;
    if (field.scalar) this.scalar = field.scalar;
    this.required = field.required;
    this.optional = field.presence === 'pointer' || field.presence === 'nullable';
    if (field.default !== void 0) this.default = field.default;
    if (field.enum) this.enum = field.enum;
    this.patchStrategy = new Set(field.patchStrategy);
    if (field.patchMergeKey) this.patchMergeKey = field.patchMergeKey;
    if (field.listType) this.listType = field.listType;
    this.listMapKeys = field.listMapKeys;
    if (field.mapType) this.mapType = field.mapType;
    this.#owner = owner;
    this.#message = field.message;
  }
  get message() {
    return this.#message === void 0 ? void 0 : typeSchema(this.#message);
  }
  get description() {
    return description(`${this.#owner.fullName}.${this.name}`);
  }
};

// ../schema/src/kinds/built-in-kind.ts
function builtInKind(apiVersion, fullName) {
  return new BuiltInKind(apiVersion, fullName);
}
function messageNameOf(kind) {
  if (!(kind instanceof BuiltInKind)) throw new Error(`${kind.kind} is not built in`);
  return kind.fullName;
}
function kindIn(kind, apiVersion) {
  return new BuiltInKind(apiVersion, messageNameOf(kind));
}
var BuiltInKind = class {
  group;
  version;
  kind;
  fullName;
  constructor(apiVersion, fullName) {
    const groupVersion = parseGroupVersion(apiVersion);
    if (!groupVersion) throw new Error(`not an apiVersion: ${apiVersion}`);
    this.group = groupVersion.group;
    this.version = groupVersion.version;
    this.kind = fullName.slice(fullName.lastIndexOf('.') + 1);
    this.fullName = fullName;
  }
  get type() {
    return typeSchema(this.fullName);
  }
  get codec() {
    return codecOf(this.fullName);
  }
};

// ../schema/src/gen/admission/v1.ts
var AdmissionReview = builtInKind('admission.k8s.io/v1', 'admission.v1.AdmissionReview');

// ../schema/src/gen/admission/v1beta1.ts
var AdmissionReview2 = builtInKind('admission.k8s.io/v1beta1', 'admission.v1beta1.AdmissionReview');

// ../schema/src/gen/admissionregistration/v1.ts
var MutatingWebhookConfiguration = builtInKind('admissionregistration.k8s.io/v1', 'admissionregistration.v1.MutatingWebhookConfiguration');
var MutatingWebhookConfigurationList = builtInKind(
  'admissionregistration.k8s.io/v1',
  'admissionregistration.v1.MutatingWebhookConfigurationList',
);
var ValidatingAdmissionPolicy = builtInKind('admissionregistration.k8s.io/v1', 'admissionregistration.v1.ValidatingAdmissionPolicy');
var ValidatingAdmissionPolicyBinding = builtInKind(
  'admissionregistration.k8s.io/v1',
  'admissionregistration.v1.ValidatingAdmissionPolicyBinding',
);
var ValidatingAdmissionPolicyBindingList = builtInKind(
  'admissionregistration.k8s.io/v1',
  'admissionregistration.v1.ValidatingAdmissionPolicyBindingList',
);
var ValidatingAdmissionPolicyList = builtInKind(
  'admissionregistration.k8s.io/v1',
  'admissionregistration.v1.ValidatingAdmissionPolicyList',
);
var ValidatingWebhookConfiguration = builtInKind(
  'admissionregistration.k8s.io/v1',
  'admissionregistration.v1.ValidatingWebhookConfiguration',
);
var ValidatingWebhookConfigurationList = builtInKind(
  'admissionregistration.k8s.io/v1',
  'admissionregistration.v1.ValidatingWebhookConfigurationList',
);

// ../schema/src/gen/admissionregistration/v1alpha1.ts
var InitializerConfiguration = builtInKind(
  'admissionregistration.k8s.io/v1alpha1',
  'admissionregistration.v1alpha1.InitializerConfiguration',
);
var InitializerConfigurationList = builtInKind(
  'admissionregistration.k8s.io/v1alpha1',
  'admissionregistration.v1alpha1.InitializerConfigurationList',
);
var MutatingAdmissionPolicy = builtInKind(
  'admissionregistration.k8s.io/v1alpha1',
  'admissionregistration.v1alpha1.MutatingAdmissionPolicy',
);
var MutatingAdmissionPolicyBinding = builtInKind(
  'admissionregistration.k8s.io/v1alpha1',
  'admissionregistration.v1alpha1.MutatingAdmissionPolicyBinding',
);
var MutatingAdmissionPolicyBindingList = builtInKind(
  'admissionregistration.k8s.io/v1alpha1',
  'admissionregistration.v1alpha1.MutatingAdmissionPolicyBindingList',
);
var MutatingAdmissionPolicyList = builtInKind(
  'admissionregistration.k8s.io/v1alpha1',
  'admissionregistration.v1alpha1.MutatingAdmissionPolicyList',
);
var ValidatingAdmissionPolicy2 = builtInKind(
  'admissionregistration.k8s.io/v1alpha1',
  'admissionregistration.v1alpha1.ValidatingAdmissionPolicy',
);
var ValidatingAdmissionPolicyBinding2 = builtInKind(
  'admissionregistration.k8s.io/v1alpha1',
  'admissionregistration.v1alpha1.ValidatingAdmissionPolicyBinding',
);
var ValidatingAdmissionPolicyBindingList2 = builtInKind(
  'admissionregistration.k8s.io/v1alpha1',
  'admissionregistration.v1alpha1.ValidatingAdmissionPolicyBindingList',
);
var ValidatingAdmissionPolicyList2 = builtInKind(
  'admissionregistration.k8s.io/v1alpha1',
  'admissionregistration.v1alpha1.ValidatingAdmissionPolicyList',
);

// ../schema/src/gen/admissionregistration/v1beta1.ts
var MutatingAdmissionPolicy2 = builtInKind('admissionregistration.k8s.io/v1beta1', 'admissionregistration.v1beta1.MutatingAdmissionPolicy');
var MutatingAdmissionPolicyBinding2 = builtInKind(
  'admissionregistration.k8s.io/v1beta1',
  'admissionregistration.v1beta1.MutatingAdmissionPolicyBinding',
);
var MutatingAdmissionPolicyBindingList2 = builtInKind(
  'admissionregistration.k8s.io/v1beta1',
  'admissionregistration.v1beta1.MutatingAdmissionPolicyBindingList',
);
var MutatingAdmissionPolicyList2 = builtInKind(
  'admissionregistration.k8s.io/v1beta1',
  'admissionregistration.v1beta1.MutatingAdmissionPolicyList',
);
var MutatingWebhookConfiguration2 = builtInKind(
  'admissionregistration.k8s.io/v1beta1',
  'admissionregistration.v1beta1.MutatingWebhookConfiguration',
);
var MutatingWebhookConfigurationList2 = builtInKind(
  'admissionregistration.k8s.io/v1beta1',
  'admissionregistration.v1beta1.MutatingWebhookConfigurationList',
);
var ValidatingAdmissionPolicy3 = builtInKind(
  'admissionregistration.k8s.io/v1beta1',
  'admissionregistration.v1beta1.ValidatingAdmissionPolicy',
);
var ValidatingAdmissionPolicyBinding3 = builtInKind(
  'admissionregistration.k8s.io/v1beta1',
  'admissionregistration.v1beta1.ValidatingAdmissionPolicyBinding',
);
var ValidatingAdmissionPolicyBindingList3 = builtInKind(
  'admissionregistration.k8s.io/v1beta1',
  'admissionregistration.v1beta1.ValidatingAdmissionPolicyBindingList',
);
var ValidatingAdmissionPolicyList3 = builtInKind(
  'admissionregistration.k8s.io/v1beta1',
  'admissionregistration.v1beta1.ValidatingAdmissionPolicyList',
);
var ValidatingWebhookConfiguration2 = builtInKind(
  'admissionregistration.k8s.io/v1beta1',
  'admissionregistration.v1beta1.ValidatingWebhookConfiguration',
);
var ValidatingWebhookConfigurationList2 = builtInKind(
  'admissionregistration.k8s.io/v1beta1',
  'admissionregistration.v1beta1.ValidatingWebhookConfigurationList',
);

// ../schema/src/gen/apidiscovery/v2.ts
var APIGroupDiscovery = builtInKind('apidiscovery.k8s.io/v2', 'apidiscovery.v2.APIGroupDiscovery');
var APIGroupDiscoveryList = builtInKind('apidiscovery.k8s.io/v2', 'apidiscovery.v2.APIGroupDiscoveryList');

// ../schema/src/gen/apidiscovery/v2beta1.ts
var APIGroupDiscovery2 = builtInKind('apidiscovery.k8s.io/v2beta1', 'apidiscovery.v2beta1.APIGroupDiscovery');
var APIGroupDiscoveryList2 = builtInKind('apidiscovery.k8s.io/v2beta1', 'apidiscovery.v2beta1.APIGroupDiscoveryList');

// ../schema/src/gen/apiextensions/v1.ts
var ConversionReview = builtInKind('apiextensions.k8s.io/v1', 'apiextensions.v1.ConversionReview');
var CustomResourceDefinition = builtInKind('apiextensions.k8s.io/v1', 'apiextensions.v1.CustomResourceDefinition');
var CustomResourceDefinitionList = builtInKind('apiextensions.k8s.io/v1', 'apiextensions.v1.CustomResourceDefinitionList');

// ../schema/src/gen/apiextensions/v1beta1.ts
var ConversionReview2 = builtInKind('apiextensions.k8s.io/v1beta1', 'apiextensions.v1beta1.ConversionReview');
var CustomResourceDefinition2 = builtInKind('apiextensions.k8s.io/v1beta1', 'apiextensions.v1beta1.CustomResourceDefinition');
var CustomResourceDefinitionList2 = builtInKind('apiextensions.k8s.io/v1beta1', 'apiextensions.v1beta1.CustomResourceDefinitionList');

// ../schema/src/gen/apiregistration/v1.ts
var APIService = builtInKind('apiregistration.k8s.io/v1', 'apiregistration.v1.APIService');
var APIServiceList = builtInKind('apiregistration.k8s.io/v1', 'apiregistration.v1.APIServiceList');

// ../schema/src/gen/apiregistration/v1beta1.ts
var APIService2 = builtInKind('apiregistration.k8s.io/v1beta1', 'apiregistration.v1beta1.APIService');
var APIServiceList2 = builtInKind('apiregistration.k8s.io/v1beta1', 'apiregistration.v1beta1.APIServiceList');

// ../schema/src/gen/apiserverinternal/v1alpha1.ts
var StorageVersion = builtInKind('internal.apiserver.k8s.io/v1alpha1', 'apiserverinternal.v1alpha1.StorageVersion');
var StorageVersionList = builtInKind('internal.apiserver.k8s.io/v1alpha1', 'apiserverinternal.v1alpha1.StorageVersionList');

// ../schema/src/gen/apps/v1.ts
var ControllerRevision = builtInKind('apps/v1', 'apps.v1.ControllerRevision');
var ControllerRevisionList = builtInKind('apps/v1', 'apps.v1.ControllerRevisionList');
var DaemonSet = builtInKind('apps/v1', 'apps.v1.DaemonSet');
var DaemonSetList = builtInKind('apps/v1', 'apps.v1.DaemonSetList');
var Deployment = builtInKind('apps/v1', 'apps.v1.Deployment');
var DeploymentList = builtInKind('apps/v1', 'apps.v1.DeploymentList');
var ReplicaSet = builtInKind('apps/v1', 'apps.v1.ReplicaSet');
var ReplicaSetList = builtInKind('apps/v1', 'apps.v1.ReplicaSetList');
var StatefulSet = builtInKind('apps/v1', 'apps.v1.StatefulSet');
var StatefulSetList = builtInKind('apps/v1', 'apps.v1.StatefulSetList');

// ../schema/src/gen/apps/v1beta1.ts
var ControllerRevision2 = builtInKind('apps/v1beta1', 'apps.v1beta1.ControllerRevision');
var ControllerRevisionList2 = builtInKind('apps/v1beta1', 'apps.v1beta1.ControllerRevisionList');
var Deployment2 = builtInKind('apps/v1beta1', 'apps.v1beta1.Deployment');
var DeploymentList2 = builtInKind('apps/v1beta1', 'apps.v1beta1.DeploymentList');
var DeploymentRollback = builtInKind('apps/v1beta1', 'apps.v1beta1.DeploymentRollback');
var Scale = builtInKind('apps/v1beta1', 'apps.v1beta1.Scale');
var StatefulSet2 = builtInKind('apps/v1beta1', 'apps.v1beta1.StatefulSet');
var StatefulSetList2 = builtInKind('apps/v1beta1', 'apps.v1beta1.StatefulSetList');

// ../schema/src/gen/apps/v1beta2.ts
var ControllerRevision3 = builtInKind('apps/v1beta2', 'apps.v1beta2.ControllerRevision');
var ControllerRevisionList3 = builtInKind('apps/v1beta2', 'apps.v1beta2.ControllerRevisionList');
var DaemonSet2 = builtInKind('apps/v1beta2', 'apps.v1beta2.DaemonSet');
var DaemonSetList2 = builtInKind('apps/v1beta2', 'apps.v1beta2.DaemonSetList');
var Deployment3 = builtInKind('apps/v1beta2', 'apps.v1beta2.Deployment');
var DeploymentList3 = builtInKind('apps/v1beta2', 'apps.v1beta2.DeploymentList');
var ReplicaSet2 = builtInKind('apps/v1beta2', 'apps.v1beta2.ReplicaSet');
var ReplicaSetList2 = builtInKind('apps/v1beta2', 'apps.v1beta2.ReplicaSetList');
var Scale2 = builtInKind('apps/v1beta2', 'apps.v1beta2.Scale');
var StatefulSet3 = builtInKind('apps/v1beta2', 'apps.v1beta2.StatefulSet');
var StatefulSetList3 = builtInKind('apps/v1beta2', 'apps.v1beta2.StatefulSetList');

// ../schema/src/gen/audit/v1.ts
var Event = builtInKind('audit.k8s.io/v1', 'audit.v1.Event');
var EventList = builtInKind('audit.k8s.io/v1', 'audit.v1.EventList');
var Policy = builtInKind('audit.k8s.io/v1', 'audit.v1.Policy');
var PolicyList = builtInKind('audit.k8s.io/v1', 'audit.v1.PolicyList');

// ../schema/src/gen/audit/v1alpha1.ts
var Event2 = builtInKind('audit.k8s.io/v1alpha1', 'audit.v1alpha1.Event');
var EventList2 = builtInKind('audit.k8s.io/v1alpha1', 'audit.v1alpha1.EventList');
var Policy2 = builtInKind('audit.k8s.io/v1alpha1', 'audit.v1alpha1.Policy');
var PolicyList2 = builtInKind('audit.k8s.io/v1alpha1', 'audit.v1alpha1.PolicyList');

// ../schema/src/gen/audit/v1beta1.ts
var Event3 = builtInKind('audit.k8s.io/v1beta1', 'audit.v1beta1.Event');
var EventList3 = builtInKind('audit.k8s.io/v1beta1', 'audit.v1beta1.EventList');
var Policy3 = builtInKind('audit.k8s.io/v1beta1', 'audit.v1beta1.Policy');
var PolicyList3 = builtInKind('audit.k8s.io/v1beta1', 'audit.v1beta1.PolicyList');

// ../schema/src/gen/auditregistration/v1alpha1.ts
var AuditSink = builtInKind('auditregistration.k8s.io/v1alpha1', 'auditregistration.v1alpha1.AuditSink');
var AuditSinkList = builtInKind('auditregistration.k8s.io/v1alpha1', 'auditregistration.v1alpha1.AuditSinkList');

// ../schema/src/gen/authentication/v1.ts
var SelfSubjectReview = builtInKind('authentication.k8s.io/v1', 'authentication.v1.SelfSubjectReview');
var TokenRequest = builtInKind('authentication.k8s.io/v1', 'authentication.v1.TokenRequest');
var TokenReview = builtInKind('authentication.k8s.io/v1', 'authentication.v1.TokenReview');

// ../schema/src/gen/authentication/v1alpha1.ts
var SelfSubjectReview2 = builtInKind('authentication.k8s.io/v1alpha1', 'authentication.v1alpha1.SelfSubjectReview');

// ../schema/src/gen/authentication/v1beta1.ts
var SelfSubjectReview3 = builtInKind('authentication.k8s.io/v1beta1', 'authentication.v1beta1.SelfSubjectReview');
var TokenReview2 = builtInKind('authentication.k8s.io/v1beta1', 'authentication.v1beta1.TokenReview');

// ../schema/src/gen/authorization/v1.ts
var LocalSubjectAccessReview = builtInKind('authorization.k8s.io/v1', 'authorization.v1.LocalSubjectAccessReview');
var SelfSubjectAccessReview = builtInKind('authorization.k8s.io/v1', 'authorization.v1.SelfSubjectAccessReview');
var SelfSubjectRulesReview = builtInKind('authorization.k8s.io/v1', 'authorization.v1.SelfSubjectRulesReview');
var SubjectAccessReview = builtInKind('authorization.k8s.io/v1', 'authorization.v1.SubjectAccessReview');

// ../schema/src/gen/authorization/v1beta1.ts
var LocalSubjectAccessReview2 = builtInKind('authorization.k8s.io/v1beta1', 'authorization.v1beta1.LocalSubjectAccessReview');
var SelfSubjectAccessReview2 = builtInKind('authorization.k8s.io/v1beta1', 'authorization.v1beta1.SelfSubjectAccessReview');
var SelfSubjectRulesReview2 = builtInKind('authorization.k8s.io/v1beta1', 'authorization.v1beta1.SelfSubjectRulesReview');
var SubjectAccessReview2 = builtInKind('authorization.k8s.io/v1beta1', 'authorization.v1beta1.SubjectAccessReview');

// ../schema/src/gen/autoscaling/v1.ts
var HorizontalPodAutoscaler = builtInKind('autoscaling/v1', 'autoscaling.v1.HorizontalPodAutoscaler');
var HorizontalPodAutoscalerList = builtInKind('autoscaling/v1', 'autoscaling.v1.HorizontalPodAutoscalerList');
var Scale3 = builtInKind('autoscaling/v1', 'autoscaling.v1.Scale');

// ../schema/src/gen/autoscaling/v2.ts
var HorizontalPodAutoscaler2 = builtInKind('autoscaling/v2', 'autoscaling.v2.HorizontalPodAutoscaler');
var HorizontalPodAutoscalerList2 = builtInKind('autoscaling/v2', 'autoscaling.v2.HorizontalPodAutoscalerList');

// ../schema/src/gen/autoscaling/v2beta1.ts
var HorizontalPodAutoscaler3 = builtInKind('autoscaling/v2beta1', 'autoscaling.v2beta1.HorizontalPodAutoscaler');
var HorizontalPodAutoscalerList3 = builtInKind('autoscaling/v2beta1', 'autoscaling.v2beta1.HorizontalPodAutoscalerList');

// ../schema/src/gen/autoscaling/v2beta2.ts
var HorizontalPodAutoscaler4 = builtInKind('autoscaling/v2beta2', 'autoscaling.v2beta2.HorizontalPodAutoscaler');
var HorizontalPodAutoscalerList4 = builtInKind('autoscaling/v2beta2', 'autoscaling.v2beta2.HorizontalPodAutoscalerList');

// ../schema/src/gen/batch/v1.ts
var CronJob = builtInKind('batch/v1', 'batch.v1.CronJob');
var CronJobList = builtInKind('batch/v1', 'batch.v1.CronJobList');
var Job = builtInKind('batch/v1', 'batch.v1.Job');
var JobList = builtInKind('batch/v1', 'batch.v1.JobList');

// ../schema/src/gen/batch/v1beta1.ts
var CronJob2 = builtInKind('batch/v1beta1', 'batch.v1beta1.CronJob');
var CronJobList2 = builtInKind('batch/v1beta1', 'batch.v1beta1.CronJobList');
var JobTemplate = builtInKind('batch/v1beta1', 'batch.v1beta1.JobTemplate');

// ../schema/src/gen/batch/v2alpha1.ts
var CronJob3 = builtInKind('batch/v2alpha1', 'batch.v2alpha1.CronJob');
var CronJobList3 = builtInKind('batch/v2alpha1', 'batch.v2alpha1.CronJobList');
var JobTemplate2 = builtInKind('batch/v2alpha1', 'batch.v2alpha1.JobTemplate');

// ../schema/src/gen/certificates/v1.ts
var CertificateSigningRequest = builtInKind('certificates.k8s.io/v1', 'certificates.v1.CertificateSigningRequest');
var CertificateSigningRequestList = builtInKind('certificates.k8s.io/v1', 'certificates.v1.CertificateSigningRequestList');

// ../schema/src/gen/certificates/v1alpha1.ts
var ClusterTrustBundle = builtInKind('certificates.k8s.io/v1alpha1', 'certificates.v1alpha1.ClusterTrustBundle');
var ClusterTrustBundleList = builtInKind('certificates.k8s.io/v1alpha1', 'certificates.v1alpha1.ClusterTrustBundleList');
var PodCertificateRequest = builtInKind('certificates.k8s.io/v1alpha1', 'certificates.v1alpha1.PodCertificateRequest');
var PodCertificateRequestList = builtInKind('certificates.k8s.io/v1alpha1', 'certificates.v1alpha1.PodCertificateRequestList');

// ../schema/src/gen/certificates/v1beta1.ts
var CertificateSigningRequest2 = builtInKind('certificates.k8s.io/v1beta1', 'certificates.v1beta1.CertificateSigningRequest');
var CertificateSigningRequestList2 = builtInKind('certificates.k8s.io/v1beta1', 'certificates.v1beta1.CertificateSigningRequestList');
var ClusterTrustBundle2 = builtInKind('certificates.k8s.io/v1beta1', 'certificates.v1beta1.ClusterTrustBundle');
var ClusterTrustBundleList2 = builtInKind('certificates.k8s.io/v1beta1', 'certificates.v1beta1.ClusterTrustBundleList');

// ../schema/src/gen/coordination/v1.ts
var Lease = builtInKind('coordination.k8s.io/v1', 'coordination.v1.Lease');
var LeaseList = builtInKind('coordination.k8s.io/v1', 'coordination.v1.LeaseList');

// ../schema/src/gen/coordination/v1alpha1.ts
var LeaseCandidate = builtInKind('coordination.k8s.io/v1alpha1', 'coordination.v1alpha1.LeaseCandidate');
var LeaseCandidateList = builtInKind('coordination.k8s.io/v1alpha1', 'coordination.v1alpha1.LeaseCandidateList');

// ../schema/src/gen/coordination/v1alpha2.ts
var LeaseCandidate2 = builtInKind('coordination.k8s.io/v1alpha2', 'coordination.v1alpha2.LeaseCandidate');
var LeaseCandidateList2 = builtInKind('coordination.k8s.io/v1alpha2', 'coordination.v1alpha2.LeaseCandidateList');

// ../schema/src/gen/coordination/v1beta1.ts
var Lease2 = builtInKind('coordination.k8s.io/v1beta1', 'coordination.v1beta1.Lease');
var LeaseCandidate3 = builtInKind('coordination.k8s.io/v1beta1', 'coordination.v1beta1.LeaseCandidate');
var LeaseCandidateList3 = builtInKind('coordination.k8s.io/v1beta1', 'coordination.v1beta1.LeaseCandidateList');
var LeaseList2 = builtInKind('coordination.k8s.io/v1beta1', 'coordination.v1beta1.LeaseList');

// ../schema/src/gen/core/v1.ts
var Binding = builtInKind('v1', 'core.v1.Binding');
var ComponentStatus = builtInKind('v1', 'core.v1.ComponentStatus');
var ComponentStatusList = builtInKind('v1', 'core.v1.ComponentStatusList');
var ConfigMap = builtInKind('v1', 'core.v1.ConfigMap');
var ConfigMapList = builtInKind('v1', 'core.v1.ConfigMapList');
var Endpoints = builtInKind('v1', 'core.v1.Endpoints');
var EndpointsList = builtInKind('v1', 'core.v1.EndpointsList');
var EphemeralContainers = builtInKind('v1', 'core.v1.EphemeralContainers');
var Event4 = builtInKind('v1', 'core.v1.Event');
var EventList4 = builtInKind('v1', 'core.v1.EventList');
var LimitRange = builtInKind('v1', 'core.v1.LimitRange');
var LimitRangeList = builtInKind('v1', 'core.v1.LimitRangeList');
var List = builtInKind('v1', 'core.v1.List');
var Namespace = builtInKind('v1', 'core.v1.Namespace');
var NamespaceList = builtInKind('v1', 'core.v1.NamespaceList');
var Node = builtInKind('v1', 'core.v1.Node');
var NodeList = builtInKind('v1', 'core.v1.NodeList');
var NodeProxyOptions = builtInKind('v1', 'core.v1.NodeProxyOptions');
var PersistentVolume = builtInKind('v1', 'core.v1.PersistentVolume');
var PersistentVolumeClaim = builtInKind('v1', 'core.v1.PersistentVolumeClaim');
var PersistentVolumeClaimList = builtInKind('v1', 'core.v1.PersistentVolumeClaimList');
var PersistentVolumeList = builtInKind('v1', 'core.v1.PersistentVolumeList');
var Pod = builtInKind('v1', 'core.v1.Pod');
var PodAttachOptions = builtInKind('v1', 'core.v1.PodAttachOptions');
var PodExecOptions = builtInKind('v1', 'core.v1.PodExecOptions');
var PodList = builtInKind('v1', 'core.v1.PodList');
var PodLogOptions = builtInKind('v1', 'core.v1.PodLogOptions');
var PodPortForwardOptions = builtInKind('v1', 'core.v1.PodPortForwardOptions');
var PodProxyOptions = builtInKind('v1', 'core.v1.PodProxyOptions');
var PodStatusResult = builtInKind('v1', 'core.v1.PodStatusResult');
var PodTemplate = builtInKind('v1', 'core.v1.PodTemplate');
var PodTemplateList = builtInKind('v1', 'core.v1.PodTemplateList');
var RangeAllocation = builtInKind('v1', 'core.v1.RangeAllocation');
var ReplicationController = builtInKind('v1', 'core.v1.ReplicationController');
var ReplicationControllerList = builtInKind('v1', 'core.v1.ReplicationControllerList');
var ResourceQuota = builtInKind('v1', 'core.v1.ResourceQuota');
var ResourceQuotaList = builtInKind('v1', 'core.v1.ResourceQuotaList');
var Secret = builtInKind('v1', 'core.v1.Secret');
var SecretList = builtInKind('v1', 'core.v1.SecretList');
var SerializedReference = builtInKind('v1', 'core.v1.SerializedReference');
var Service = builtInKind('v1', 'core.v1.Service');
var ServiceAccount = builtInKind('v1', 'core.v1.ServiceAccount');
var ServiceAccountList = builtInKind('v1', 'core.v1.ServiceAccountList');
var ServiceList = builtInKind('v1', 'core.v1.ServiceList');
var ServiceProxyOptions = builtInKind('v1', 'core.v1.ServiceProxyOptions');

// ../schema/src/gen/discovery/v1.ts
var EndpointSlice = builtInKind('discovery.k8s.io/v1', 'discovery.v1.EndpointSlice');
var EndpointSliceList = builtInKind('discovery.k8s.io/v1', 'discovery.v1.EndpointSliceList');

// ../schema/src/gen/discovery/v1alpha1.ts
var EndpointSlice2 = builtInKind('discovery.k8s.io/v1alpha1', 'discovery.v1alpha1.EndpointSlice');
var EndpointSliceList2 = builtInKind('discovery.k8s.io/v1alpha1', 'discovery.v1alpha1.EndpointSliceList');

// ../schema/src/gen/discovery/v1beta1.ts
var EndpointSlice3 = builtInKind('discovery.k8s.io/v1beta1', 'discovery.v1beta1.EndpointSlice');
var EndpointSliceList3 = builtInKind('discovery.k8s.io/v1beta1', 'discovery.v1beta1.EndpointSliceList');

// ../schema/src/gen/events/v1.ts
var Event5 = builtInKind('events.k8s.io/v1', 'events.v1.Event');
var EventList5 = builtInKind('events.k8s.io/v1', 'events.v1.EventList');

// ../schema/src/gen/events/v1beta1.ts
var Event6 = builtInKind('events.k8s.io/v1beta1', 'events.v1beta1.Event');
var EventList6 = builtInKind('events.k8s.io/v1beta1', 'events.v1beta1.EventList');

// ../schema/src/gen/extensions/v1beta1.ts
var DaemonSet3 = builtInKind('extensions/v1beta1', 'extensions.v1beta1.DaemonSet');
var DaemonSetList3 = builtInKind('extensions/v1beta1', 'extensions.v1beta1.DaemonSetList');
var Deployment4 = builtInKind('extensions/v1beta1', 'extensions.v1beta1.Deployment');
var DeploymentList4 = builtInKind('extensions/v1beta1', 'extensions.v1beta1.DeploymentList');
var DeploymentRollback2 = builtInKind('extensions/v1beta1', 'extensions.v1beta1.DeploymentRollback');
var Ingress = builtInKind('extensions/v1beta1', 'extensions.v1beta1.Ingress');
var IngressList = builtInKind('extensions/v1beta1', 'extensions.v1beta1.IngressList');
var NetworkPolicy = builtInKind('extensions/v1beta1', 'extensions.v1beta1.NetworkPolicy');
var NetworkPolicyList = builtInKind('extensions/v1beta1', 'extensions.v1beta1.NetworkPolicyList');
var PodSecurityPolicy = builtInKind('extensions/v1beta1', 'extensions.v1beta1.PodSecurityPolicy');
var PodSecurityPolicyList = builtInKind('extensions/v1beta1', 'extensions.v1beta1.PodSecurityPolicyList');
var ReplicaSet3 = builtInKind('extensions/v1beta1', 'extensions.v1beta1.ReplicaSet');
var ReplicaSetList3 = builtInKind('extensions/v1beta1', 'extensions.v1beta1.ReplicaSetList');
var Scale4 = builtInKind('extensions/v1beta1', 'extensions.v1beta1.Scale');

// ../schema/src/gen/flowcontrol/v1.ts
var FlowSchema = builtInKind('flowcontrol.apiserver.k8s.io/v1', 'flowcontrol.v1.FlowSchema');
var FlowSchemaList = builtInKind('flowcontrol.apiserver.k8s.io/v1', 'flowcontrol.v1.FlowSchemaList');
var PriorityLevelConfiguration = builtInKind('flowcontrol.apiserver.k8s.io/v1', 'flowcontrol.v1.PriorityLevelConfiguration');
var PriorityLevelConfigurationList = builtInKind('flowcontrol.apiserver.k8s.io/v1', 'flowcontrol.v1.PriorityLevelConfigurationList');

// ../schema/src/gen/flowcontrol/v1alpha1.ts
var FlowSchema2 = builtInKind('flowcontrol.apiserver.k8s.io/v1alpha1', 'flowcontrol.v1alpha1.FlowSchema');
var FlowSchemaList2 = builtInKind('flowcontrol.apiserver.k8s.io/v1alpha1', 'flowcontrol.v1alpha1.FlowSchemaList');
var PriorityLevelConfiguration2 = builtInKind('flowcontrol.apiserver.k8s.io/v1alpha1', 'flowcontrol.v1alpha1.PriorityLevelConfiguration');
var PriorityLevelConfigurationList2 = builtInKind(
  'flowcontrol.apiserver.k8s.io/v1alpha1',
  'flowcontrol.v1alpha1.PriorityLevelConfigurationList',
);

// ../schema/src/gen/flowcontrol/v1beta1.ts
var FlowSchema3 = builtInKind('flowcontrol.apiserver.k8s.io/v1beta1', 'flowcontrol.v1beta1.FlowSchema');
var FlowSchemaList3 = builtInKind('flowcontrol.apiserver.k8s.io/v1beta1', 'flowcontrol.v1beta1.FlowSchemaList');
var PriorityLevelConfiguration3 = builtInKind('flowcontrol.apiserver.k8s.io/v1beta1', 'flowcontrol.v1beta1.PriorityLevelConfiguration');
var PriorityLevelConfigurationList3 = builtInKind(
  'flowcontrol.apiserver.k8s.io/v1beta1',
  'flowcontrol.v1beta1.PriorityLevelConfigurationList',
);

// ../schema/src/gen/flowcontrol/v1beta2.ts
var FlowSchema4 = builtInKind('flowcontrol.apiserver.k8s.io/v1beta2', 'flowcontrol.v1beta2.FlowSchema');
var FlowSchemaList4 = builtInKind('flowcontrol.apiserver.k8s.io/v1beta2', 'flowcontrol.v1beta2.FlowSchemaList');
var PriorityLevelConfiguration4 = builtInKind('flowcontrol.apiserver.k8s.io/v1beta2', 'flowcontrol.v1beta2.PriorityLevelConfiguration');
var PriorityLevelConfigurationList4 = builtInKind(
  'flowcontrol.apiserver.k8s.io/v1beta2',
  'flowcontrol.v1beta2.PriorityLevelConfigurationList',
);

// ../schema/src/gen/flowcontrol/v1beta3.ts
var FlowSchema5 = builtInKind('flowcontrol.apiserver.k8s.io/v1beta3', 'flowcontrol.v1beta3.FlowSchema');
var FlowSchemaList5 = builtInKind('flowcontrol.apiserver.k8s.io/v1beta3', 'flowcontrol.v1beta3.FlowSchemaList');
var PriorityLevelConfiguration5 = builtInKind('flowcontrol.apiserver.k8s.io/v1beta3', 'flowcontrol.v1beta3.PriorityLevelConfiguration');
var PriorityLevelConfigurationList5 = builtInKind(
  'flowcontrol.apiserver.k8s.io/v1beta3',
  'flowcontrol.v1beta3.PriorityLevelConfigurationList',
);

// ../schema/src/gen/imagepolicy/v1alpha1.ts
var ImageReview = builtInKind('imagepolicy.k8s.io/v1alpha1', 'imagepolicy.v1alpha1.ImageReview');

// ../schema/src/gen/meta/v1.ts
var APIGroup = builtInKind('v1', 'meta.v1.APIGroup');
var APIGroupList = builtInKind('v1', 'meta.v1.APIGroupList');
var APIResourceList = builtInKind('v1', 'meta.v1.APIResourceList');
var APIVersions = builtInKind('v1', 'meta.v1.APIVersions');
var CreateOptions = builtInKind('meta.k8s.io/v1', 'meta.v1.CreateOptions');
var DeleteOptions = builtInKind('meta.k8s.io/v1', 'meta.v1.DeleteOptions');
var ExportOptions = builtInKind('v1', 'meta.v1.ExportOptions');
var GetOptions = builtInKind('meta.k8s.io/v1', 'meta.v1.GetOptions');
var ListOptions = builtInKind('meta.k8s.io/v1', 'meta.v1.ListOptions');
var PartialObjectMetadata = builtInKind('meta.k8s.io/v1', 'meta.v1.PartialObjectMetadata');
var PartialObjectMetadataList = builtInKind('meta.k8s.io/v1', 'meta.v1.PartialObjectMetadataList');
var PatchOptions = builtInKind('meta.k8s.io/v1', 'meta.v1.PatchOptions');
var Status = builtInKind('v1', 'meta.v1.Status');
var TableOptions = builtInKind('meta.k8s.io/v1', 'meta.v1.TableOptions');
var UpdateOptions = builtInKind('meta.k8s.io/v1', 'meta.v1.UpdateOptions');
var WatchEvent = builtInKind('meta.k8s.io/v1', 'meta.v1.WatchEvent');

// ../schema/src/gen/meta/v1beta1.ts
var PartialObjectMetadata2 = builtInKind('meta.k8s.io/v1beta1', 'meta.v1beta1.PartialObjectMetadata');
var PartialObjectMetadataList2 = builtInKind('meta.k8s.io/v1beta1', 'meta.v1beta1.PartialObjectMetadataList');
var TableOptions2 = builtInKind('meta.k8s.io/v1beta1', 'meta.v1beta1.TableOptions');

// ../schema/src/gen/networking/v1.ts
var IPAddress = builtInKind('networking.k8s.io/v1', 'networking.v1.IPAddress');
var IPAddressList = builtInKind('networking.k8s.io/v1', 'networking.v1.IPAddressList');
var Ingress2 = builtInKind('networking.k8s.io/v1', 'networking.v1.Ingress');
var IngressClass = builtInKind('networking.k8s.io/v1', 'networking.v1.IngressClass');
var IngressClassList = builtInKind('networking.k8s.io/v1', 'networking.v1.IngressClassList');
var IngressList2 = builtInKind('networking.k8s.io/v1', 'networking.v1.IngressList');
var NetworkPolicy2 = builtInKind('networking.k8s.io/v1', 'networking.v1.NetworkPolicy');
var NetworkPolicyList2 = builtInKind('networking.k8s.io/v1', 'networking.v1.NetworkPolicyList');
var ServiceCIDR = builtInKind('networking.k8s.io/v1', 'networking.v1.ServiceCIDR');
var ServiceCIDRList = builtInKind('networking.k8s.io/v1', 'networking.v1.ServiceCIDRList');

// ../schema/src/gen/networking/v1alpha1.ts
var ClusterCIDR = builtInKind('networking.k8s.io/v1alpha1', 'networking.v1alpha1.ClusterCIDR');
var ClusterCIDRList = builtInKind('networking.k8s.io/v1alpha1', 'networking.v1alpha1.ClusterCIDRList');
var IPAddress2 = builtInKind('networking.k8s.io/v1alpha1', 'networking.v1alpha1.IPAddress');
var IPAddressList2 = builtInKind('networking.k8s.io/v1alpha1', 'networking.v1alpha1.IPAddressList');
var ServiceCIDR2 = builtInKind('networking.k8s.io/v1alpha1', 'networking.v1alpha1.ServiceCIDR');
var ServiceCIDRList2 = builtInKind('networking.k8s.io/v1alpha1', 'networking.v1alpha1.ServiceCIDRList');

// ../schema/src/gen/networking/v1beta1.ts
var IPAddress3 = builtInKind('networking.k8s.io/v1beta1', 'networking.v1beta1.IPAddress');
var IPAddressList3 = builtInKind('networking.k8s.io/v1beta1', 'networking.v1beta1.IPAddressList');
var Ingress3 = builtInKind('networking.k8s.io/v1beta1', 'networking.v1beta1.Ingress');
var IngressClass2 = builtInKind('networking.k8s.io/v1beta1', 'networking.v1beta1.IngressClass');
var IngressClassList2 = builtInKind('networking.k8s.io/v1beta1', 'networking.v1beta1.IngressClassList');
var IngressList3 = builtInKind('networking.k8s.io/v1beta1', 'networking.v1beta1.IngressList');
var ServiceCIDR3 = builtInKind('networking.k8s.io/v1beta1', 'networking.v1beta1.ServiceCIDR');
var ServiceCIDRList3 = builtInKind('networking.k8s.io/v1beta1', 'networking.v1beta1.ServiceCIDRList');

// ../schema/src/gen/node/v1.ts
var RuntimeClass = builtInKind('node.k8s.io/v1', 'node.v1.RuntimeClass');
var RuntimeClassList = builtInKind('node.k8s.io/v1', 'node.v1.RuntimeClassList');

// ../schema/src/gen/node/v1alpha1.ts
var RuntimeClass2 = builtInKind('node.k8s.io/v1alpha1', 'node.v1alpha1.RuntimeClass');
var RuntimeClassList2 = builtInKind('node.k8s.io/v1alpha1', 'node.v1alpha1.RuntimeClassList');

// ../schema/src/gen/node/v1beta1.ts
var RuntimeClass3 = builtInKind('node.k8s.io/v1beta1', 'node.v1beta1.RuntimeClass');
var RuntimeClassList3 = builtInKind('node.k8s.io/v1beta1', 'node.v1beta1.RuntimeClassList');

// ../schema/src/gen/policy/v1.ts
var Eviction = builtInKind('policy/v1', 'policy.v1.Eviction');
var PodDisruptionBudget = builtInKind('policy/v1', 'policy.v1.PodDisruptionBudget');
var PodDisruptionBudgetList = builtInKind('policy/v1', 'policy.v1.PodDisruptionBudgetList');

// ../schema/src/gen/policy/v1beta1.ts
var Eviction2 = builtInKind('policy/v1beta1', 'policy.v1beta1.Eviction');
var PodDisruptionBudget2 = builtInKind('policy/v1beta1', 'policy.v1beta1.PodDisruptionBudget');
var PodDisruptionBudgetList2 = builtInKind('policy/v1beta1', 'policy.v1beta1.PodDisruptionBudgetList');
var PodSecurityPolicy2 = builtInKind('policy/v1beta1', 'policy.v1beta1.PodSecurityPolicy');
var PodSecurityPolicyList2 = builtInKind('policy/v1beta1', 'policy.v1beta1.PodSecurityPolicyList');

// ../schema/src/gen/rbac/v1.ts
var ClusterRole = builtInKind('rbac.authorization.k8s.io/v1', 'rbac.v1.ClusterRole');
var ClusterRoleBinding = builtInKind('rbac.authorization.k8s.io/v1', 'rbac.v1.ClusterRoleBinding');
var ClusterRoleBindingList = builtInKind('rbac.authorization.k8s.io/v1', 'rbac.v1.ClusterRoleBindingList');
var ClusterRoleList = builtInKind('rbac.authorization.k8s.io/v1', 'rbac.v1.ClusterRoleList');
var Role = builtInKind('rbac.authorization.k8s.io/v1', 'rbac.v1.Role');
var RoleBinding = builtInKind('rbac.authorization.k8s.io/v1', 'rbac.v1.RoleBinding');
var RoleBindingList = builtInKind('rbac.authorization.k8s.io/v1', 'rbac.v1.RoleBindingList');
var RoleList = builtInKind('rbac.authorization.k8s.io/v1', 'rbac.v1.RoleList');

// ../schema/src/gen/rbac/v1alpha1.ts
var ClusterRole2 = builtInKind('rbac.authorization.k8s.io/v1alpha1', 'rbac.v1alpha1.ClusterRole');
var ClusterRoleBinding2 = builtInKind('rbac.authorization.k8s.io/v1alpha1', 'rbac.v1alpha1.ClusterRoleBinding');
var ClusterRoleBindingList2 = builtInKind('rbac.authorization.k8s.io/v1alpha1', 'rbac.v1alpha1.ClusterRoleBindingList');
var ClusterRoleList2 = builtInKind('rbac.authorization.k8s.io/v1alpha1', 'rbac.v1alpha1.ClusterRoleList');
var Role2 = builtInKind('rbac.authorization.k8s.io/v1alpha1', 'rbac.v1alpha1.Role');
var RoleBinding2 = builtInKind('rbac.authorization.k8s.io/v1alpha1', 'rbac.v1alpha1.RoleBinding');
var RoleBindingList2 = builtInKind('rbac.authorization.k8s.io/v1alpha1', 'rbac.v1alpha1.RoleBindingList');
var RoleList2 = builtInKind('rbac.authorization.k8s.io/v1alpha1', 'rbac.v1alpha1.RoleList');

// ../schema/src/gen/rbac/v1beta1.ts
var ClusterRole3 = builtInKind('rbac.authorization.k8s.io/v1beta1', 'rbac.v1beta1.ClusterRole');
var ClusterRoleBinding3 = builtInKind('rbac.authorization.k8s.io/v1beta1', 'rbac.v1beta1.ClusterRoleBinding');
var ClusterRoleBindingList3 = builtInKind('rbac.authorization.k8s.io/v1beta1', 'rbac.v1beta1.ClusterRoleBindingList');
var ClusterRoleList3 = builtInKind('rbac.authorization.k8s.io/v1beta1', 'rbac.v1beta1.ClusterRoleList');
var Role3 = builtInKind('rbac.authorization.k8s.io/v1beta1', 'rbac.v1beta1.Role');
var RoleBinding3 = builtInKind('rbac.authorization.k8s.io/v1beta1', 'rbac.v1beta1.RoleBinding');
var RoleBindingList3 = builtInKind('rbac.authorization.k8s.io/v1beta1', 'rbac.v1beta1.RoleBindingList');
var RoleList3 = builtInKind('rbac.authorization.k8s.io/v1beta1', 'rbac.v1beta1.RoleList');

// ../schema/src/gen/resource/v1.ts
var DeviceClass = builtInKind('resource.k8s.io/v1', 'resource.v1.DeviceClass');
var DeviceClassList = builtInKind('resource.k8s.io/v1', 'resource.v1.DeviceClassList');
var ResourceClaim = builtInKind('resource.k8s.io/v1', 'resource.v1.ResourceClaim');
var ResourceClaimList = builtInKind('resource.k8s.io/v1', 'resource.v1.ResourceClaimList');
var ResourceClaimTemplate = builtInKind('resource.k8s.io/v1', 'resource.v1.ResourceClaimTemplate');
var ResourceClaimTemplateList = builtInKind('resource.k8s.io/v1', 'resource.v1.ResourceClaimTemplateList');
var ResourceSlice = builtInKind('resource.k8s.io/v1', 'resource.v1.ResourceSlice');
var ResourceSliceList = builtInKind('resource.k8s.io/v1', 'resource.v1.ResourceSliceList');

// ../schema/src/gen/resource/v1alpha1.ts
var PodScheduling = builtInKind('resource.k8s.io/v1alpha1', 'resource.v1alpha1.PodScheduling');
var PodSchedulingList = builtInKind('resource.k8s.io/v1alpha1', 'resource.v1alpha1.PodSchedulingList');
var ResourceClaim2 = builtInKind('resource.k8s.io/v1alpha1', 'resource.v1alpha1.ResourceClaim');
var ResourceClaimList2 = builtInKind('resource.k8s.io/v1alpha1', 'resource.v1alpha1.ResourceClaimList');
var ResourceClaimTemplate2 = builtInKind('resource.k8s.io/v1alpha1', 'resource.v1alpha1.ResourceClaimTemplate');
var ResourceClaimTemplateList2 = builtInKind('resource.k8s.io/v1alpha1', 'resource.v1alpha1.ResourceClaimTemplateList');
var ResourceClass = builtInKind('resource.k8s.io/v1alpha1', 'resource.v1alpha1.ResourceClass');
var ResourceClassList = builtInKind('resource.k8s.io/v1alpha1', 'resource.v1alpha1.ResourceClassList');

// ../schema/src/gen/resource/v1alpha2.ts
var PodSchedulingContext = builtInKind('resource.k8s.io/v1alpha2', 'resource.v1alpha2.PodSchedulingContext');
var PodSchedulingContextList = builtInKind('resource.k8s.io/v1alpha2', 'resource.v1alpha2.PodSchedulingContextList');
var ResourceClaim3 = builtInKind('resource.k8s.io/v1alpha2', 'resource.v1alpha2.ResourceClaim');
var ResourceClaimList3 = builtInKind('resource.k8s.io/v1alpha2', 'resource.v1alpha2.ResourceClaimList');
var ResourceClaimParameters = builtInKind('resource.k8s.io/v1alpha2', 'resource.v1alpha2.ResourceClaimParameters');
var ResourceClaimParametersList = builtInKind('resource.k8s.io/v1alpha2', 'resource.v1alpha2.ResourceClaimParametersList');
var ResourceClaimTemplate3 = builtInKind('resource.k8s.io/v1alpha2', 'resource.v1alpha2.ResourceClaimTemplate');
var ResourceClaimTemplateList3 = builtInKind('resource.k8s.io/v1alpha2', 'resource.v1alpha2.ResourceClaimTemplateList');
var ResourceClass2 = builtInKind('resource.k8s.io/v1alpha2', 'resource.v1alpha2.ResourceClass');
var ResourceClassList2 = builtInKind('resource.k8s.io/v1alpha2', 'resource.v1alpha2.ResourceClassList');
var ResourceClassParameters = builtInKind('resource.k8s.io/v1alpha2', 'resource.v1alpha2.ResourceClassParameters');
var ResourceClassParametersList = builtInKind('resource.k8s.io/v1alpha2', 'resource.v1alpha2.ResourceClassParametersList');
var ResourceSlice2 = builtInKind('resource.k8s.io/v1alpha2', 'resource.v1alpha2.ResourceSlice');
var ResourceSliceList2 = builtInKind('resource.k8s.io/v1alpha2', 'resource.v1alpha2.ResourceSliceList');

// ../schema/src/gen/resource/v1alpha3.ts
var DeviceClass2 = builtInKind('resource.k8s.io/v1alpha3', 'resource.v1alpha3.DeviceClass');
var DeviceClassList2 = builtInKind('resource.k8s.io/v1alpha3', 'resource.v1alpha3.DeviceClassList');
var DeviceTaintRule = builtInKind('resource.k8s.io/v1alpha3', 'resource.v1alpha3.DeviceTaintRule');
var DeviceTaintRuleList = builtInKind('resource.k8s.io/v1alpha3', 'resource.v1alpha3.DeviceTaintRuleList');
var PodSchedulingContext2 = builtInKind('resource.k8s.io/v1alpha3', 'resource.v1alpha3.PodSchedulingContext');
var PodSchedulingContextList2 = builtInKind('resource.k8s.io/v1alpha3', 'resource.v1alpha3.PodSchedulingContextList');
var ResourceClaim4 = builtInKind('resource.k8s.io/v1alpha3', 'resource.v1alpha3.ResourceClaim');
var ResourceClaimList4 = builtInKind('resource.k8s.io/v1alpha3', 'resource.v1alpha3.ResourceClaimList');
var ResourceClaimTemplate4 = builtInKind('resource.k8s.io/v1alpha3', 'resource.v1alpha3.ResourceClaimTemplate');
var ResourceClaimTemplateList4 = builtInKind('resource.k8s.io/v1alpha3', 'resource.v1alpha3.ResourceClaimTemplateList');
var ResourceSlice3 = builtInKind('resource.k8s.io/v1alpha3', 'resource.v1alpha3.ResourceSlice');
var ResourceSliceList3 = builtInKind('resource.k8s.io/v1alpha3', 'resource.v1alpha3.ResourceSliceList');

// ../schema/src/gen/resource/v1beta1.ts
var DeviceClass3 = builtInKind('resource.k8s.io/v1beta1', 'resource.v1beta1.DeviceClass');
var DeviceClassList3 = builtInKind('resource.k8s.io/v1beta1', 'resource.v1beta1.DeviceClassList');
var ResourceClaim5 = builtInKind('resource.k8s.io/v1beta1', 'resource.v1beta1.ResourceClaim');
var ResourceClaimList5 = builtInKind('resource.k8s.io/v1beta1', 'resource.v1beta1.ResourceClaimList');
var ResourceClaimTemplate5 = builtInKind('resource.k8s.io/v1beta1', 'resource.v1beta1.ResourceClaimTemplate');
var ResourceClaimTemplateList5 = builtInKind('resource.k8s.io/v1beta1', 'resource.v1beta1.ResourceClaimTemplateList');
var ResourceSlice4 = builtInKind('resource.k8s.io/v1beta1', 'resource.v1beta1.ResourceSlice');
var ResourceSliceList4 = builtInKind('resource.k8s.io/v1beta1', 'resource.v1beta1.ResourceSliceList');

// ../schema/src/gen/resource/v1beta2.ts
var DeviceClass4 = builtInKind('resource.k8s.io/v1beta2', 'resource.v1beta2.DeviceClass');
var DeviceClassList4 = builtInKind('resource.k8s.io/v1beta2', 'resource.v1beta2.DeviceClassList');
var ResourceClaim6 = builtInKind('resource.k8s.io/v1beta2', 'resource.v1beta2.ResourceClaim');
var ResourceClaimList6 = builtInKind('resource.k8s.io/v1beta2', 'resource.v1beta2.ResourceClaimList');
var ResourceClaimTemplate6 = builtInKind('resource.k8s.io/v1beta2', 'resource.v1beta2.ResourceClaimTemplate');
var ResourceClaimTemplateList6 = builtInKind('resource.k8s.io/v1beta2', 'resource.v1beta2.ResourceClaimTemplateList');
var ResourceSlice5 = builtInKind('resource.k8s.io/v1beta2', 'resource.v1beta2.ResourceSlice');
var ResourceSliceList5 = builtInKind('resource.k8s.io/v1beta2', 'resource.v1beta2.ResourceSliceList');

// ../schema/src/gen/scheduling/v1.ts
var PriorityClass = builtInKind('scheduling.k8s.io/v1', 'scheduling.v1.PriorityClass');
var PriorityClassList = builtInKind('scheduling.k8s.io/v1', 'scheduling.v1.PriorityClassList');

// ../schema/src/gen/scheduling/v1alpha1.ts
var PriorityClass2 = builtInKind('scheduling.k8s.io/v1alpha1', 'scheduling.v1alpha1.PriorityClass');
var PriorityClassList2 = builtInKind('scheduling.k8s.io/v1alpha1', 'scheduling.v1alpha1.PriorityClassList');

// ../schema/src/gen/scheduling/v1beta1.ts
var PriorityClass3 = builtInKind('scheduling.k8s.io/v1beta1', 'scheduling.v1beta1.PriorityClass');
var PriorityClassList3 = builtInKind('scheduling.k8s.io/v1beta1', 'scheduling.v1beta1.PriorityClassList');

// ../schema/src/gen/settings/v1alpha1.ts
var PodPreset = builtInKind('settings.k8s.io/v1alpha1', 'settings.v1alpha1.PodPreset');
var PodPresetList = builtInKind('settings.k8s.io/v1alpha1', 'settings.v1alpha1.PodPresetList');

// ../schema/src/gen/storage/v1.ts
var CSIDriver = builtInKind('storage.k8s.io/v1', 'storage.v1.CSIDriver');
var CSIDriverList = builtInKind('storage.k8s.io/v1', 'storage.v1.CSIDriverList');
var CSINode = builtInKind('storage.k8s.io/v1', 'storage.v1.CSINode');
var CSINodeList = builtInKind('storage.k8s.io/v1', 'storage.v1.CSINodeList');
var CSIStorageCapacity = builtInKind('storage.k8s.io/v1', 'storage.v1.CSIStorageCapacity');
var CSIStorageCapacityList = builtInKind('storage.k8s.io/v1', 'storage.v1.CSIStorageCapacityList');
var StorageClass = builtInKind('storage.k8s.io/v1', 'storage.v1.StorageClass');
var StorageClassList = builtInKind('storage.k8s.io/v1', 'storage.v1.StorageClassList');
var VolumeAttachment = builtInKind('storage.k8s.io/v1', 'storage.v1.VolumeAttachment');
var VolumeAttachmentList = builtInKind('storage.k8s.io/v1', 'storage.v1.VolumeAttachmentList');
var VolumeAttributesClass = builtInKind('storage.k8s.io/v1', 'storage.v1.VolumeAttributesClass');
var VolumeAttributesClassList = builtInKind('storage.k8s.io/v1', 'storage.v1.VolumeAttributesClassList');

// ../schema/src/gen/storage/v1alpha1.ts
var CSIStorageCapacity2 = builtInKind('storage.k8s.io/v1alpha1', 'storage.v1alpha1.CSIStorageCapacity');
var CSIStorageCapacityList2 = builtInKind('storage.k8s.io/v1alpha1', 'storage.v1alpha1.CSIStorageCapacityList');
var VolumeAttachment2 = builtInKind('storage.k8s.io/v1alpha1', 'storage.v1alpha1.VolumeAttachment');
var VolumeAttachmentList2 = builtInKind('storage.k8s.io/v1alpha1', 'storage.v1alpha1.VolumeAttachmentList');
var VolumeAttributesClass2 = builtInKind('storage.k8s.io/v1alpha1', 'storage.v1alpha1.VolumeAttributesClass');
var VolumeAttributesClassList2 = builtInKind('storage.k8s.io/v1alpha1', 'storage.v1alpha1.VolumeAttributesClassList');

// ../schema/src/gen/storage/v1beta1.ts
var CSIDriver2 = builtInKind('storage.k8s.io/v1beta1', 'storage.v1beta1.CSIDriver');
var CSIDriverList2 = builtInKind('storage.k8s.io/v1beta1', 'storage.v1beta1.CSIDriverList');
var CSINode2 = builtInKind('storage.k8s.io/v1beta1', 'storage.v1beta1.CSINode');
var CSINodeList2 = builtInKind('storage.k8s.io/v1beta1', 'storage.v1beta1.CSINodeList');
var CSIStorageCapacity3 = builtInKind('storage.k8s.io/v1beta1', 'storage.v1beta1.CSIStorageCapacity');
var CSIStorageCapacityList3 = builtInKind('storage.k8s.io/v1beta1', 'storage.v1beta1.CSIStorageCapacityList');
var StorageClass2 = builtInKind('storage.k8s.io/v1beta1', 'storage.v1beta1.StorageClass');
var StorageClassList2 = builtInKind('storage.k8s.io/v1beta1', 'storage.v1beta1.StorageClassList');
var VolumeAttachment3 = builtInKind('storage.k8s.io/v1beta1', 'storage.v1beta1.VolumeAttachment');
var VolumeAttachmentList3 = builtInKind('storage.k8s.io/v1beta1', 'storage.v1beta1.VolumeAttachmentList');
var VolumeAttributesClass3 = builtInKind('storage.k8s.io/v1beta1', 'storage.v1beta1.VolumeAttributesClass');
var VolumeAttributesClassList3 = builtInKind('storage.k8s.io/v1beta1', 'storage.v1beta1.VolumeAttributesClassList');

// ../schema/src/gen/storagemigration/v1alpha1.ts
var StorageVersionMigration = builtInKind('storagemigration.k8s.io/v1alpha1', 'storagemigration.v1alpha1.StorageVersionMigration');
var StorageVersionMigrationList = builtInKind('storagemigration.k8s.io/v1alpha1', 'storagemigration.v1alpha1.StorageVersionMigrationList');

// ../schema/src/gen/built-in-kinds.ts
var builtInKinds = [
  AdmissionReview,
  AdmissionReview2,
  MutatingWebhookConfiguration,
  MutatingWebhookConfigurationList,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingAdmissionPolicyBindingList,
  ValidatingAdmissionPolicyList,
  ValidatingWebhookConfiguration,
  ValidatingWebhookConfigurationList,
  InitializerConfiguration,
  InitializerConfigurationList,
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingAdmissionPolicyBindingList,
  MutatingAdmissionPolicyList,
  ValidatingAdmissionPolicy2,
  ValidatingAdmissionPolicyBinding2,
  ValidatingAdmissionPolicyBindingList2,
  ValidatingAdmissionPolicyList2,
  MutatingAdmissionPolicy2,
  MutatingAdmissionPolicyBinding2,
  MutatingAdmissionPolicyBindingList2,
  MutatingAdmissionPolicyList2,
  MutatingWebhookConfiguration2,
  MutatingWebhookConfigurationList2,
  ValidatingAdmissionPolicy3,
  ValidatingAdmissionPolicyBinding3,
  ValidatingAdmissionPolicyBindingList3,
  ValidatingAdmissionPolicyList3,
  ValidatingWebhookConfiguration2,
  ValidatingWebhookConfigurationList2,
  APIGroupDiscovery,
  APIGroupDiscoveryList,
  APIGroupDiscovery2,
  APIGroupDiscoveryList2,
  ConversionReview,
  CustomResourceDefinition,
  CustomResourceDefinitionList,
  ConversionReview2,
  CustomResourceDefinition2,
  CustomResourceDefinitionList2,
  APIService,
  APIServiceList,
  APIService2,
  APIServiceList2,
  StorageVersion,
  StorageVersionList,
  ControllerRevision,
  ControllerRevisionList,
  DaemonSet,
  DaemonSetList,
  Deployment,
  DeploymentList,
  ReplicaSet,
  ReplicaSetList,
  StatefulSet,
  StatefulSetList,
  ControllerRevision2,
  ControllerRevisionList2,
  Deployment2,
  DeploymentList2,
  DeploymentRollback,
  Scale,
  StatefulSet2,
  StatefulSetList2,
  ControllerRevision3,
  ControllerRevisionList3,
  DaemonSet2,
  DaemonSetList2,
  Deployment3,
  DeploymentList3,
  ReplicaSet2,
  ReplicaSetList2,
  Scale2,
  StatefulSet3,
  StatefulSetList3,
  Event,
  EventList,
  Policy,
  PolicyList,
  Event2,
  EventList2,
  Policy2,
  PolicyList2,
  Event3,
  EventList3,
  Policy3,
  PolicyList3,
  AuditSink,
  AuditSinkList,
  SelfSubjectReview,
  TokenRequest,
  TokenReview,
  SelfSubjectReview2,
  SelfSubjectReview3,
  TokenReview2,
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
  LocalSubjectAccessReview2,
  SelfSubjectAccessReview2,
  SelfSubjectRulesReview2,
  SubjectAccessReview2,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerList,
  Scale3,
  HorizontalPodAutoscaler2,
  HorizontalPodAutoscalerList2,
  HorizontalPodAutoscaler3,
  HorizontalPodAutoscalerList3,
  HorizontalPodAutoscaler4,
  HorizontalPodAutoscalerList4,
  CronJob,
  CronJobList,
  Job,
  JobList,
  CronJob2,
  CronJobList2,
  JobTemplate,
  CronJob3,
  CronJobList3,
  JobTemplate2,
  CertificateSigningRequest,
  CertificateSigningRequestList,
  ClusterTrustBundle,
  ClusterTrustBundleList,
  PodCertificateRequest,
  PodCertificateRequestList,
  CertificateSigningRequest2,
  CertificateSigningRequestList2,
  ClusterTrustBundle2,
  ClusterTrustBundleList2,
  Lease,
  LeaseList,
  LeaseCandidate,
  LeaseCandidateList,
  LeaseCandidate2,
  LeaseCandidateList2,
  Lease2,
  LeaseCandidate3,
  LeaseCandidateList3,
  LeaseList2,
  Binding,
  ComponentStatus,
  ComponentStatusList,
  ConfigMap,
  ConfigMapList,
  Endpoints,
  EndpointsList,
  EphemeralContainers,
  Event4,
  EventList4,
  LimitRange,
  LimitRangeList,
  List,
  Namespace,
  NamespaceList,
  Node,
  NodeList,
  NodeProxyOptions,
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeClaimList,
  PersistentVolumeList,
  Pod,
  PodAttachOptions,
  PodExecOptions,
  PodList,
  PodLogOptions,
  PodPortForwardOptions,
  PodProxyOptions,
  PodStatusResult,
  PodTemplate,
  PodTemplateList,
  RangeAllocation,
  ReplicationController,
  ReplicationControllerList,
  ResourceQuota,
  ResourceQuotaList,
  Secret,
  SecretList,
  SerializedReference,
  Service,
  ServiceAccount,
  ServiceAccountList,
  ServiceList,
  ServiceProxyOptions,
  EndpointSlice,
  EndpointSliceList,
  EndpointSlice2,
  EndpointSliceList2,
  EndpointSlice3,
  EndpointSliceList3,
  Event5,
  EventList5,
  Event6,
  EventList6,
  DaemonSet3,
  DaemonSetList3,
  Deployment4,
  DeploymentList4,
  DeploymentRollback2,
  Ingress,
  IngressList,
  NetworkPolicy,
  NetworkPolicyList,
  PodSecurityPolicy,
  PodSecurityPolicyList,
  ReplicaSet3,
  ReplicaSetList3,
  Scale4,
  FlowSchema,
  FlowSchemaList,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationList,
  FlowSchema2,
  FlowSchemaList2,
  PriorityLevelConfiguration2,
  PriorityLevelConfigurationList2,
  FlowSchema3,
  FlowSchemaList3,
  PriorityLevelConfiguration3,
  PriorityLevelConfigurationList3,
  FlowSchema4,
  FlowSchemaList4,
  PriorityLevelConfiguration4,
  PriorityLevelConfigurationList4,
  FlowSchema5,
  FlowSchemaList5,
  PriorityLevelConfiguration5,
  PriorityLevelConfigurationList5,
  ImageReview,
  APIGroup,
  APIGroupList,
  APIResourceList,
  APIVersions,
  ExportOptions,
  PartialObjectMetadata,
  PartialObjectMetadataList,
  Status,
  TableOptions,
  PartialObjectMetadata2,
  PartialObjectMetadataList2,
  TableOptions2,
  IPAddress,
  IPAddressList,
  Ingress2,
  IngressClass,
  IngressClassList,
  IngressList2,
  NetworkPolicy2,
  NetworkPolicyList2,
  ServiceCIDR,
  ServiceCIDRList,
  ClusterCIDR,
  ClusterCIDRList,
  IPAddress2,
  IPAddressList2,
  ServiceCIDR2,
  ServiceCIDRList2,
  IPAddress3,
  IPAddressList3,
  Ingress3,
  IngressClass2,
  IngressClassList2,
  IngressList3,
  ServiceCIDR3,
  ServiceCIDRList3,
  RuntimeClass,
  RuntimeClassList,
  RuntimeClass2,
  RuntimeClassList2,
  RuntimeClass3,
  RuntimeClassList3,
  Eviction,
  PodDisruptionBudget,
  PodDisruptionBudgetList,
  Eviction2,
  PodDisruptionBudget2,
  PodDisruptionBudgetList2,
  PodSecurityPolicy2,
  PodSecurityPolicyList2,
  ClusterRole,
  ClusterRoleBinding,
  ClusterRoleBindingList,
  ClusterRoleList,
  Role,
  RoleBinding,
  RoleBindingList,
  RoleList,
  ClusterRole2,
  ClusterRoleBinding2,
  ClusterRoleBindingList2,
  ClusterRoleList2,
  Role2,
  RoleBinding2,
  RoleBindingList2,
  RoleList2,
  ClusterRole3,
  ClusterRoleBinding3,
  ClusterRoleBindingList3,
  ClusterRoleList3,
  Role3,
  RoleBinding3,
  RoleBindingList3,
  RoleList3,
  DeviceClass,
  DeviceClassList,
  ResourceClaim,
  ResourceClaimList,
  ResourceClaimTemplate,
  ResourceClaimTemplateList,
  ResourceSlice,
  ResourceSliceList,
  PodScheduling,
  PodSchedulingList,
  ResourceClaim2,
  ResourceClaimList2,
  ResourceClaimTemplate2,
  ResourceClaimTemplateList2,
  ResourceClass,
  ResourceClassList,
  PodSchedulingContext,
  PodSchedulingContextList,
  ResourceClaim3,
  ResourceClaimList3,
  ResourceClaimParameters,
  ResourceClaimParametersList,
  ResourceClaimTemplate3,
  ResourceClaimTemplateList3,
  ResourceClass2,
  ResourceClassList2,
  ResourceClassParameters,
  ResourceClassParametersList,
  ResourceSlice2,
  ResourceSliceList2,
  DeviceClass2,
  DeviceClassList2,
  DeviceTaintRule,
  DeviceTaintRuleList,
  PodSchedulingContext2,
  PodSchedulingContextList2,
  ResourceClaim4,
  ResourceClaimList4,
  ResourceClaimTemplate4,
  ResourceClaimTemplateList4,
  ResourceSlice3,
  ResourceSliceList3,
  DeviceClass3,
  DeviceClassList3,
  ResourceClaim5,
  ResourceClaimList5,
  ResourceClaimTemplate5,
  ResourceClaimTemplateList5,
  ResourceSlice4,
  ResourceSliceList4,
  DeviceClass4,
  DeviceClassList4,
  ResourceClaim6,
  ResourceClaimList6,
  ResourceClaimTemplate6,
  ResourceClaimTemplateList6,
  ResourceSlice5,
  ResourceSliceList5,
  PriorityClass,
  PriorityClassList,
  PriorityClass2,
  PriorityClassList2,
  PriorityClass3,
  PriorityClassList3,
  PodPreset,
  PodPresetList,
  CSIDriver,
  CSIDriverList,
  CSINode,
  CSINodeList,
  CSIStorageCapacity,
  CSIStorageCapacityList,
  StorageClass,
  StorageClassList,
  VolumeAttachment,
  VolumeAttachmentList,
  VolumeAttributesClass,
  VolumeAttributesClassList,
  CSIStorageCapacity2,
  CSIStorageCapacityList2,
  VolumeAttachment2,
  VolumeAttachmentList2,
  VolumeAttributesClass2,
  VolumeAttributesClassList2,
  CSIDriver2,
  CSIDriverList2,
  CSINode2,
  CSINodeList2,
  CSIStorageCapacity3,
  CSIStorageCapacityList3,
  StorageClass2,
  StorageClassList2,
  VolumeAttachment3,
  VolumeAttachmentList3,
  VolumeAttributesClass3,
  VolumeAttributesClassList3,
  StorageVersionMigration,
  StorageVersionMigrationList,
];
var kindsOfEveryVersion = [CreateOptions, DeleteOptions, GetOptions, ListOptions, PatchOptions, UpdateOptions, WatchEvent];
var optionsApiVersions = [
  'admission.k8s.io/v1',
  'admission.k8s.io/v1beta1',
  'admissionregistration.k8s.io/v1',
  'admissionregistration.k8s.io/v1alpha1',
  'admissionregistration.k8s.io/v1beta1',
  'apiextensions.k8s.io/v1',
  'apiextensions.k8s.io/v1beta1',
  'apiregistration.k8s.io/v1',
  'apiregistration.k8s.io/v1beta1',
  'apps/v1',
  'apps/v1beta1',
  'apps/v1beta2',
  'authentication.k8s.io/v1',
  'authentication.k8s.io/v1alpha1',
  'authentication.k8s.io/v1beta1',
  'authorization.k8s.io/v1',
  'authorization.k8s.io/v1beta1',
  'autoscaling/v1',
  'autoscaling/v2',
  'autoscaling/v2beta1',
  'autoscaling/v2beta2',
  'batch/v1',
  'batch/v1beta1',
  'certificates.k8s.io/v1',
  'certificates.k8s.io/v1alpha1',
  'certificates.k8s.io/v1beta1',
  'coordination.k8s.io/v1',
  'coordination.k8s.io/v1alpha2',
  'coordination.k8s.io/v1beta1',
  'discovery.k8s.io/v1',
  'discovery.k8s.io/v1beta1',
  'events.k8s.io/v1',
  'events.k8s.io/v1beta1',
  'extensions/v1beta1',
  'flowcontrol.apiserver.k8s.io/v1',
  'flowcontrol.apiserver.k8s.io/v1beta1',
  'flowcontrol.apiserver.k8s.io/v1beta2',
  'flowcontrol.apiserver.k8s.io/v1beta3',
  'imagepolicy.k8s.io/v1alpha1',
  'internal.apiserver.k8s.io/v1alpha1',
  'networking.k8s.io/v1',
  'networking.k8s.io/v1beta1',
  'node.k8s.io/v1',
  'node.k8s.io/v1alpha1',
  'node.k8s.io/v1beta1',
  'policy/v1',
  'policy/v1beta1',
  'rbac.authorization.k8s.io/v1',
  'rbac.authorization.k8s.io/v1alpha1',
  'rbac.authorization.k8s.io/v1beta1',
  'resource.k8s.io/v1',
  'resource.k8s.io/v1alpha3',
  'resource.k8s.io/v1beta1',
  'resource.k8s.io/v1beta2',
  'scheduling.k8s.io/v1',
  'scheduling.k8s.io/v1alpha1',
  'scheduling.k8s.io/v1beta1',
  'storage.k8s.io/v1',
  'storage.k8s.io/v1alpha1',
  'storage.k8s.io/v1beta1',
  'storagemigration.k8s.io/v1alpha1',
  'v1',
];

// ../schema/src/kinds/kinds.ts
var key = (apiVersion, kind) => `${apiVersion}/${kind}`;
var Kinds = class {
  #byKey = new Map(builtInKinds.map((kind) => [key(formatGroupVersion(kind), kind.kind), kind]));
  #ofEveryVersion = new Map(kindsOfEveryVersion.map((kind) => [kind.kind, kind]));
  /** Undefined when Kubernetes has no such kind. The options kinds (DeleteOptions …) are found in any group-version. */
  find(group, version, kind) {
    const apiVersion = formatGroupVersion({ group, version });
    const known = this.#byKey.get(key(apiVersion, kind));
    if (known) return known;
    const everywhere = this.#ofEveryVersion.get(kind);
    return everywhere && kindIn(everywhere, apiVersion);
  }
  /** Every kind once, without the options kinds. */
  get all() {
    return builtInKinds;
  }
  /** The group-versions whose DeleteOptions OpenAPI lists. */
  get optionsApiVersions() {
    return optionsApiVersions;
  }
};
var kinds = new Kinds();

// ../schema/src/wire/envelope.ts
import { Buffer as Buffer10 } from 'node:buffer';

var protobufMagic = Buffer10.from([107, 56, 115, 0]);
var envelopeSuffix = Buffer10.from([26, 0, 34, 0]);

// ../schema/src/body/yaml-to-json.ts
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';

var minInt642 = -(2n ** 63n);
var maxInt643 = 2n ** 63n - 1n;

// ../storage/src/cache/change-ring.ts
var DEFAULT_RING_LIMITS = {
  minChanges: 100,
  maxChanges: 100 * 1024,
  maxBytes: 32 * 1024 * 1024,
  maxAgeMs: 75e3,
};

// ../storage/src/storage-error.ts
var StorageError = class extends Error {
  constructor(code, message, revision, options) {
    super(message, options);
    this.code = code;
    this.revision = revision;
  }
  code;
  revision;
  name = 'StorageError';
};

// ../storage/src/encoded-bytes-budget.ts
var DEFAULT_LIMIT_BYTES = 64 * 1024 * 1024;
var EncodedBytesBudget = class {
  #limitBytes;
  #usedBytes = 0;
  #hand = 0;
  #clock = [];
  constructor(limitBytes) {
    this.#limitBytes = limitBytes;
  }
  get usedBytes() {
    return this.#usedBytes;
  }
  get limitBytes() {
    return this.#limitBytes;
  }
  set limitBytes(limit) {
    this.#limitBytes = limit;
    this.#shrink();
  }
  charge(owner, bytes) {
    if (owner.slot < 0) {
      owner.slot = this.#clock.length;
      this.#clock.push(owner);
    }
    owner.bytes += bytes;
    this.#usedBytes += bytes;
    this.#shrink();
  }
  release(owner) {
    const last = this.#clock.length - 1;
    if (owner.slot < 0) return;
    const moved = this.#clock[last];
    if (moved !== void 0 && moved !== owner) {
      moved.slot = owner.slot;
      this.#clock[owner.slot] = moved;
    }
    this.#clock.pop();
    this.#usedBytes -= owner.bytes;
    owner.slot = -1;
    owner.bytes = 0;
  }
  #shrink() {
    while (this.#usedBytes > this.#limitBytes) {
      if (this.#hand >= this.#clock.length) this.#hand = 0;
      const candidate = this.#clock[this.#hand];
      if (candidate === void 0) return;
      if (candidate.warm) {
        candidate.warm = false;
        this.#hand += 1;
      } else {
        candidate.drop();
      }
    }
  }
};
var encodedBytesBudget = new EncodedBytesBudget(DEFAULT_LIMIT_BYTES);

// ../storage/src/store/scan.ts
var PAGE_BYTES = 1024 * 1024;

// ../storage/src/cache/slab-compaction.ts
var MIN_WASTED_BYTES = 4 * 1024 * 1024;
var NEW_SLAB_BYTES = 64 * 1024;

// ../storage/src/history/write-limits.ts
var MAX_VALUE_BYTES = 3 * 1024 * 1024;

// src/filters/api-error-from-unknown.ts
function apiErrorFromUnknown(thrown, request) {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof StorageError) return storageFailures[thrown.code](thrown, request);
  if (thrown instanceof DecodeError) return badRequest(thrown.message);
  return internalError(thrown);
}
var storeWords = (error) => new ApiError(500, '', error.message, void 0, { cause: error });
var storageFailures = {
  compacted: (_, { info }) => expired(`The resourceVersion for the provided ${info.verb === 'watch' ? 'watch' : 'list'} is too old.`),
  futureRevision: (error, { query }) => tooLargeResourceVersion(Number(query.get('resourceVersion')), error.revision ?? 0),
  keyExists: (_, { info }) => alreadyExists(groupResource(info), info.name),
  keyNotFound: (_, { info }) => notFound(groupResource(info), info.name),
  unavailable: storeWords,
  ambiguous: storeWords,
  rejected: storeWords,
  timeout: () => timeout('request did not complete within requested timeout - context deadline exceeded'),
  closed: () => serviceUnavailable('apiserver is shutting down'),
};
function groupResource(info) {
  return { group: info.apiGroup, resource: info.resource };
}

// src/filters/errors.ts
function answerErrors(options) {
  return (ctx, next) => {
    try {
      return next()?.catch((error) => answer(ctx, error, options));
    } catch (error) {
      answer(ctx, error, options);
      return void 0;
    }
  };
}
function answer(ctx, thrown, { writeStatus, log }) {
  const { state, res } = ctx;
  ctx.respond = false;
  if (state.clientGone) return;
  const error = apiErrorFromUnknown(thrown, state);
  if (error.code >= 500 && error !== thrown) {
    log.error('request failed', { method: ctx.req.method, path: state.info.path, auditID: state.auditId, error: thrown });
  }
  if (res.headersSent) breakOff(ctx, res);
  else replyError(ctx, error, writeStatus);
}
function breakOff({ state }, res) {
  if (res.writableEnded) return;
  if (state.stream) state.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else res.destroy();
}

// src/filters/goaway.ts
function goawayByChance(chance, random = Math.random) {
  return (ctx, next) => {
    if (random() < chance) ctx.state.stream?.session?.close();
    return next();
  };
}

// src/filters/in-flight.ts
var bodyLingerMs = 5e3;
var InFlightRequests = class {
  #slots = [];
  #free = [];
  #waiting = [];
  get count() {
    return this.#slots.length - this.#free.length;
  }
  /** Returns the slot to give back to `delete`. */
  add(state) {
    const slot = this.#free.pop() ?? this.#slots.length;
    this.#slots[slot] = state;
    return slot;
  }
  delete(slot) {
    this.#slots[slot] = void 0;
    this.#free.push(slot);
    if (this.#waiting.length > 0 && this.count === 0) {
      for (const resolve of this.#waiting.splice(0)) resolve();
    }
  }
  /** Watches and other requests without a deadline, of this moment. */
  longRunning() {
    return this.#slots.filter((state) => state?.longRunning === true);
  }
  /** Resolves when nothing is in flight. */
  idle() {
    return this.count === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
};
function trackInFlight(inFlight, onEnd) {
  return (ctx, next) => {
    const { state, req, res } = ctx;
    const slot = inFlight.add(state);
    res.on('close', () => {
      inFlight.delete(slot);
      if (!res.writableFinished) state.clientLeft();
      onEnd(state);
    });
    if (req.method !== 'GET' && req.method !== 'HEAD') res.once('finish', () => boundRestOfBody(state));
    return next();
  };
}
function boundRestOfBody(state) {
  const { req, stream } = state;
  if (req.complete || state.upgrade) return;
  const { socket } = req;
  setTimeout(() => {
    if (req.complete) return;
    if (stream) stream.close();
    else socket.destroy();
  }, bodyLingerMs).unref();
}

// src/http/query.ts
var Query = class _Query {
  static empty = new _Query('');
  /** Raw text behind `?`. */
  raw;
  #values;
  constructor(raw) {
    this.raw = raw;
  }
  /** First value, '' when absent. */
  get(name) {
    return this.#all().get(name)?.[0] ?? '';
  }
  getAll(name) {
    return this.#all().get(name) ?? [];
  }
  has(name) {
    return this.#all().has(name);
  }
  keys() {
    return this.#all().keys();
  }
  /** First values as a flag: present means true unless it says `false` or `0`, as in every *Options kind. */
  flag(name) {
    const value = this.#all().get(name)?.[0];
    return value !== void 0 && value !== '0' && value.toLowerCase() !== 'false';
  }
  #all() {
    this.#values ??= parse2(this.raw);
    return this.#values;
  }
};
function parse2(raw) {
  const values = /* @__PURE__ */ new Map();
  if (raw === '') return values;
  for (const pair of raw.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const equals = pair.indexOf('=');
    const name = unescapeQuery(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : unescapeQuery(pair.slice(equals + 1));
    if (name === void 0 || value === void 0) continue;
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  }
  return values;
}
function unescapeQuery(text) {
  return unescapePercent(text.includes('+') ? text.replaceAll('+', ' ') : text);
}
function unescapePercent(text) {
  if (!text.includes('%')) return text;
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return void 0;
  try {
    return decodeURIComponent(text);
  } catch {
    const bytes = text.replace(/%([0-9a-fA-F]{2})|[^%]+/g, (run, hex) =>
      hex ? String.fromCharCode(Number.parseInt(hex, 16)) : Buffer.from(run, 'utf8').toString('latin1'),
    );
    return Buffer.from(bytes, 'latin1').toString('utf8');
  }
}

// src/filters/request-info.ts
var verbOfMethod = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
function parseRequestInfo(method, url, asker) {
  const mark = url.indexOf('?');
  const rawPath = mark < 0 ? url : url.slice(0, mark);
  const path2 = unescapePercent(rawPath);
  if (path2 === void 0) throw badRequest(`invalid URL escape in ${quote(rawPath)}`);
  const segments = splitPath(path2);
  const prefix = segments[0];
  const skipped = prefix === 'api' ? 2 : prefix === 'apis' ? 3 : 0;
  if (skipped === 0 || segments.length < 3 || segments.length <= skipped) return nonResource(method, path2);
  return resourceRequest(method, path2, segments, skipped, asker);
}
function nonResource(method, path2) {
  return {
    isResourceRequest: false,
    verb: method.toLowerCase(),
    path: path2,
    apiPrefix: '',
    apiGroup: '',
    apiVersion: '',
    namespace: '',
    resource: '',
    subresource: '',
    name: '',
    parts: noParts,
    fieldSelector: '',
    labelSelector: '',
  };
}
var noParts = [];
function resourceRequest(method, path2, segments, skipped, asker) {
  let at = skipped;
  let verb = verbOfMethod[method] ?? '';
  const first = segments[at];
  const verbInPath = first === 'watch' || first === 'proxy';
  if (verbInPath) {
    if (segments.length < at + 2) throw new Error(`unable to determine kind and namespace from url, ${path2}`);
    verb = first;
    at++;
  }
  let namespace = '';
  if (segments[at] === 'namespaces' && segments.length > at + 1) {
    namespace = segments[at + 1];
    const next = segments[at + 2];
    if (next !== void 0 && next !== 'status' && next !== 'finalize') at += 2;
  }
  const parts = segments.slice(at);
  let name = parts[1] ?? '';
  if (name === '' && verb === 'get') {
    verb = asker.query.flag('watch') ? 'watch' : 'list';
    name = nameInFieldSelector(asker.query);
  } else if (name === '' && verb === 'delete') verb = 'deletecollection';
  const selects = !verbInPath && (verb === 'list' || verb === 'watch' || verb === 'deletecollection');
  return {
    isResourceRequest: true,
    verb,
    path: path2,
    apiPrefix: segments[0],
    apiGroup: skipped === 3 ? segments[1] : '',
    apiVersion: segments[skipped - 1],
    namespace,
    resource: parts[0],
    subresource: verb === 'proxy' ? '' : (parts[2] ?? ''),
    name,
    parts,
    fieldSelector: selects ? asker.query.get('fieldSelector') : '',
    labelSelector: selects ? asker.query.get('labelSelector') : '',
  };
}
function splitPath(path2) {
  let start2 = 0;
  let end = path2.length;
  while (start2 < end && path2.charCodeAt(start2) === slash) start2++;
  while (end > start2 && path2.charCodeAt(end - 1) === slash) end--;
  return start2 === end ? [] : path2.slice(start2, end).split('/');
}
var slash = 47;
function nameInFieldSelector(query) {
  const selector = query.get('fieldSelector');
  if (!selector.includes('metadata.name')) return '';
  for (const term2 of selector.split(',')) {
    const match = /^metadata\.name==?([^=!]*)$/.exec(term2);
    const name = match?.[1];
    if (name !== void 0 && name !== '.' && name !== '..' && !/[/%]/.test(name)) return name;
  }
  return '';
}

// src/filters/resolve-request-info.ts
var resolveRequestInfo = (ctx, next) => {
  const { state, req } = ctx;
  try {
    state.info = parseRequestInfo(req.method ?? '', req.url ?? '', state);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    refuse2(ctx, error);
    return void 0;
  }
  return next();
};
function refuse2(ctx, error) {
  const why = `failed to create RequestInfo: ${error instanceof Error ? error.message : error}`;
  replyTextError(ctx, 500, escapeHtml(`Internal Server Error: ${quote(ctx.req.url ?? '')}: ${why}`));
}

// src/filters/retry-after.ts
var exempt = /* @__PURE__ */ new Set(['/healthz', '/livez', '/readyz']);
function retryAfterWhenClosing(closing) {
  return (ctx, next) => {
    if (!closing() || exempt.has(ctx.state.info.path)) return next();
    const { res, state } = ctx;
    if (state.stream) state.stream.session?.close();
    else res.setHeader('Connection', 'close');
    res.setHeader('Retry-After', '5');
    replyTextError(ctx, 429, 'The apiserver is shutting down, please try again later.');
    return void 0;
  };
}

// src/filters/strict-transport-security.ts
function strictTransportSecurity(directives) {
  const value = directives.join('; ');
  return (ctx, next) => {
    ctx.res.setHeader('Strict-Transport-Security', value);
    return next();
  };
}

// src/filters/chain.ts
function buildChain(options) {
  const {
    log,
    authenticator,
    authorizer,
    closing,
    goawayChance = 0,
    strictTransportSecurity: hsts = [],
    corsAllowedOrigins = [],
  } = options;
  return [
    answerErrors(options),
    assignAuditId,
    resolveRequestInfo,
    ...when(closing, retryAfterWhenClosing),
    ...when(hsts.length > 0 && hsts, strictTransportSecurity),
    forbidCaching,
    ...when(goawayChance > 0 && goawayChance, goawayByChance),
    trackInFlight(options.inFlight, options.onRequestEnd),
    deadline(options),
    ...when(corsAllowedOrigins.length > 0 && corsAllowedOrigins, cors),
    authenticate({ authenticator, log, ...options.authentication }),
    options.maxInFlight.filter,
    authorize({ authorizer, log }),
    options.dispatch,
  ];
}
function when(setting, filter) {
  return setting === void 0 || setting === false ? [] : [filter(setting)];
}

// src/filters/long-running.ts
var verbs = /* @__PURE__ */ new Set(['watch', 'proxy']);
var subresources = /* @__PURE__ */ new Set(['attach', 'exec', 'proxy', 'log', 'portforward']);
var isLongRunning = (info) => {
  if (verbs.has(info.verb)) return true;
  return info.isResourceRequest ? subresources.has(info.subresource) : info.path.startsWith('/debug/pprof/');
};

// src/filters/max-in-flight.ts
var ConcurrencyGauge = class {
  kind;
  limit;
  #current = 0;
  #peak = 0;
  constructor(kind, limit) {
    this.kind = kind;
    this.limit = limit;
  }
  get current() {
    return this.#current;
  }
  tryEnter() {
    if (this.limit > 0 && this.#current >= this.limit) return false;
    this.#current++;
    if (this.#current > this.#peak) this.#peak = this.#current;
    return true;
  }
  leave() {
    this.#current--;
  }
  takePeak() {
    const peak = this.#peak;
    this.#peak = this.#current;
    return peak;
  }
};
var reads = /* @__PURE__ */ new Set(['get', 'list', 'watch']);
var MaxInFlight = class {
  readOnly;
  mutating;
  #onDropped;
  constructor({ maxReadOnly, maxMutating, onDropped }) {
    this.readOnly = new ConcurrencyGauge('readOnly', maxReadOnly);
    this.mutating = new ConcurrencyGauge('mutating', maxMutating);
    this.#onDropped = onDropped;
  }
  filter = (ctx, next) => {
    const { state } = ctx;
    if (state.longRunning) return next();
    const gauge = reads.has(state.info.verb) ? this.readOnly : this.mutating;
    if (gauge.tryEnter()) return counted(gauge, next);
    if (state.user.groups.includes('system:masters')) return next();
    this.#refuse(ctx, gauge.kind);
    return void 0;
  };
  #refuse(ctx, kind) {
    this.#onDropped?.(kind);
    ctx.res.setHeader('Retry-After', '1');
    replyTextError(ctx, 429, 'Too many requests, please try again later.');
  }
};
function counted(gauge, next) {
  let waiting = false;
  try {
    const outcome = next();
    if (outcome === void 0) return void 0;
    waiting = true;
    return outcome.finally(() => gauge.leave());
  } finally {
    if (!waiting) gauge.leave();
  }
}

// src/http/app.ts
import Koa from 'koa';

// src/http/warning-recorder.ts
var totalLength = 4096;
var truncatedLength = 256;
var WarningRecorder = class {
  #res;
  #texts = /* @__PURE__ */ new Set();
  #headers = [];
  #written = 0;
  #truncating = false;
  constructor(res) {
    this.#res = res;
  }
  add(text) {
    if (text === '' || this.#texts.has(text) || this.#res.headersSent) return;
    this.#texts.add(text);
    this.#record(text);
    if (this.#headers.length > 0) this.#res.setHeader('Warning', this.#headers);
  }
  #record(text) {
    if (this.#written >= totalLength) return;
    const characters = Array.from(text);
    const kept = this.#truncating && characters.length > truncatedLength ? characters.slice(0, truncatedLength) : characters;
    const header = formatWarning(kept.join(''));
    if (header === void 0) return;
    if (!this.#truncating && this.#written + kept.length > totalLength) {
      this.#truncateAll();
      return;
    }
    this.#written += kept.length;
    this.#headers.push(header);
  }
  /** Starts over with every text cut, the newest included. */
  #truncateAll() {
    this.#truncating = true;
    this.#written = 0;
    this.#headers = [];
    for (const text of this.#texts) this.#record(text);
  }
};
function formatWarning(text) {
  if (/\p{Cc}/u.test(text)) return void 0;
  const quoted = `299 - "${text.replace(/[\\"]/g, '\\$&')}"`;
  return Buffer.from(quoted, 'utf8').toString('latin1');
}

// src/http/context.ts
var unknownInfo = {
  isResourceRequest: false,
  verb: '',
  path: '',
  apiPrefix: '',
  apiGroup: '',
  apiVersion: '',
  namespace: '',
  resource: '',
  subresource: '',
  name: '',
  parts: [],
  fieldSelector: '',
  labelSelector: '',
};
var clientLeftReason = new Error('the client has gone');
var nobody = { name: '', groups: [] };
var RequestState = class {
  req;
  res;
  /** `performance.now()` when the request's headers were complete. */
  startedAtMs;
  /** Set by an HTTP/1.1 Upgrade; whoever takes it over answers on the socket. */
  upgrade;
  info = unknownInfo;
  /** Watch, proxy, exec, attach, port-forward, log: no deadline, not counted as in flight for overload. */
  longRunning = false;
  user = nobody;
  /** Audiences the credential was issued for, where it names any. */
  audiences = void 0;
  auditId = '';
  /** Where this request is counted; set by dispatch from what was made when the route was registered. */
  route = void 0;
  /** A filter has answered in place of the verb (deadline); whatever the verb writes later is to be dropped. */
  abandoned = false;
  #query;
  #warnings;
  #abort;
  #aborted = false;
  #abortReason;
  #clientGone = false;
  constructor(req, res, upgrade) {
    this.req = req;
    this.res = res;
    this.upgrade = upgrade;
    this.startedAtMs = performance.now();
  }
  get query() {
    if (this.#query === void 0) {
      const url = this.req.url ?? '';
      const mark = url.indexOf('?');
      this.#query = mark < 0 ? Query.empty : new Query(url.slice(mark + 1));
    }
    return this.#query;
  }
  /** The raw stream on HTTP/2, for those who write frames themselves; undefined on HTTP/1.1. */
  get stream() {
    return this.res.stream;
  }
  /** Aborted when the client has gone, the deadline has passed (`reason` is the 504), or the server stops waiting. Made when first asked for. */
  get signal() {
    if (this.#abort === void 0) {
      this.#abort = new AbortController();
      if (this.#aborted) this.#abort.abort(this.#abortReason);
    }
    return this.#abort.signal;
  }
  get aborted() {
    return this.#aborted;
  }
  /** The connection or stream closed before the answer was complete: nobody is left to read one. */
  get clientGone() {
    return this.#clientGone;
  }
  clientLeft() {
    this.#clientGone = true;
    this.abort(clientLeftReason);
  }
  abort(reason) {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#abortReason = reason;
    this.#abort?.abort(reason);
  }
  /** Adds a Warning header (once per text); without effect when the headers have left. */
  warn(text) {
    this.#warnings ??= new WarningRecorder(this.res);
    this.#warnings.add(text);
  }
};

// src/http/upgrade-response.ts
import { ServerResponse } from 'node:http';

var UpgradeResponse = class extends ServerResponse {
  upgrade;
  #socket;
  constructor(req, socket, head) {
    super(req);
    this.upgrade = { socket, head };
    this.#socket = socket;
    this.shouldKeepAlive = false;
    this.assignSocket(socket);
    this.once('finish', () => this.#finish());
  }
  /** Hands the socket over; nothing may be written through this response any more. */
  takeOver() {
    const socket = this.#socket;
    if (socket === void 0 || this.headersSent) throw new Error('the upgraded connection is already taken');
    this.#socket = void 0;
    this.detachSocket(socket);
    socket.once('close', () => this.emit('close'));
    return this.upgrade;
  }
  #finish() {
    const socket = this.#socket;
    if (socket === void 0) return;
    this.#socket = void 0;
    this.detachSocket(socket);
    socket.destroySoon();
    this.emit('close');
  }
};

// src/http/app.ts
function compose(filters) {
  return (ctx) => {
    let position = 0;
    const next = () => {
      const filter = filters[position++];
      if (filter === void 0) throw new Error('next() called behind the last filter');
      return filter(ctx, next);
    };
    return next();
  };
}
var App = class extends Koa {
  createContext(req, res) {
    const ctx = super.createContext(req, res);
    ctx.state = new RequestState(req, res, res instanceof UpgradeResponse ? res.upgrade : void 0);
    return ctx;
  }
  /** What koa's callback calls for each request. */
  handleRequest(ctx, run) {
    try {
      run(ctx)?.catch((error) => this.emit('error', error, ctx));
    } catch (error) {
      this.emit('error', error, ctx);
    }
  }
};
function createApp(filters, onError) {
  const app = new App({ compose });
  for (const filter of filters) app.use(filter);
  app.on('error', onError);
  return app.callback();
}

// src/http/listen.ts
import { createServer as createHttp1Server } from 'node:http';
// src/http/http2-guard.ts
import { constants as constants2, createServer as createHttp2Server } from 'node:http2';
import { createServer as createTlsServer } from 'node:tls';

// src/http/rate-budget.ts
var RateBudget = class {
  #burst;
  #perMs;
  #now;
  #tokens;
  #refilledAtMs;
  constructor(burst, perSecond, now = () => performance.now()) {
    this.#burst = burst;
    this.#perMs = perSecond / 1e3;
    this.#now = now;
    this.#tokens = burst;
    this.#refilledAtMs = now();
  }
  /** False when the budget is used up. */
  take() {
    const now = this.#now();
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#refilledAtMs) * this.#perMs);
    this.#refilledAtMs = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
};

// src/http/http2-guard.ts
var budgets = {
  resets: { burst: 500, perSecond: 50 },
  pings: { burst: 200, perSecond: 10 },
  settings: { burst: 100, perSecond: 1 },
};
function guardSession(session, limits, log) {
  const peer = session.socket?.remoteAddress;
  let openStreams = 0;
  let idleMs = 0;
  const meter = (kind) => {
    const budget = new RateBudget(budgets[kind].burst, budgets[kind].perSecond);
    return () => {
      if (budget.take() || session.destroyed) return;
      log.warn('HTTP/2 connection broken off for abuse', { peer, kind });
      session.destroy(constants2.NGHTTP2_ENHANCE_YOUR_CALM);
    };
  };
  const onReset = meter('resets');
  const onStreamClose = () => {
    openStreams--;
  };
  session.on('error', (error) => log.info(4, 'HTTP/2 connection failed', { peer, error }));
  session.on('stream', (stream) => {
    openStreams++;
    idleMs = 0;
    stream.once('aborted', onReset);
    stream.once('close', onStreamClose);
  });
  session.on('ping', meter('pings'));
  session.on('remoteSettings', meter('settings'));
  session.setLocalWindowSize(limits.connectionWindowBytes);
  session.setTimeout(limits.pingIntervalMs, () => {
    if (openStreams > 0) {
      requireSignOfLife(session, limits.pingTimeoutMs);
      return;
    }
    idleMs += limits.pingIntervalMs;
    if (idleMs >= limits.idleTimeoutMs) session.close();
  });
}
function requireSignOfLife(session, timeoutMs) {
  const timer = setTimeout(() => session.destroy(), timeoutMs).unref();
  const sent = session.ping((error) => {
    if (error === null) clearTimeout(timer);
  });
  if (!sent) session.destroy();
}

// src/http/limits.ts
var defaultHttpLimits = {
  handshakeTimeoutMs: 1e4,
  headersTimeoutMs: 32e3,
  idleTimeoutMs: 9e4,
  pingIntervalMs: 3e4,
  pingTimeoutMs: 15e3,
  maxHeaderBytes: 1 << 20,
  maxConcurrentStreams: 250,
  streamWindowBytes: 256 * 1024,
  connectionWindowBytes: 16 * 1024 * 1024,
  maxSessionMemoryMb: 64,
};

// src/http/listen.ts
var tcpKeepAliveMs = 15e3;
var slowHeadersCheckMs = 5e3;
var Listener = class {
  #options;
  #limits;
  #tls;
  #http1;
  #http2;
  #sockets = /* @__PURE__ */ new Set();
  #sessions = /* @__PURE__ */ new Set();
  #goingAway = false;
  constructor(options) {
    this.#options = options;
    this.#limits = { ...defaultHttpLimits, ...options.limits };
    this.#http1 = this.#createHttp1();
    this.#http2 = this.#createHttp2();
    this.#tls = this.#createTls();
  }
  /** Starts accepting. Rejects when the port is taken. */
  async listen() {
    const { host, port, log } = this.#options;
    await new Promise((resolve, reject) => {
      this.#tls.once('error', reject);
      this.#tls.listen({ host, port }, () => {
        this.#tls.off('error', reject);
        resolve();
      });
    });
    this.#tls.on('error', (error) => log.error('listener failed', { error }));
    this.#http1.emit('listening');
    return this.address;
  }
  get address() {
    const address = this.#tls.address();
    if (address === null || typeof address === 'string') throw new Error('the listener is not listening');
    return address;
  }
  /** Open connections, those still in their handshake included. */
  get connections() {
    return this.#sockets.size;
  }
  /** New handshakes see the new certificates and authorities; open connections go on. Throws when they are unusable. */
  useCertificates(material) {
    this.#tls.setSecureContext(secureContext(material, this.#options.tlsPolicy));
    this.#addNamed(material);
  }
  /** Refuses new connections; open ones go on. */
  stopAccepting() {
    if (this.#tls.listening) this.#tls.close();
  }
  /** Asks clients to leave: GOAWAY on HTTP/2, `Connection: close` on HTTP/1.1. What is being answered goes on. */
  goAway() {
    this.#goingAway = true;
    for (const session of this.#sessions) session.close();
    this.#http1.closeIdleConnections();
  }
  /** Stops accepting and ends every connection at once. */
  close() {
    this.stopAccepting();
    for (const session of this.#sessions) session.destroy();
    for (const socket of this.#sockets) socket.destroy();
    this.#http1.close(() => void 0);
  }
  #createTls() {
    const { tls, tlsPolicy, log } = this.#options;
    const server2 = createTlsServer({
      ...secureContext(tls, tlsPolicy),
      ALPNProtocols: ['h2', 'http/1.1'],
      // Asked for, never required: without one there are tokens, and whether it is good is for authentication to say.
      requestCert: true,
      rejectUnauthorized: false,
      handshakeTimeout: this.#limits.handshakeTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelay: tcpKeepAliveMs,
      noDelay: true,
    });
    server2.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', (error) => log.info(5, 'connection failed', { peer: socket.remoteAddress, error }));
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server2.on('tlsClientError', (error, socket) => {
      log.info(3, 'TLS handshake error', { peer: socket.remoteAddress, error: error.message });
      socket.destroy();
    });
    server2.on('secureConnection', (socket) => this.#handOver(socket));
    server2.on('clientError', answerClientError);
    this.#addNamed(tls, server2);
    return server2;
  }
  #handOver(socket) {
    socket.on('error', (error) => this.#options.log.info(5, 'TLS connection failed', { peer: socket.remoteAddress, error }));
    if (socket.alpnProtocol === 'h2') this.#http2.emit('connection', socket);
    else this.#http1.emit('connection', socket);
  }
  #createHttp1() {
    const { onRequest } = this.#options;
    const { maxHeaderBytes, headersTimeoutMs, idleTimeoutMs } = this.#limits;
    const server2 = createHttp1Server({
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: headersTimeoutMs,
      // Bodies are bounded by the deadline of their request, which long-running ones do not have.
      requestTimeout: 0,
      keepAliveTimeout: idleTimeoutMs,
      connectionsCheckingInterval: slowHeadersCheckMs,
    });
    server2.maxHeadersCount = 0;
    server2.on('clientError', answerClientError);
    server2.on('request', (req, res) => {
      if (this.#goingAway) res.setHeader('Connection', 'close');
      onRequest(req, res);
    });
    server2.on('upgrade', (req, socket, head) => onRequest(req, new UpgradeResponse(req, socket, head)));
    return server2;
  }
  #createHttp2() {
    const { log, onRequest } = this.#options;
    const limits = this.#limits;
    const server2 = createHttp2Server({
      maxSessionMemory: limits.maxSessionMemoryMb,
      maxSessionInvalidFrames: 100,
      maxSettings: 32,
      maxHeaderListPairs: 2e3,
      settings: {
        maxConcurrentStreams: limits.maxConcurrentStreams,
        initialWindowSize: limits.streamWindowBytes,
        maxHeaderListSize: limits.maxHeaderBytes,
        enablePush: false,
      },
    });
    server2.on('session', (session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
      guardSession(session, limits, log);
      if (this.#goingAway) session.close();
    });
    server2.on('sessionError', (error) => log.info(4, 'HTTP/2 connection failed', { error }));
    server2.on('request', onRequest);
    return server2;
  }
  #addNamed({ named = [] }, server2 = this.#tls) {
    for (const { names, certificate, key: key2 } of named) {
      for (const name of names) server2.addContext(name, { cert: certificate, key: key2 });
    }
  }
};
function secureContext(material, policy = {}) {
  return {
    cert: material.certificate,
    key: material.key,
    ...(material.clientAuthorities && { ca: material.clientAuthorities }),
    minVersion: policy.minVersion ?? 'TLSv1.2',
    ...(policy.ciphers !== void 0 && { ciphers: policy.ciphers }),
  };
}
var clientErrorStatus = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};
function answerClientError(error, socket) {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = clientErrorStatus[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r
Content-Type: text/plain; charset=utf-8\r
Connection: close\r
\r
${status}`);
}

// src/http/testing/certificates.ts
var authority = `-----BEGIN CERTIFICATE-----
MIIBmjCCAT+gAwIBAgIUb8MLz0WIWiMfUkvCpzMEqQnP7yowCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOdGVzdCBhdXRob3JpdHkwIBcNMjYxMTIxMDEzODM3WhgPMjEy
NjEwMjgwMTM4MzdaMBkxFzAVBgNVBAMMDnRlc3QgYXV0aG9yaXR5MFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEzKK815uuoIb9S/IUIy2wnRqVsxaIenpes3r34OUx
WD8dJs3cCxk8mZKn58867YHsvVWhFs7FkbZ8c9QNwRUKTKNjMGEwHQYDVR0OBBYE
FH+RN+jhYw78zNhrR8TfFYgNMuziMB8GA1UdIwQYMBaAFH+RN+jhYw78zNhrR8Tf
FYgNMuziMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMAoGCCqGSM49
BAMCA0kAMEYCIQCN2FLjG/QcJcxyY3SDPH/65qr4nJjX0j15E/VBpa+6ngIhAN4t
4uXV3q+/s3yq6WodR2bjQEyUQhVuXRGPGBAvzc7y
-----END CERTIFICATE-----`;
var server = {
  certificate: `-----BEGIN CERTIFICATE-----
MIIBojCCAUegAwIBAgIUDPBog39Xcx0+3IPdAJ9FwVnupEowCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOdGVzdCBhdXRob3JpdHkwIBcNMjYxMTIxMDEzODM3WhgPMjEy
NjEwMjgwMTM4MzdaMBExDzANBgNVBAMMBnNlcnZlcjBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABFtAMLToF+Hdq/lQoodKOQVggtHLQgls7ybOdoBAtsDQM9fsFtAH
O8JY/Y5qiXWE1A45rhKzYhhwD/f/ihlMJZejczBxMBoGA1UdEQQTMBGCCWxvY2Fs
aG9zdIcEfwAAATATBgNVHSUEDDAKBggrBgEFBQcDATAdBgNVHQ4EFgQUTxlB7pqK
BD3u0z7mag/gHrT3qj8wHwYDVR0jBBgwFoAUf5E36OFjDvzM2GtHxN8ViA0y7OIw
CgYIKoZIzj0EAwIDSQAwRgIhAJL3QtKFo7Nj7aEQRhV8GOE3IgcJNPD2lWUgUcZL
2xGxAiEAjCkaY80/KbKTp1cYjhPy2/Vo6vUaGZlavdplKI8aD2s=
-----END CERTIFICATE-----`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjVBlDWz4jVDQEqJE
pbjpI//TEYlLc0PgbJUAUGJ9psehRANCAARbQDC06Bfh3av5UKKHSjkFYILRy0IJ
bO8mznaAQLbA0DPX7BbQBzvCWP2Oaol1hNQOOa4Ss2IYcA/3/4oZTCWX
-----END PRIVATE KEY-----`,
};

// bench/http-server.ts
var body = Buffer.alloc(3900, 'x');
var silent = { error: console.error, warn: () => void 0, info: () => void 0, enabled: () => false };
var bare = (_, res) => {
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  res.end(body);
};
function chain() {
  const users = /* @__PURE__ */ new Map([['secret', { user: { name: 'admin', groups: ['system:masters', 'system:authenticated'] } }]]);
  const filters = buildChain({
    log: silent,
    writeStatus: writeJsonStatus,
    authenticator: {
      authenticate: ({ headers: { authorization } }) => (authorization?.startsWith('Bearer ') ? users.get(authorization.slice(7)) : void 0),
    },
    authorizer: { authorize: () => ({ decision: 'allow' }) },
    inFlight: new InFlightRequests(),
    maxInFlight: new MaxInFlight({ maxReadOnly: 400, maxMutating: 200 }),
    isLongRunning,
    requestTimeoutMs: 6e4,
    onRequestEnd: () => void 0,
    dispatch: (ctx) => {
      ctx.respond = false;
      reply(ctx, 200, 'application/json', body);
      return void 0;
    },
  });
  const S = /* @__PURE__ */ new Set();
  filters[20] = (ctx, next) => {
    S.add(ctx.state);
    const o = next();
    S.delete(ctx.state);
    return o;
  };
  filters[21] = (ctx, next) => {
    ctx.res.on('close', () => {
      ctx.state.longRunning = true;
    });
    return next();
  };
  filters[22] = (ctx, next) => {
    ctx.res.on('close', () => {
      if (!ctx.res.writableFinished) ctx.state.longRunning = true;
    });
    return next();
  };
  filters[23] = (ctx, next) => {
    const { state } = ctx;
    S.add(state);
    ctx.res.on('close', () => {
      S.delete(state);
    });
    return next();
  };
  filters[24] = (ctx, next) => {
    const { state } = ctx;
    ctx.res.on('close', () => {
      state.longRunning = true;
    });
    return next();
  };
  const L = [];
  filters[25] = (ctx, next) => {
    const { state } = ctx;
    const i = L.push(state) - 1;
    ctx.res.on('close', () => {
      L[i] = void 0;
      while (L.length > 0 && L[L.length - 1] === void 0) L.pop();
    });
    return next();
  };
  const only = (process.argv[3] ?? '').split(',').filter(Boolean).map(Number);
  const last = filters[9];
  console.log(filters.length);
  return createApp(process.argv[3] ? [...only.map((i) => filters[i]).filter((f) => f), last] : filters.slice(0, 10), (error) =>
    console.error(error),
  );
}
async function start(kind) {
  const tls = { cert: server.certificate, key: server.key };
  if (kind === 'chain' || kind === 'listener') {
    const listener = new Listener({
      host: '127.0.0.1',
      port: 0,
      tls: { certificate: server.certificate, key: server.key, clientAuthorities: [authority] },
      log: silent,
      onRequest: kind === 'listener' ? bare : chain(),
    });
    return (await listener.listen()).port;
  }
  const server2 = kind === 'bare-h2' ? createSecureServer(tls, bare) : createServer(tls, kind === 'chainh' ? chain() : bare);
  await new Promise((resolve) => server2.listen(0, '127.0.0.1', resolve));
  return server2.address().port;
}
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit());
process.send?.({ port: await start(process.argv[2] ?? '') });
