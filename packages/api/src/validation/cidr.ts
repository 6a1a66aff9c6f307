import { type FieldError, type FieldPath, invalidField } from '@keelson/machinery';
import { parseIpRange } from '../net/ip-range.js';

/** A range of addresses: `10.9.8.0/24`. */
export function validateCidr(text: string, at: FieldPath): FieldError[] {
  if (parseIpRange(text) !== undefined) return [];
  return [invalidField(at, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
}
