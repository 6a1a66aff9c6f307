import { readFileSync } from 'node:fs';
import { directDialer, type Egress } from '@keelson/machinery';
import type { StoreCheck } from '@keelson/server';
import type { KvBackend } from '@keelson/storage';
import type { ApiServerOptions, EtcdStorageOptions, KeyPairFiles } from '../options.js';

/** A store to serve from, and how /livez and /readyz ask whether it answers. */
export interface OpenedBackend {
  readonly backend: KvBackend;
  checkHealth(purpose: StoreCheck): Promise<void>;
}

/** Opens the store that the options name. Backends are loaded only when used: each brings a heavy dependency. */
export async function openBackend({ storage, storagePolicy }: ApiServerOptions, egress: Egress): Promise<OpenedBackend> {
  if (storage.backend === 'etcd3') return openEtcd(storage, storagePolicy, egress);
  const { EmbeddedBackend } = await import('@keelson/storage/embedded');
  const { compactionIntervalMs } = storagePolicy;
  const backend = await EmbeddedBackend.open({
    dir: storage.dataDir,
    ...(compactionIntervalMs > 0 && { historyMs: compactionIntervalMs }),
  });
  return { backend, checkHealth: async () => void (await backend.currentRevision()) };
}

async function openEtcd(
  storage: EtcdStorageOptions,
  { prefix, compactionIntervalMs }: ApiServerOptions['storagePolicy'],
  { etcd: dialer }: Egress,
): Promise<OpenedBackend> {
  const { EtcdBackend } = await import('@keelson/storage/etcd');
  const { servers, caFile, client, leaseReuseSeconds, healthCheckTimeoutMs, readyCheckTimeoutMs } = storage;
  const secure = caFile !== undefined || client !== undefined;
  const backend = new EtcdBackend({
    endpoints: servers,
    healthKey: `${prefix}/health`,
    compactionIntervalMs,
    leaseReuseSeconds,
    // The plain way needs no help.
    ...(dialer && dialer !== directDialer && { dialer }),
    ...(secure && { tls: () => readTls(caFile, client) }),
  });
  const timeoutMs = { health: healthCheckTimeoutMs, readiness: readyCheckTimeoutMs };
  return { backend, checkHealth: (purpose) => backend.checkHealth(timeoutMs[purpose]) };
}

/** Read again for each new connection, so that rotated files are picked up. */
function readTls(caFile: string | undefined, client: KeyPairFiles | undefined) {
  return {
    ...(caFile !== undefined && { ca: readFileSync(caFile) }),
    ...(client && { cert: readFileSync(client.certFile), key: readFileSync(client.keyFile) }),
  };
}
