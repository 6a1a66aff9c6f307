import type { IncomingMessage } from 'node:http';
import { LruMap } from '@keelson/machinery';
import ipaddr from 'ipaddr.js';

/**
 * Addresses that a request came by, the first one first: what proxies say of it, which nobody can vouch for, and the
 * address of the connection.
 */
export function sourceIps({ headers, socket }: IncomingMessage): readonly string[] {
  const forwarded = headers['x-forwarded-for'];
  const real = headers['x-real-ip'];
  const remote = remoteOf(socket?.remoteAddress ?? '');
  if (forwarded === undefined && real === undefined) return remote === undefined ? [] : [remote];
  const ips = String(forwarded ?? '')
    .split(',')
    .flatMap((text) => canonical(text.trim()) ?? []);
  const realIp = typeof real === 'string' ? canonical(real) : undefined;
  if (realIp !== undefined && !ips.includes(realIp)) ips.push(realIp);
  if (remote !== undefined && remote !== ips.at(-1)) ips.push(remote);
  return ips;
}

const MAX_REMOTES = 4096;
/** Connections are few, compared with what comes by them. */
const remotes = new LruMap<string, string>(MAX_REMOTES);

function remoteOf(address: string): string | undefined {
  const known = remotes.get(address);
  if (known !== undefined) return known;
  const remote = canonical(address);
  if (remote !== undefined) remotes.set(address, remote);
  return remote;
}

/** IPv4 addresses that are written as IPv6 are shown as what they are. */
function canonical(text: string): string | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text).toString();
  if (!ipaddr.IPv6.isValid(text) || text.includes('%')) return undefined;
  const ip = ipaddr.IPv6.parse(text);
  return ip.isIPv4MappedAddress() ? ip.toIPv4Address().toString() : ip.toRFC5952String();
}
