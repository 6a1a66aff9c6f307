import { isIPv6 } from 'node:net';
import { firstPublicAddress } from '../pki/ensure-serving-certificate.js';
import type { ServingOptions } from './options.js';

type Serving = Pick<ServingOptions, 'externalHostname' | 'advertiseAddress' | 'bindAddress' | 'port'>;

/** Host under which others find this server, perhaps with its port; undefined when none is known. */
export function externalHost({ externalHostname, advertiseAddress }: Omit<Serving, 'port' | 'bindAddress'>): string | undefined {
  return externalHostname ?? advertiseAddress ?? firstPublicAddress();
}

/** `host:port` for URLs that point back at this server. */
export function externalAddress(serving: Serving): string {
  const host = externalHost(serving) ?? serving.bindAddress;
  if (isIPv6(host)) return `[${host}]:${serving.port}`;
  return /:\d+$/.test(host) ? host : `${host}:${serving.port}`;
}
