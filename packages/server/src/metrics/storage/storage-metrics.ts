import { exponentialBounds, type Histogram } from '@keelson/machinery';
import type { KmsObserver, OnTransformation } from '@keelson/storage';
import type { Log } from '../../logging/log.js';
import { Asked } from '../registry/asked.js';
import { CollectedFamily, CollectedHistogramFamily, CounterFamily, HistogramFamily } from '../registry/family.js';
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

  /** Shown from the start, as kube-apiserver does. */
  readonly kms: KmsObserver;

  constructor(registry: MetricsRegistry) {
    this.kms = kmsObserver(registry);
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

function kmsObserver(registry: MetricsRegistry): KmsObserver {
  const misses = registry
    .add(
      new CounterFamily(
        'apiserver_storage_envelope_transformation_cache_misses_total',
        '[ALPHA] Keys that a key management plugin had to be asked for.',
        [],
      ),
    )
    .child();
  const generations = registry
    .add(
      new HistogramFamily(
        'apiserver_storage_data_key_generation_duration_seconds',
        '[ALPHA] Time to make a key that values are sealed with.',
        [],
        exponentialBounds(5e-6, 2, 14),
      ),
    )
    .child();
  return { onMiss: () => misses.add(), onGenerated: (durationMs) => generations.observe(durationMs / 1000) };
}

/** How many keys shared each lease that is no longer used for new ones. */
export function addLeaseKeys(registry: MetricsRegistry, keys: Histogram): void {
  const help = '[ALPHA] Keys on a lease of etcd when a newer one takes its place.';
  registry.add(new CollectedHistogramFamily('etcd_lease_object_counts', help, [], () => [[[], keys]]));
}

/** Shown as that of the only etcd there is, as kube-apiserver does. */
export function addStorageSize(registry: MetricsRegistry, ask: () => Promise<number>, log: Log): void {
  const bytes = new Asked(ask, (error) => log.warn('the store does not tell its size', { error }));
  const help = '[STABLE] Bytes that the store takes up on disk.';
  const collect = (): [string[], number][] => (bytes.value === undefined ? [] : [[['etcd-0'], bytes.value]]);
  registry.add(new CollectedFamily('gauge', 'apiserver_storage_size_bytes', help, ['storage_cluster_id'], collect, () => bytes.prepare()));
}
