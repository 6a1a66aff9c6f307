import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import {
  ConnectDialer,
  type ConnectProxy,
  connectionFailure,
  type Dialer,
  dialAddressOf,
  directDialer,
  type Egress,
} from '@keelson/machinery';
import type { EgressMetrics } from '@keelson/server';
import { FlagError } from '../../flags/flag-error.js';
import { type EgressConnection, readEgressConfiguration } from './egress-configuration.js';
import { MeasuredDialer } from './measured-dialer.js';

const selections: Readonly<Record<string, keyof Egress>> = { cluster: 'cluster', controlplane: 'controlPlane', etcd: 'etcd' };

/** The ways by which connections leave this server, by the file of `--egress-selector-config-file`, which is read once. */
export async function openEgress(file: string | undefined, metrics: EgressMetrics): Promise<Egress> {
  if (file === undefined) return {};
  try {
    const { egressSelections = [] } = await readEgressConfiguration(file);
    const ways = egressSelections.map(async ({ name = '', connection = {} }) => {
      const dialer = await dialerOf(connection, metrics).catch((error: Error) => {
        throw new Error(`failed to setup egress selector: failed to create dialer for egressSelection "${name}": ${error.message}`);
      });
      return [selections[name.toLowerCase()], dialer] as const;
    });
    return Object.fromEntries(await Promise.all(ways));
  } catch (error) {
    throw new FlagError((error as Error).message, { cause: error });
  }
}

async function dialerOf({ proxyProtocol, transport: { tcp, uds } = {} }: EgressConnection, metrics: EgressMetrics): Promise<Dialer> {
  if (proxyProtocol === 'Direct') return directDialer;
  const socket = uds?.udsName ?? '';
  if (proxyProtocol === 'GRPC') {
    const { KonnectivityDialer } = await import('@keelson/grpc');
    return new MeasuredDialer(new KonnectivityDialer(socket), metrics.of('grpc', 'uds'));
  }
  if (uds !== undefined) return new MeasuredDialer(connectDialer(false, { socketPath: socket }, socket), metrics.of('http_connect', 'uds'));
  const url = new URL(tcp?.url ?? '');
  const secure = url.protocol === 'https:';
  const tls = secure && tcp?.tlsConfig ? await readTls(tcp.tlsConfig) : {};
  return new MeasuredDialer(connectDialer(secure, { ...dialAddressOf(url), ...tls }, url.host), metrics.of('http_connect', 'tcp'));
}

type TlsConfig = NonNullable<NonNullable<NonNullable<EgressConnection['transport']>['tcp']>['tlsConfig']>;

async function readTls({ caBundle = '', clientCert = '', clientKey = '' }: TlsConfig): Promise<RequestOptions> {
  return {
    cert: await readFile(clientCert),
    key: await readFile(clientKey),
    ...(caBundle !== '' && { ca: await readFile(caBundle) }),
  };
}

function connectDialer(secure: boolean, reach: ConnectProxy['reach'], name: string): ConnectDialer {
  return new ConnectDialer({
    secure,
    reach,
    host: '127.0.0.1',
    refused: ({ statusCode = 0, statusMessage = '' }, authority) =>
      `proxy error from ${name} while dialing ${authority}, code ${statusCode}: ${statusCode} ${statusMessage}`,
    failed: (error) => new Error(failureOf(error, name), { cause: error }),
  });
}

/** Of a socket, too, in Go's words. */
function failureOf(error: NodeJS.ErrnoException, name: string): string {
  if (!name.startsWith('/')) return connectionFailure(error, name);
  const why = { ENOENT: 'no such file or directory', ECONNREFUSED: 'connection refused', EACCES: 'permission denied' }[error.code ?? ''];
  return `dial unix ${name}: connect: ${why ?? error.message}`;
}
