import type { Agent } from 'node:http';
import {
  authorityOf,
  type DialAddress,
  type Dialer,
  environmentDialer,
  plainAgent,
  proxyDialer,
  proxyFor,
  secureAgent,
} from '@keelson/machinery';
import type { Destination, Ways } from './destination.js';

const keepAlive = { keepAlive: true } as const;
// Nobody vouches for the certificates of pods.
const unverified = { ...keepAlive, rejectUnauthorized: false } as const;

/** Connections to what runs in the cluster. */
export class ClusterAgents {
  readonly #dialer: Dialer | undefined;
  readonly #plain: Agent;
  readonly #secure: Ways;
  /** To the proxy that the environment names for plain HTTP; there is but one. */
  #toProxy: Agent | undefined;

  /** `dialer`: their way; Node's own when absent. */
  constructor(dialer?: Dialer) {
    this.#dialer = dialer;
    this.#plain = plainAgent(keepAlive, dialer);
    this.#secure = { upgrades: secureAgent(unverified, dialer), requests: secureAgent(unverified, environmentDialer(dialer)) };
  }

  /** `port`: that of the scheme when undefined. */
  destination(scheme: string, host: string, port: number | undefined): Destination {
    if (scheme === 'https') return { secure: true, ways: this.#secure, host, port: port ?? 443, path: '' };
    const address = { host, port: port ?? 80 };
    return { secure: false, ways: this.#plainWays(address), ...address, path: '' };
  }

  #plainWays(address: DialAddress): Ways {
    const proxy = proxyFor(new URL(`http://${authorityOf(address)}`));
    if (proxy === undefined) return { upgrades: this.#plain, requests: this.#plain };
    this.#toProxy ??= this.#agentTo(proxy);
    return { upgrades: this.#plain, requests: this.#toProxy, ...(!proxy.protocol.startsWith('socks5') && { proxy }) };
  }

  #agentTo(proxy: URL): Agent {
    if (proxy.protocol === 'https:') return secureAgent(keepAlive, this.#dialer);
    return proxy.protocol === 'http:' ? this.#plain : plainAgent(keepAlive, proxyDialer(proxy, this.#dialer));
  }
}
