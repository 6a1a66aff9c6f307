import type { GroupResource } from '@keelson/machinery';
import { EncryptedBackend, type KvBackend } from '@keelson/storage';
import type { ApiServerConfig } from './api-server.js';
import { corruptObject } from './filters/corrupt-objects.js';
import { InstrumentedBackend } from './metrics/storage/instrumented-backend.js';
import type { StorageMetrics } from './metrics/storage/storage-metrics.js';

type StoreConfig = Pick<ApiServerConfig, 'backend' | 'ciphers' | 'keyPrefix' | 'features'>;

/** The store as a server uses it: measured, and with its values unsealed. */
export class ServerStore {
  readonly backend: KvBackend;
  readonly #layers: readonly [InstrumentedBackend, EncryptedBackend];

  constructor({ backend, ciphers, keyPrefix, features }: StoreConfig, metrics: StorageMetrics) {
    const measured = new InstrumentedBackend(backend, metrics);
    const unsealed = new EncryptedBackend(measured, ciphers ?? { cipherOf: () => undefined }, {
      onTransformation: metrics.onTransformation,
      ...(features?.get('AllowUnsafeMalformedObjectDeletion') && {
        describe: (key: string, why: string) => corruptObject(key.slice(keyPrefix.length), why),
      }),
    });
    this.#layers = [measured, unsealed];
    this.backend = unsealed;
  }

  /** Which resource's objects are behind a prefix of keys. */
  name(prefix: string, resource: GroupResource): void {
    for (const layer of this.#layers) layer.name(prefix, resource);
  }
}
