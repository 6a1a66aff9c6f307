import { readFileSync } from 'node:fs';
import type { StoreCheck } from '@keelson/server';
import type { KvBackend } from '@keelson/storage';
import { MemoryBackend } from '@keelson/storage/memory';

/** An etcd with TLS. */
export interface StorageOptions {
  readonly etcd: readonly string[];
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

export interface OpenedStorage {
  readonly backend: KvBackend;
  check(purpose: StoreCheck): Promise<void>;
}

const EMBEDDED = 'embedded:';
const CHECK_TIMEOUT_MS = 2_000;
/** As kube-apiserver's; with whom else serves this etcd it is done together. */
const COMPACTION_INTERVAL_MS = 300_000;

/** Opens a store by its name. Backends are loaded when they are used: each brings a heavy dependency. */
export async function openStorage(storage: string | StorageOptions, keyPrefix: string): Promise<OpenedStorage> {
  if (typeof storage === 'object') return openEtcd(storage, keyPrefix);
  if (storage === 'memory') return checked(new MemoryBackend());
  if (/^https?:\/\//.test(storage)) return openEtcd({ etcd: storage.split(',') }, keyPrefix);
  if (!storage.startsWith(EMBEDDED) || storage === EMBEDDED)
    throw new Error(`storage ${JSON.stringify(storage)} is neither "memory", nor "embedded:DIRECTORY", nor URLs of etcd`);
  const { EmbeddedBackend } = await import('@keelson/storage/embedded');
  return checked(await EmbeddedBackend.open({ dir: storage.slice(EMBEDDED.length) }));
}

function checked(backend: KvBackend): OpenedStorage {
  return { backend, check: async () => void (await backend.currentRevision()) };
}

async function openEtcd({ etcd, caFile, certFile, keyFile }: StorageOptions, keyPrefix: string): Promise<OpenedStorage> {
  const { EtcdBackend } = await import('@keelson/storage/etcd');
  const isSecure = caFile !== undefined || certFile !== undefined;
  const backend = new EtcdBackend({
    endpoints: etcd,
    healthKey: `${keyPrefix}/health`,
    compactionIntervalMs: COMPACTION_INTERVAL_MS,
    // Read again for each new connection, so that rotated files are picked up.
    ...(isSecure && {
      tls: () => ({
        ...(caFile !== undefined && { ca: readFileSync(caFile) }),
        ...(certFile !== undefined && keyFile !== undefined && { cert: readFileSync(certFile), key: readFileSync(keyFile) }),
      }),
    }),
  });
  return { backend, check: () => backend.checkHealth(CHECK_TIMEOUT_MS) };
}
