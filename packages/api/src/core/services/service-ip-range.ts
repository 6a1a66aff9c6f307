import type { IpAddress } from '../../net/ip-address.js';
import { containsIp, type IpRange } from '../../net/ip-range.js';

/** First and last address that services can have: not the network's own, nor, with IPv4, the broadcast address. */
export function serviceIps({ family, base, size }: IpRange): [first: bigint, last: bigint] {
  return [base + 1n, base + size - (family === 'IPv4' ? 2n : 1n)];
}

/** Whether a service can have the address from this range. */
export function offersServiceIp(range: IpRange, address: IpAddress): boolean {
  const [first, last] = serviceIps(range);
  return containsIp(range, address) && address.value >= first && address.value <= last;
}
