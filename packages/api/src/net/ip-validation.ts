import { type FieldError, type FieldPath, hasFeature, invalidField } from '@keelson/machinery';
import { formatIp, hasLeadingZeros, type IpAddress, isMapped, parseIp } from './ip-address.js';
import { containsIp, formatIpRange, parseIpRange } from './ip-range.js';

const strict = 'StrictIPCIDRValidation';

/** What an address is not written like. Others have read some forms of old as other addresses (KEP-4858). */
function ipDetails(text: string, takesOldForms: boolean): string[] {
  if (parseIp(text) === undefined) return ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
  if (takesOldForms) return [];
  if (hasLeadingZeros(text)) return ['must not have leading 0s'];
  return isMapped(text) ? ['must not be an IPv4-mapped IPv6 address'] : [];
}

/** For fields that have always been there: any form that releases have taken, as long as they are. What is `kept` is not looked at. */
export function validateIp(text: string, at: FieldPath, kept: readonly string[] = []): FieldError[] {
  return kept.includes(text) ? [] : ipDetails(text, !hasFeature(strict)).map((detail) => invalidField(at, text, detail));
}

/** What an address is not written like, in the one form that it has. */
export function canonicalIpDetails(text: string): string[] {
  const details = ipDetails(text, false);
  const address = parseIp(text);
  return details.length > 0 || address === undefined ? details : canonicalFormDetails(text, formatIp(address));
}

export function validateCanonicalIp(text: string, at: FieldPath): FieldError[] {
  return canonicalIpDetails(text).map((detail) => invalidField(at, text, detail));
}

function canonicalFormDetails(text: string, canonical: string): string[] {
  return canonical === text ? [] : [`must be in canonical form (${JSON.stringify(canonical)})`];
}

function cidrDetails(text: string, takesOldForms: boolean): string[] {
  const range = parseIpRange(text);
  if (range === undefined) return ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'];
  if (takesOldForms) return [];
  const [address = '', length = ''] = text.split('/');
  if (hasLeadingZeros(address) || /^0\d/.test(length)) return ['must not have leading 0s in IP or prefix length'];
  if (isMapped(address)) return ['must not have an IPv4-mapped IPv6 address'];
  return parseIp(address)?.value === range.base ? [] : ['must not have bits set beyond the prefix length'];
}

/** A range in any form that releases have taken, as long as they are. What is `kept` is not looked at. */
export function validateCidr(text: string, at: FieldPath, kept: readonly string[] = []): FieldError[] {
  return kept.includes(text) ? [] : cidrDetails(text, !hasFeature(strict)).map((detail) => invalidField(at, text, detail));
}

/** A range in the one form that it has. */
export function validateCanonicalCidr(text: string, at: FieldPath): FieldError[] {
  const details = cidrDetails(text, false);
  const range = parseIpRange(text);
  const all = details.length > 0 || range === undefined ? details : canonicalFormDetails(text, formatIpRange(range));
  return all.map((detail) => invalidField(at, text, detail));
}

/** An address of an interface, with the length of its network's prefix, in the one form that it has. */
export function validateInterfaceAddress(text: string, at: FieldPath): FieldError[] {
  const range = parseIpRange(text);
  const address = parseIp(text.slice(0, text.indexOf('/')));
  if (range === undefined || address === undefined) {
    return [invalidField(at, text, 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)')];
  }
  return canonicalFormDetails(text, `${formatIp(address)}/${range.prefixLength}`).map((detail) => invalidField(at, text, detail));
}

/** Addresses that mean something else on every host. */
const specialRanges: readonly (readonly [name: string, ranges: readonly string[]])[] = [
  ['loopback range (127.0.0.0/8, ::1/128)', ['127.0.0.0/8', '::1/128']],
  ['link-local range (169.254.0.0/16, fe80::/10)', ['169.254.0.0/16', 'fe80::/10']],
  ['link-local multicast range (224.0.0.0/24, ff02::/10)', ['224.0.0.0/24', 'ff02::/16']],
];

function isWithin(address: IpAddress, cidr: string): boolean {
  const range = parseIpRange(cidr);
  return range !== undefined && containsIp(range, address);
}

/** An address that others are to reach something by, provided that it is one. */
export function validateReachable(text: string, at: FieldPath): FieldError[] {
  const address = parseIp(text);
  if (address === undefined) return [invalidField(at, text, 'must be a valid IP address')];
  if (address.value === 0n) return [invalidField(at, text, `may not be unspecified (${text})`)];
  return specialRanges
    .filter(([, ranges]) => ranges.some((cidr) => isWithin(address, cidr)))
    .map(([name]) => invalidField(at, text, `may not be in the ${name}`));
}

/** The same, of what may be no address at all. */
export function validateReachableIp(text: string, at: FieldPath, kept: readonly string[]): FieldError[] {
  const errors = validateIp(text, at, kept);
  return errors.length > 0 ? errors : validateReachable(text, at);
}
