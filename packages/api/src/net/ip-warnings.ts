import { type FieldPath, quote } from '@keelson/machinery';
import { addressBits, formatIp, hasLeadingZeros, isMapped, parseIp } from './ip-address.js';
import { formatIpRange, type IpRange, parseIpRange } from './ip-range.js';

/** What readers may take for another address, or not find again (KEP-4858). Of what is no address nothing is said. */
export function ipWarnings(text: string, at: FieldPath): string[] {
  const address = parseIp(text);
  if (address === undefined) return [];
  const canonical = formatIp(address);
  if (hasLeadingZeros(text) || isMapped(text)) return [nonStandard(at, 'IP address', text, canonical)];
  if (address.family === 'IPv4' || canonical === text) return [];
  return [`${at}: IPv6 address ${quote(text)} should be in RFC 5952 canonical format (${quote(canonical)})`];
}

/** The same of ranges. */
export function cidrWarnings(text: string, at: FieldPath): string[] {
  const range = parseIpRange(text);
  if (range === undefined) return [];
  const [address = '', length = ''] = text.split('/');
  const canonical = formatIpRange(range);
  const ambiguous = ambiguityWarnings(text, range, at);
  if (hasLeadingZeros(address) || isMapped(address) || /^0\d/.test(length)) {
    return [...ambiguous, nonStandard(at, 'CIDR value', text, canonical)];
  }
  if (ambiguous.length > 0 || range.family === 'IPv4' || canonical === text) return ambiguous;
  return [`${at}: IPv6 CIDR value ${quote(text)} should be in RFC 5952 canonical format (${quote(canonical)})`];
}

/** An address within a network, where a network is meant, or that address alone. */
function ambiguityWarnings(text: string, range: IpRange, at: FieldPath): string[] {
  const address = parseIp(text.slice(0, text.indexOf('/')));
  if (address === undefined || address.value === range.base) return [];
  const [network, host] = [formatIpRange(range), `${formatIp(address)}/${addressBits[range.family]}`];
  return [`${at}: CIDR value ${quote(text)} is ambiguous in this context (should be ${quote(network)} or ${quote(host)}?)`];
}

function nonStandard(at: FieldPath, what: string, text: string, canonical: string): string {
  const hint = `use ${quote(canonical)}`;
  return `${at}: non-standard ${what} ${quote(text)} will be considered invalid in a future Kubernetes release: ${hint}`;
}
