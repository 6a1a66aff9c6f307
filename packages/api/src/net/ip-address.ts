export type IpFamily = 'IPv4' | 'IPv6';

/** An address as a number of its family. */
export interface IpAddress {
  readonly family: IpFamily;
  readonly value: bigint;
}

export const addressBits: Readonly<Record<IpFamily, number>> = { IPv4: 32, IPv6: 128 };

const decimalOctet = /^0*\d{1,3}$/;

function parseIpv4(text: string): bigint | undefined {
  const octets = text.split('.');
  if (octets.length !== 4 || octets.some((octet) => !decimalOctet.test(octet) || Number(octet) > 255)) return undefined;
  return octets.reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

const hexGroup = /^0*[0-9a-fA-F]{1,4}$/;

/** The 16-bit groups of one side of `::`; a dotted tail counts as two. */
function parseGroups(text: string): bigint[] | undefined {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    const tail = i === parts.length - 1 && part.includes('.') ? parseIpv4(part) : undefined;
    if (tail !== undefined) groups.push(tail >> 16n, tail & 0xffffn);
    else if (hexGroup.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}

function parseIpv6(text: string): bigint | undefined {
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined) return undefined;
  const before = parseGroups(head);
  const after = tail === undefined ? [] : parseGroups(tail);
  if (before === undefined || after === undefined) return undefined;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array<bigint>(missing).fill(0n), ...after];
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

/** ::ffff:0:0/96: IPv4 addresses in IPv6 clothes are IPv4 addresses. */
export const mappedPrefix = 0xffffn;

/**
 * Reads the text of an address of either family; undefined when it is none. No zones, but leading zeros, as early releases
 * did: see `hasLeadingZeros`.
 */
export function parseIp(text: string): IpAddress | undefined {
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return { family: 'IPv4', value: v4 };
  const v6 = text.includes(':') ? parseIpv6(text) : undefined;
  if (v6 === undefined) return undefined;
  return v6 >> 32n === mappedPrefix ? { family: 'IPv4', value: v6 & 0xffffffffn } : { family: 'IPv6', value: v6 };
}

const surplusZeros = /(?:^|:)0\d+\.|\.0\d|[0-9a-fA-F]{5}/;

/** Whether the text of an address has zeros that others take for the sign of an octal number, or skip. */
export function hasLeadingZeros(text: string): boolean {
  return surplusZeros.test(text);
}

/** Whether the text of an address is one that a dotted address is hidden in. */
export function isMapped(text: string): boolean {
  return text.includes(':') && parseIp(text)?.family === 'IPv4';
}

/** The canonical text of an address (RFC 5952). */
export function formatIp({ family, value }: IpAddress): string {
  if (family === 'IPv4') return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => (value >> BigInt(16 * (7 - i))) & 0xffffn);
  const [start, length] = longestZeros(groups);
  const text = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return length < 2 ? text(0, 8) : `${text(0, start)}::${text(start + length, 8)}`;
}

/** The first of the longest runs of zeros. */
function longestZeros(groups: readonly bigint[]): [start: number, length: number] {
  let best: [number, number] = [0, 0];
  let start = 0;
  for (const [i, group] of groups.entries()) {
    if (group !== 0n) start = i + 1;
    else if (i + 1 - start > best[1]) best = [start, i + 1 - start];
  }
  return best;
}
