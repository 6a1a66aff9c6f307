import { addressBits, formatIp, type IpAddress, type IpFamily, isMapped, mappedPrefix, parseIp } from './ip-address.js';

/** A range of addresses that share a prefix: `10.0.0.0/24`. */
export interface IpRange {
  readonly family: IpFamily;
  /** The lowest address, whose other bits are zero. */
  readonly base: bigint;
  readonly prefixLength: number;
  readonly size: bigint;
}

/**
 * Reads CIDR notation; undefined when it is none. Bits behind the prefix are dropped; leading zeros are read over. The
 * prefix of an IPv4 address in IPv6 clothes counts these.
 */
export function parseIpRange(text: string): IpRange | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? undefined : parseIp(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (address === undefined || !/^0*\d{1,3}$/.test(digits)) return undefined;
  return isMapped(text.slice(0, slash)) ? mappedRange(address, Number(digits)) : rangeOf(address, Number(digits));
}

function rangeOf({ family, value }: IpAddress, prefixLength: number): IpRange | undefined {
  const bits = addressBits[family];
  if (prefixLength > bits) return undefined;
  const size = 1n << BigInt(bits - prefixLength);
  return { family, base: value & ~(size - 1n), prefixLength, size };
}

const mappedBits = addressBits.IPv6 - addressBits.IPv4;

/** A prefix that does not reach the IPv4 address leaves nothing of it. */
function mappedRange(address: IpAddress, prefixLength: number): IpRange | undefined {
  if (prefixLength >= mappedBits) return rangeOf(address, prefixLength - mappedBits);
  return rangeOf({ family: 'IPv6', value: (mappedPrefix << 32n) | address.value }, prefixLength);
}

export function formatIpRange({ family, base, prefixLength }: IpRange): string {
  return `${formatIp({ family, value: base })}/${prefixLength}`;
}

export function containsIp(range: IpRange, { family, value }: IpAddress): boolean {
  return range.family === family && value >= range.base && value < range.base + range.size;
}
