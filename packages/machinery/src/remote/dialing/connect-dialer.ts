import { type IncomingMessage, request } from 'node:http';
import { type RequestOptions, request as requestSecurely } from 'node:https';
import type { Duplex } from 'node:stream';
import { authorityOf, type DialAddress } from './dial-address.js';
import type { Dialer } from './dialer.js';
import { DIAL_TIMEOUT_MS } from './direct-dialer.js';
import { ProxyRefusal } from './proxy-refusal.js';

/** How a proxy is reached that is asked to connect, and what is told when it does not or cannot be reached. */
export interface ConnectProxy {
  readonly secure: boolean;
  /** Host and port, or socket, and what TLS needs. */
  readonly reach: RequestOptions;
  /** The way to the proxy itself; absent: straight, by `reach`. */
  readonly through?: { readonly dialer: Dialer; readonly address: DialAddress };
  readonly headers?: Readonly<Record<string, string>>;
  /** `Host` of the request; the authority that is connected to when absent. */
  readonly host?: string;
  refused(answer: IncomingMessage, authority: string): string;
  failed(error: Error, authority: string): Error;
}

/** Through a proxy over HTTP that is asked to connect (RFC 9110, 9.3.6) and sees nothing of what the connection carries. */
export class ConnectDialer implements Dialer {
  readonly #proxy: ConnectProxy;

  constructor(proxy: ConnectProxy) {
    this.#proxy = proxy;
  }

  async dial(address: DialAddress, signal?: AbortSignal): Promise<Duplex> {
    const authority = authorityOf(address);
    const { secure, reach, through, headers, host = authority, refused, failed } = this.#proxy;
    const socket = await through?.dialer.dial(through.address, signal);
    const options = {
      ...reach,
      method: 'CONNECT',
      path: authority,
      timeout: DIAL_TIMEOUT_MS,
      headers: { Host: host, ...headers },
      ...(signal && { signal }),
      // Of TLS it is what is encrypted, else the connection itself.
      ...(socket && !secure ? { createConnection: () => socket } : { agent: false, ...(socket && { socket }) }),
    } as const;
    const asked = secure ? requestSecurely(options) : request(options);
    return new Promise((resolve, reject) => {
      asked.once('connect', (answer: IncomingMessage, connection: Duplex, begun: Buffer) => {
        if (answer.statusCode === 200) {
          if (begun.length > 0) connection.unshift(begun);
          return resolve(connection);
        }
        connection.destroy();
        reject(new ProxyRefusal(refused(answer, authority)));
      });
      // A proxy that would rather answer than connect.
      asked.once('response', (answer: IncomingMessage) => {
        answer.destroy();
        reject(new ProxyRefusal(refused(answer, authority)));
      });
      asked.on('error', (error) => reject(failed(error, authority)));
      asked.once('timeout', () => asked.destroy(new Error('the proxy does not answer')));
      asked.end();
    });
  }
}
