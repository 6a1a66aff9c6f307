import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { type DialAddress, type Dialer, trusting } from '@keelson/machinery';

/** How the certificate of an extension server is checked. */
export interface BackendTrust {
  /** Name that its certificate must have: `<service>.<namespace>.svc`. */
  readonly serverName: string;
  /** PEM; the system's authorities when absent. */
  readonly authorities?: string;
  readonly insecure: boolean;
}

/** Where an extension server is, and by which certificate this server is known to it. */
export interface BackendAccess extends BackendTrust {
  readonly address: DialAddress;
  /** Of the front proxy, PEM. */
  readonly client?: ClientCertificate;
  /** The way there; Node's own when absent. */
  readonly dialer?: Dialer;
}

export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** For the connection and its handshake. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Peers that vanish without a word are noticed by TCP, too. */
const KEEP_ALIVE_MS = 15_000;

export function tlsOptions({ serverName, authorities, insecure, client }: BackendAccess): ConnectionOptions {
  return {
    servername: serverName,
    rejectUnauthorized: !insecure,
    ...(authorities !== undefined && trusting(authorities)),
    ...(client && { cert: client.certificate, key: client.key }),
  };
}

/** `protocols`: what to agree on, the preferred one first. Rejects with what Node says of the failure. */
export async function openConnection(access: BackendAccess, protocols: readonly string[], signal?: AbortSignal): Promise<TLSSocket> {
  const { address, dialer } = access;
  const place = dialer === undefined ? address : { socket: await dialer.dial(address, signal) };
  const socket = connect({ ...place, ...tlsOptions(access), ALPNProtocols: [...protocols] });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      settle();
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const abort = () => fail(signal?.reason);
    const timer = setTimeout(() => fail(new Error('net/http: TLS handshake timeout')), CONNECT_TIMEOUT_MS).unref();
    const succeed = () => {
      settle();
      resolve(socket);
    };
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.off('error', fail);
      socket.off('secureConnect', succeed);
    };
    socket.once('error', fail);
    socket.once('secureConnect', succeed);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
  });
}
