import { joinHostPort } from '../../url/join-host-port.js';

/** Where a connection goes. */
export interface DialAddress {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
}

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'socks5:': 1080, 'socks5h:': 1080 };

/** Where a URL's server is to be found. */
export function dialAddressOf(url: URL): DialAddress {
  return { host: urlHost(url), port: url.port === '' ? (defaultPorts[url.protocol] ?? 0) : Number(url.port) };
}

/** A URL's host, of which addresses of IPv6 have brackets there. */
export function urlHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** `[::1]:80` */
export function authorityOf({ host, port }: DialAddress): string {
  return joinHostPort(host, port);
}
