import { BlockList, isIP } from 'node:net';
import { dialAddressOf } from './dialing/dial-address.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for a URL, as Go's programs read it: `HTTPS_PROXY` or `https_proxy`, for HTTP without
 * TLS `HTTP_PROXY` or `http_proxy`, but for what `NO_PROXY` or `no_proxy` excepts, and never for this machine itself.
 * Undefined: there is none. Throws when it is no URL of a proxy that can be used.
 */
export function proxyFor(url: URL, environment: Environment = process.env): URL | undefined {
  const proxy = setting(environment, url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  const { host: written, port } = dialAddressOf(url);
  const host = written.toLowerCase();
  if (proxy === '' || isOwn(host)) return undefined;
  const excepted = setting(environment, 'NO_PROXY').split(',');
  if (excepted.some((entry) => excepts(entry.trim().toLowerCase(), host, String(port)))) return undefined;
  return parseProxy(proxy);
}

const schemes: readonly string[] = ['http:', 'https:', 'socks5:', 'socks5h:'];

/** Throws unless it is the URL of a proxy over HTTP, HTTPS or SOCKS5; one without a scheme is over HTTP. */
export function parseProxy(text: string): URL {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url === null || !schemes.includes(url.protocol)) throw new Error(`invalid proxy address ${JSON.stringify(text)}`);
  return url;
}

function setting(environment: Environment, name: string): string {
  return environment[name] || environment[name.toLowerCase()] || '';
}

function isOwn(host: string): boolean {
  return host === 'localhost' || loopback.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** An entry is `*`, an address, a range, or a domain, which excepts what is below it, too; with a port, that port only. */
function excepts(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  if (entry.includes('/')) return inRange(host, entry);
  const [, name = entry, onlyPort] = /^(.*?|\[.*\]):(\d+)$/.exec(isIP(entry) === 6 ? '' : entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const domain = name.replace(/^\[|\]$/g, '').replace(/^\*(?=\.)/, '');
  if (isIP(domain) !== 0) return domain === host;
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

function inRange(host: string, range: string): boolean {
  const [network = '', bits = ''] = range.split('/');
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || !/^\d+$/.test(bits)) return false;
  const list = new BlockList();
  list.addSubnet(network, Math.min(Number(bits), family === 6 ? 128 : 32), family === 6 ? 'ipv6' : 'ipv4');
  return list.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
