import type { Duplex } from 'node:stream';
import { authorityOf, type DialAddress, dialAddressOf } from './dial-address.js';
import type { Dialer } from './dialer.js';
import { DIAL_TIMEOUT_MS } from './direct-dialer.js';

/** What Go says of a proxy's replies (RFC 1928, section 6), by what the library calls them. */
const replies: Readonly<Record<string, string>> = {
  Failure: 'general SOCKS server failure',
  NotAllowed: 'connection not allowed by ruleset',
  NetworkUnreachable: 'network unreachable',
  HostUnreachable: 'host unreachable',
  ConnectionRefused: 'connection refused',
  TTLExpired: 'TTL expired',
  CommandNotSupported: 'command not supported',
  AddressNotSupported: 'address type not supported',
};

/** Through a SOCKS5 proxy (RFC 1928), which also finds out where hosts are. */
export class SocksDialer implements Dialer {
  readonly #proxy: DialAddress;
  readonly #credentials: { readonly userId: string; readonly password: string } | undefined;
  readonly #through: Dialer | undefined;

  /** `through`: the way to the proxy itself. */
  constructor(proxy: URL, through?: Dialer) {
    const { username, password } = proxy;
    this.#proxy = dialAddressOf(proxy);
    this.#through = through;
    if (username !== '') this.#credentials = { userId: decodeURIComponent(username), password: decodeURIComponent(password) };
  }

  /** The library is loaded with the first connection: hardly anybody has such a proxy. */
  async dial(destination: DialAddress, signal?: AbortSignal): Promise<Duplex> {
    const { SocksClient } = await import('socks');
    const socket = await this.#through?.dial(this.#proxy, signal);
    try {
      const { socket: connected } = await SocksClient.createConnection({
        proxy: { ...this.#proxy, type: 5, ...this.#credentials },
        command: 'connect',
        destination,
        timeout: DIAL_TIMEOUT_MS,
        ...(socket && { existing_socket: socket as never }),
      });
      return connected;
    } catch (error) {
      throw this.#failure(error as Error, authorityOf(destination));
    }
  }

  #failure(error: Error, destination: string): Error {
    const reply = /rejected connection - (\w+)/.exec(error.message)?.[1];
    const why = reply === undefined ? error.message : `unknown error ${replies[reply] ?? reply}`;
    return new Error(`socks connect tcp ${authorityOf(this.#proxy)}->${destination}: ${why}`, { cause: error });
  }
}
