import type { StorageFormat } from '@keelson/server';
import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import type { EmbeddedStorageOptions, EncryptionFileOptions, EtcdStorageOptions, StoragePolicyOptions } from '../options.js';
import { keyPair } from './key-pair.js';
import type { Report } from './report.js';
import { given } from './report.js';

export function storageOptions(flags: ApiServerFlagValues, report: Report): EtcdStorageOptions | EmbeddedStorageOptions {
  if (flags['storage-backend'] === 'embedded') return embeddedStorageOptions(flags, report);
  if (flags['etcd-servers'].length === 0) report('--etcd-servers must be specified');
  if (flags['lease-reuse-duration-seconds'] < 0) report('--lease-reuse-duration-seconds can not be negative value');
  if (flags['data-dir'] !== '') report('--data-dir needs --storage-backend=embedded');
  for (const server of flags['etcd-servers']) {
    if (!/^https?:\/\//.test(server) || !URL.canParse(server))
      report(`--etcd-servers: ${JSON.stringify(server)} is not an http or https URL`);
  }
  const { 'etcd-certfile': certFile, 'etcd-keyfile': keyFile } = flags;
  return {
    backend: 'etcd3',
    servers: flags['etcd-servers'],
    caFile: given(flags['etcd-cafile']),
    client: keyPair(certFile, keyFile, () =>
      report(`--etcd-keyfile and --etcd-certfile: KeyFile and CertFile must both be present[key: ${keyFile}, cert: ${certFile}]`),
    ),
    healthCheckTimeoutMs: flags['etcd-healthcheck-timeout'],
    readyCheckTimeoutMs: flags['etcd-readycheck-timeout'],
    leaseReuseSeconds: flags['lease-reuse-duration-seconds'],
  };
}

function embeddedStorageOptions(flags: ApiServerFlagValues, report: Report): EmbeddedStorageOptions {
  if (flags['data-dir'] === '') report('--storage-backend=embedded needs --data-dir');
  if (flags['etcd-servers'].length > 0) report('--etcd-servers has no meaning with --storage-backend=embedded');
  return { backend: 'embedded', dataDir: flags['data-dir'] };
}

export function storagePolicyOptions(flags: ApiServerFlagValues, report: Report): StoragePolicyOptions {
  if (flags['event-ttl'] <= 0) report('--event-ttl must be greater than 0');
  for (const size of flags['watch-cache-sizes']) checkWatchCacheSize(size, report);
  return {
    prefix: `/${flags['etcd-prefix'].replace(/^\/+|\/+$/g, '')}`,
    compactionIntervalMs: flags['etcd-compaction-interval'],
    eventTtlMs: flags['event-ttl'],
    versions: storageVersions(flags['storage-versions'], report),
    format: storageFormat(flags['storage-media-type'], report),
    encryption: encryptionOptions(flags, report),
  };
}

const formats: ReadonlyMap<string, StorageFormat> = new Map([
  ['application/json', 'json'],
  ['application/vnd.kubernetes.protobuf', 'protobuf'],
  ['application/yaml', 'yaml'],
]);

/** JSON when it is empty, as in kube-apiserver. */
function storageFormat(mediaType: string, report: Report): StorageFormat {
  const format = formats.get(mediaType || 'application/json');
  if (format !== undefined) return format;
  report(`--storage-media-type ${JSON.stringify(mediaType)} invalid, allowed values: ${[...formats.keys()].join(', ')}`);
  return 'protobuf';
}

function encryptionOptions(flags: ApiServerFlagValues, report: Report): EncryptionFileOptions | undefined {
  const file = flags['encryption-provider-config'];
  const reload = flags['encryption-provider-config-automatic-reload'];
  if (file !== '') return { file, reload };
  if (reload) report('--encryption-provider-config-automatic-reload must be set with --encryption-provider-config');
  return undefined;
}

/** Whether there are such groups and versions is seen when the server is put together. */
function storageVersions(versions: readonly string[], report: Report): readonly string[] {
  const groups = new Set<string>();
  for (const text of versions) {
    if (!/^([^/=]+\/)?v\d+((alpha|beta)\d+)?$/.test(text)) {
      report(`--storage-versions: ${JSON.stringify(text)} is neither a version of the core group nor <group>/<version>`);
    }
    const group = text.includes('/') ? text.replace(/\/.*/, '') : '';
    if (groups.has(group)) report(`--storage-versions: more than one version of group ${JSON.stringify(group)}`);
    groups.add(group);
  }
  return versions;
}

/** A unit file that kube-apiserver refuses is refused here, though sizes have no effect. */
function checkWatchCacheSize(text: string, report: Report): void {
  const [, size, ...more] = text.split('#');
  if (size === undefined || more.length > 0) report(`invalid value of watch cache size: ${text}`);
  else if (!/^[+-]?\d+$/.test(size)) report(`invalid size of watch cache size: ${text}`);
  else if (Number(size) < 0) report(`watch cache size cannot be negative: ${text}`);
}
