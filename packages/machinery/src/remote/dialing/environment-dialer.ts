import type { Duplex } from 'node:stream';
import { proxyFor } from '../proxy-settings.js';
import { authorityOf, type DialAddress } from './dial-address.js';
import type { Dialer } from './dialer.js';
import { directDialer } from './direct-dialer.js';
import { proxyDialer } from './proxy-dialer.js';

/**
 * The way that requests over HTTPS take: `through`, but where the environment names a proxy by way of that, which is reached
 * `through` then. As it was when the environment names none.
 */
export function environmentDialer(through?: Dialer): Dialer | undefined {
  const named = process.env.HTTPS_PROXY || process.env.https_proxy;
  return named ? new EnvironmentDialer(through) : through;
}

class EnvironmentDialer implements Dialer {
  constructor(private readonly through: Dialer | undefined) {}

  async dial(address: DialAddress, signal?: AbortSignal): Promise<Duplex> {
    const proxy = proxyFor(new URL(`https://${authorityOf(address)}`));
    const way = proxy === undefined ? (this.through ?? directDialer) : proxyDialer(proxy, this.through);
    return way.dial(address, signal);
  }
}
