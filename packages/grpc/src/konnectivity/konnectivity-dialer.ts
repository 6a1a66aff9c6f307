import { randomInt } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { Client, credentials } from '@grpc/grpc-js';
import { authorityOf, type DialAddress, type Dialer, ProxyRefusal } from '@keelson/machinery';
import { RpcError } from '../rpc-error.js';
import { PacketType, packets, tunnelPath } from './packets.js';
import { Tunnel } from './tunnel.js';
import { TunnelConnection } from './tunnel-connection.js';

/** For the proxy to be reached, and then for it to connect. */
const TIMEOUT_MS = 30_000;
const MOST_RANDOM = 2 ** 47;

/**
 * Through a proxy of apiserver-network-proxy on a unix socket, whose agents stand in the network of the nodes. Every connection
 * has a channel of its own: a reader that is slow would use up the window of a shared one.
 */
export class KonnectivityDialer implements Dialer {
  readonly #socket: string;

  constructor(socket: string) {
    this.#socket = socket;
  }

  async dial(address: DialAddress, signal?: AbortSignal): Promise<Duplex> {
    const tunnel = await this.#open();
    try {
      return await connect(tunnel, address, signal);
    } catch (error) {
      tunnel.close();
      throw error;
    }
  }

  #open(): Promise<Tunnel> {
    const client = new Client(`unix:${this.#socket}`, credentials.createInsecure(), {
      'grpc.default_authority': 'localhost',
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_retries': 0,
      'grpc.max_receive_message_length': -1,
    });
    return new Promise((resolve, reject) => {
      client.waitForReady(Date.now() + TIMEOUT_MS, (error) => {
        if (!error) return resolve(new Tunnel(client, client.makeBidiStreamRequest(tunnelPath, packets.encode, packets.decode)));
        client.close();
        reject(error);
      });
    });
  }
}

function connect(tunnel: Tunnel, address: DialAddress, signal: AbortSignal | undefined): Promise<TunnelConnection> {
  const random = randomInt(MOST_RANDOM);
  return new Promise((resolve, reject) => {
    const giveUp = (why: string) => {
      settle();
      tunnel.send({ type: PacketType.closeDial, closeDial: { random } });
      reject(new ProxyRefusal(why));
    };
    const abort = () => giveUp('dial timeout, context');
    const timer = setTimeout(() => giveUp('dial timeout, backstop'), TIMEOUT_MS).unref();
    signal?.addEventListener('abort', abort);
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const fail = (error: Error) => {
      settle();
      reject(error);
    };
    tunnel.receive({
      packet({ type, dialResponse }) {
        if (type === PacketType.closeDial) return fail(new ProxyRefusal('dial closed'));
        if (type !== PacketType.dialResponse || dialResponse?.random !== random) return;
        if (dialResponse.error) return fail(new ProxyRefusal(dialResponse.error));
        settle();
        resolve(new TunnelConnection(tunnel, dialResponse.connectID));
      },
      end: (error) => fail(new ProxyRefusal(error === undefined ? 'tunnel closed' : RpcError.of(error).message)),
    });
    if (signal?.aborted) return abort();
    tunnel.send({ type: PacketType.dialRequest, dialRequest: { protocol: 'tcp', address: authorityOf(address), random } });
  });
}
