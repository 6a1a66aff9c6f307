import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { SubjectAltNames } from './certificate-spec.js';

/** Sorts host names and IP addresses into the two kinds of alternative names. */
export function altNames(hosts: readonly string[]): SubjectAltNames {
  return { dns: hosts.filter((host) => isIP(host) === 0), ips: hosts.filter((host) => isIP(host) !== 0) };
}

/** The first usable address of a CIDR, which the `kubernetes` service gets: 10.0.0.1 of 10.0.0.0/24. */
export function firstServiceIp(cidr: string): string {
  const [address, length] = ipaddr.parseCIDR(cidr);
  const bytes = address.toByteArray().map((byte, index) => byte & (0xff << Math.min(8, Math.max(0, 8 * (index + 1) - length))));
  // The network address is even for every range that has a second address, so adding one cannot carry.
  return ipaddr.fromByteArray(bytes.map((byte, index) => (index === bytes.length - 1 ? byte | 1 : byte))).toString();
}
