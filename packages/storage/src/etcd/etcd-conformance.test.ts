import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll } from 'vitest';
import { type EtcdCluster, startEtcd } from '../testing/etcd/index.js';
import { describeKvBackend } from '../testing/kv/index.js';
import { EtcdBackend } from './etcd-backend.js';

/** etcd takes requests of 1.5 MiB by default, key and framing included. */
const MAX_REQUEST_BYTES = 1.5 * 1024 * 1024;
const FRAMING_BYTES = 1024;

let cluster: EtcdCluster;

beforeAll(async () => {
  cluster = await startEtcd();
});

afterAll(() => cluster?.stop());

describeKvBackend('etcd', async () => new EtcdBackend({ endpoints: cluster.endpoints }), {
  acceptedValueBytes: MAX_REQUEST_BYTES - FRAMING_BYTES,
  rejectedValueBytes: MAX_REQUEST_BYTES + 1,
  keepsDeleteAtCompaction: keepsDeleteAtCompaction(),
});

/** Fixed in 3.4.36, 3.5.18 and 3.6 (etcd#19179). */
function keepsDeleteAtCompaction(): boolean {
  const version = /etcd Version: 3\.(\d+)\.(\d+)/.exec(spawnSync('etcd', ['--version'], { encoding: 'utf8' }).stdout);
  const [minor, patch] = [Number(version?.[1]), Number(version?.[2])];
  return minor > 5 || (minor === 5 && patch >= 18) || (minor === 4 && patch >= 36);
}
