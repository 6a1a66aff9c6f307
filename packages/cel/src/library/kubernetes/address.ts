import { quote } from '@keelson/machinery';

/** An IP address of 4 or 16 bytes, read and printed as Go's net/netip does. With a zone, and as IPv4 in IPv6, it is only read. */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
  readonly zone: string;
}

/** Carries Go's words for what is wrong with an address. */
export class AddressError extends Error {}

export function parseAddress(text: string): Address {
  const fail = (message: string, at = ''): never => {
    throw new AddressError(`ParseAddr(${quote(text)}): ${message}${at === '' ? '' : ` (at ${quote(at)})`}`);
  };
  switch (/[.:%]/.exec(text)?.[0]) {
    case '.':
      return { bits: 32, value: parseV4(text, fail), zone: '' };
    case ':':
      return parseV6(text, fail);
    case '%':
      return fail('missing IPv6 address');
    default:
      return fail('unable to parse IP');
  }
}

type Fail = (message: string, at?: string) => never;

function parseV4(text: string, fail: Fail): bigint {
  const fields: number[] = [];
  let [value, digits] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    if (/\d/.test(character)) {
      if (digits === 1 && value === 0) fail('IPv4 field has octet with leading zero');
      value = value * 10 + Number(character);
      digits++;
      if (value > 255) fail('IPv4 field has value >255');
    } else if (character !== '.') fail('unexpected character', text.slice(i));
    else {
      if (i === 0 || i === text.length - 1 || text[i - 1] === '.') fail('IPv4 field must have at least one digit', text.slice(i));
      if (fields.length === 3) fail('IPv4 address too long');
      fields.push(value);
      [value, digits] = [0, 0];
    }
  }
  if (fields.length < 3) fail('IPv4 address too short');
  return [...fields, value].reduce((all, field) => (all << 8n) | BigInt(field), 0n);
}

function parseV6(text: string, fail: Fail): Address {
  const percent = text.indexOf('%');
  const zone = percent < 0 ? '' : text.slice(percent + 1);
  if (percent >= 0 && zone === '') fail('zone must be a non-empty string');
  let rest = percent < 0 ? text : text.slice(0, percent);
  const groups: bigint[] = [];
  let ellipsis = -1;
  if (rest.startsWith('::')) {
    ellipsis = 0;
    rest = rest.slice(2);
  }
  while (rest !== '' && groups.length < 8) {
    const group = /^[0-9a-fA-F]*/.exec(rest)?.[0] ?? '';
    if (group.length > 4) fail('each group must have 4 or less digits', rest);
    if (group === '') fail('each colon-separated field must have at least one digit', rest);
    if (rest[group.length] === '.') {
      if (ellipsis < 0 && groups.length !== 6) fail('embedded IPv4 address must replace the final 2 fields of the address', rest);
      if (groups.length > 6) fail('too many hex fields to fit an embedded IPv4 at the end of the address', rest);
      const v4 = parseV4(rest, fail);
      groups.push(v4 >> 16n, v4 & 0xffffn);
      rest = '';
      break;
    }
    groups.push(BigInt(`0x${group}`));
    rest = rest.slice(group.length);
    if (rest === '') break;
    if (rest[0] !== ':') fail('unexpected character, want colon', rest);
    if (rest.length === 1) fail('colon must be followed by more characters', rest);
    rest = rest.slice(1);
    if (rest[0] !== ':') continue;
    if (ellipsis >= 0) fail('multiple :: in address', rest);
    ellipsis = groups.length;
    rest = rest.slice(1);
  }
  if (rest !== '') fail('trailing garbage after address', rest);
  if (groups.length < 8) {
    if (ellipsis < 0) fail('address string too short');
    groups.splice(ellipsis, 0, ...Array<bigint>(8 - groups.length).fill(0n));
  } else if (ellipsis >= 0) fail('the :: must expand to at least one field of zeros');
  return { bits: 128, value: groups.reduce((all, group) => (all << 16n) | group, 0n), zone };
}

/** An IPv4 address in an IPv6 one. */
export function isMapped({ bits, value }: Address): boolean {
  return bits === 128 && value >> 32n === 0xffffn;
}

export function formatAddress({ bits, value }: Address): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(16 * (7 - i))) & 0xffffn).toString(16)).join(':');
  // The first of the longest runs of zeros becomes `::`.
  const runs = groups.match(/\b0(?::0)+\b/g) ?? [];
  const longest = Math.max(0, ...runs.map((run) => run.length));
  const run = runs.find(({ length }) => length === longest);
  if (run === undefined) return groups;
  const at = groups.search(new RegExp(`\\b${run}\\b`));
  return `${groups.slice(0, at).replace(/:$/, '')}::${groups.slice(at + run.length).replace(/^:/, '')}`;
}

export interface Prefix {
  readonly address: Address;
  readonly length: number;
}

export function parsePrefix(text: string): Prefix {
  const fail = (message: string): never => {
    throw new AddressError(`netip.ParsePrefix(${quote(text)}): ${message}`);
  };
  const slash = text.lastIndexOf('/');
  if (slash < 0) fail("no '/'");
  let address: Address;
  try {
    address = parseAddress(text.slice(0, slash));
  } catch (error) {
    if (error instanceof AddressError) return fail(error.message);
    throw error;
  }
  if (address.zone !== '') fail('IPv6 zones cannot be present in a prefix');
  const bits = text.slice(slash + 1);
  if (!/^(?:\d|[1-9]\d+)$/.test(bits)) fail(`bad bits after slash: ${quote(bits)}`);
  if (Number(bits) > address.bits) fail('prefix length out of range');
  return { address, length: Number(bits) };
}

export function masked({ address, length }: Prefix): Prefix {
  const shift = BigInt(address.bits - length);
  return { address: { ...address, value: (address.value >> shift) << shift }, length };
}

export function prefixContains({ address, length }: Prefix, other: Address): boolean {
  if (address.bits !== other.bits) return false;
  const shift = BigInt(address.bits - length);
  return address.value >> shift === other.value >> shift;
}
