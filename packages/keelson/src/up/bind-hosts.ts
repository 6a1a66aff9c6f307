import { networkInterfaces } from 'node:os';
import { joinHostPort } from '@keelson/machinery';

const isUnspecified = (address: string): boolean => address === '0.0.0.0' || /^[0:]+$/.test(address);

/** Host under which this machine reaches what listens on `bindAddress`. */
export function localHost(bindAddress: string): string {
  if (!isUnspecified(bindAddress)) return bindAddress;
  return '127.0.0.1';
}

/** Every address that what listens on `bindAddress` is reached under, for its certificate. */
export function certifiedHosts(bindAddress: string): readonly string[] {
  if (!isUnspecified(bindAddress)) return [bindAddress];
  return Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).map(({ address }) => address));
}

export const httpsUrl = (host: string, port: number): string => `https://${joinHostPort(host, port)}`;
