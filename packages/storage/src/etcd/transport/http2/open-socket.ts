import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { dialAddressOf, directDialer, urlHost } from '@keelson/machinery';
import type { EtcdSettings } from '../../etcd-options.js';

/** A connection to a member, encrypted where its URL says so. Rejects with the reason of `signal` when that aborts. */
export async function openSocket(endpoint: URL, settings: EtcdSettings, signal: AbortSignal): Promise<Duplex> {
  const plain = await (settings.dialer ?? directDialer).dial(dialAddressOf(endpoint), signal);
  if ('setNoDelay' in plain && typeof plain.setNoDelay === 'function') plain.setNoDelay(true);
  if (endpoint.protocol !== 'https:') return plain;
  return encrypted(plain, urlHost(endpoint), settings, signal);
}

function encrypted(plain: Duplex, host: string, settings: EtcdSettings, signal: AbortSignal): Promise<TLSSocket> {
  const { ca, cert, key } = (typeof settings.tls === 'function' ? settings.tls() : settings.tls) ?? {};
  // The certificate is that of `host`; only names are told to the server (RFC 6066, 3).
  const name = isIP(host) === 0 ? { host, servername: host } : { host };
  const socket = connect({ socket: plain, ...name, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), ALPNProtocols: ['h2'] });
  plain.on('error', (error) => socket.destroy(error));
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      signal.removeEventListener('abort', abort);
      socket.on('error', () => undefined).destroy();
      plain.destroy();
      reject(error);
    };
    const abort = () => fail(signal.reason);
    const closed = () => fail(new Error('the peer closed the connection'));
    socket.once('error', fail).once('close', closed);
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', fail).off('close', closed);
      resolve(socket);
    });
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
  });
}
