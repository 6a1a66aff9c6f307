import { joinHostPort } from '@keelson/machinery';
import { firstPublicAddress } from '../pki/ensure-serving-certificate.js';
import type { ServingOptions } from './options.js';

const hasPort = /^([^:]+|\[.*\]):\d+$/;

type Serving = Pick<ServingOptions, 'externalHostname' | 'advertiseAddress' | 'bindAddress' | 'port'>;

/** Host under which others find this server, perhaps with its port; undefined when none is known. */
export function externalHost({ externalHostname, advertiseAddress }: Omit<Serving, 'port' | 'bindAddress'>): string | undefined {
  return externalHostname ?? advertiseAddress ?? firstPublicAddress();
}

/** `host:port` for URLs that point back at this server. */
export function externalAddress(serving: Serving): string {
  const host = externalHost(serving) ?? serving.bindAddress;
  return hasPort.test(host) ? host : joinHostPort(host, serving.port);
}
