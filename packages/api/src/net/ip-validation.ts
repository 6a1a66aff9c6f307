import { type FieldError, type FieldPath, invalidField } from '@keelson/machinery';
import { type IpAddress, parseIp } from './ip-address.js';
import { containsIp, parseIpRange } from './ip-range.js';

export function validateIp(text: string, at: FieldPath): FieldError[] {
  return parseIp(text) === undefined ? [invalidField(at, text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')] : [];
}

export function validateCidr(text: string, at: FieldPath): FieldError[] {
  return parseIpRange(text) === undefined
    ? [invalidField(at, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')]
    : [];
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
