import { addressBits, formatIp, type IpAddress, type IpFamily, parseIp } from './ip-address.js';

/** A range of addresses that share a prefix: `10.0.0.0/24`. */
export interface IpRange {
  readonly family: IpFamily;
  /** The lowest address, whose other bits are zero. */
  readonly base: bigint;
  readonly prefixLength: number;
  readonly size: bigint;
}

/** Reads CIDR notation; undefined when it is none. Bits behind the prefix are dropped. */
export function parseIpRange(text: string): IpRange | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? undefined : parseIp(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (address === undefined || !/^(?:0|[1-9]\d{0,2})$/.test(digits)) return undefined;
  const bits = addressBits[address.family];
  const prefixLength = Number(digits);
  if (prefixLength > bits) return undefined;
  const size = 1n << BigInt(bits - prefixLength);
  return { family: address.family, base: address.value & ~(size - 1n), prefixLength, size };
}

export function formatIpRange({ family, base, prefixLength }: IpRange): string {
  return `${formatIp({ family, value: base })}/${prefixLength}`;
}

export function containsIp(range: IpRange, { family, value }: IpAddress): boolean {
  return range.family === family && value >= range.base && value < range.base + range.size;
}
