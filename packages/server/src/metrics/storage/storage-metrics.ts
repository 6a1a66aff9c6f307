import type { OnTransformation } from '@keelson/storage';
import type { Log } from '../../logging/log.js';
import { CollectedFamily, CounterFamily, HistogramFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';
import { durationBounds } from '../requests/request-metrics.js';

/** Requests to the store; keep the children per resource. */
export class StorageMetrics {
  readonly requestDurations = new HistogramFamily(
    'etcd_request_duration_seconds',
    '[ALPHA] Time of requests to the store, by operation, group and resource.',
    ['operation', 'group', 'resource'],
    durationBounds,
  );
  readonly requests = new CounterFamily('etcd_requests_total', '[ALPHA] Requests to the store.', ['operation', 'group', 'resource']);
  readonly requestErrors = new CounterFamily('etcd_request_errors_total', '[ALPHA] Failed requests to the store.', [
    'operation',
    'group',
    'resource',
  ]);

  readonly transformations = new CounterFamily(
    'apiserver_storage_transformation_operations_total',
    '[ALPHA] Values sealed for the store and opened again, by resource and outcome.',
    ['resource', 'transformation_type', 'status'],
  );

  readonly encryptionReloads = new CounterFamily(
    'apiserver_encryption_config_controller_automatic_reloads_total',
    '[ALPHA] Times the encryption configuration was read again, by outcome.',
    ['status'],
  );

  constructor(registry: MetricsRegistry) {
    registry.add(this.transformations);
    registry.add(this.encryptionReloads);
    registry.add(this.requestDurations);
    registry.add(this.requests);
    registry.add(this.requestErrors);
  }

  readonly onEncryptionReload = (failed: boolean): void => {
    this.encryptionReloads.child(failed ? 'failure' : 'success').value++;
  };

  readonly onTransformation: OnTransformation = (type, { group, resource }, failed) => {
    const name = group === '' ? resource : `${resource}.${group}`;
    this.transformations.child(name, type, failed ? 'unknown-non-grpc' : 'OK').value++;
  };
}

/** Sizes are asked for when metrics are, and left out when they cannot be had then. */
export class StorageSize extends CollectedFamily {
  readonly #ask: () => Promise<number>;
  readonly #log: Log;
  #bytes: number | undefined;

  constructor(ask: () => Promise<number>, log: Log) {
    const help = '[STABLE] Bytes that the store takes up on disk.';
    super('gauge', 'apiserver_storage_size_bytes', help, ['storage_cluster_id'], () =>
      this.#bytes === undefined ? [] : [[['etcd-0'], this.#bytes]],
    );
    this.#ask = ask;
    this.#log = log;
  }

  override async prepare(): Promise<void> {
    this.#bytes = undefined;
    try {
      this.#bytes = await this.#ask();
    } catch (error) {
      this.#log.warn('the store does not tell its size', { error });
    }
  }
}
