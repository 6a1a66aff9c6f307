import { type FieldError, type FieldPath, invalidField } from '@keelson/machinery';
import { addressBits, formatIp, type IpAddress, parseIp } from './ip-address.js';
import { containsIp, parseIpRange } from './ip-range.js';

export function validateIp(text: string, at: FieldPath): FieldError[] {
  return parseIp(text) === undefined ? [invalidField(at, text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')] : [];
}

export function validateCidr(text: string, at: FieldPath): FieldError[] {
  return parseIpRange(text) === undefined
    ? [invalidField(at, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')]
    : [];
}

/** An address of an interface, with the length of its network's prefix, in the one form that it has. */
export function validateInterfaceAddress(text: string, at: FieldPath): FieldError[] {
  const canonical = canonicalInterfaceAddress(text);
  if (canonical === text) return [];
  if (canonical !== undefined) return [invalidField(at, text, `must be in canonical form (${JSON.stringify(canonical)})`)];
  return [invalidField(at, text, 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)')];
}

/** Reads it with leading zeros too. */
function canonicalInterfaceAddress(text: string): string | undefined {
  const [before = '', digits = '', more] = text.split('/');
  const isV6 = before.includes(':');
  const address = parseIp(isV6 ? before : before.replace(/(^|\.)0+(?=\d)/g, '$1'));
  const length = Number(digits);
  if (address === undefined || more !== undefined || !/^\d+$/.test(digits) || length > addressBits[isV6 ? 'IPv6' : 'IPv4'])
    return undefined;
  // The prefix of an IPv4 address in IPv6 clothes may count these.
  const counted = address.family === 'IPv4' && length > addressBits.IPv4 ? length - (addressBits.IPv6 - addressBits.IPv4) : length;
  return `${formatIp(address)}/${counted}`;
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

/** An address that others are to reach something by. */
export function validateReachableIp(text: string, at: FieldPath): FieldError[] {
  const address = parseIp(text);
  if (address === undefined) return validateIp(text, at);
  if (address.value === 0n) return [invalidField(at, text, `may not be unspecified (${text})`)];
  return specialRanges
    .filter(([, ranges]) => ranges.some((cidr) => isWithin(address, cidr)))
    .map(([name]) => invalidField(at, text, `may not be in the ${name}`));
}
