import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startCluster } from '../support/start-cluster.js';
import { AnyServer } from './any-server.js';
import { type Disturbance, disturb } from './disturbances.js';
import { Workload } from './workload.js';

const masters = 3;
const namespace = 'disturbed';

const disturbances: readonly Disturbance[] = [
  { process: 'etcd-0' },
  { process: 'apiserver-0' },
  { process: 'etcd-1', pausedMs: 4000 },
  { process: 'apiserver-1', pausedMs: 4000 },
  { process: 'haproxy' },
  { process: 'etcd-2' },
  { process: 'etcd-2', pausedMs: 1500 },
  { process: 'apiserver-2' },
];

let cluster: RunningKeelson | undefined;
let servers: AnyServer;

beforeAll(async () => {
  // Nobody else is to write config maps.
  cluster = await startCluster({ masters, flags: { controllers: '' } });
  servers = new AnyServer(cluster, masters);
  await servers.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
});

afterAll(async () => {
  servers?.close();
  await cluster?.stop();
});

it('keeps what it acknowledged, shows it to every reader and every watch, while its processes are killed and paused', async () => {
  if (cluster === undefined) throw new Error('no cluster was started');
  const workload = await Workload.begin(servers, namespace);
  for (const disturbance of disturbances) await disturb(cluster, servers.ports, disturbance);
  await workload.end();
  expect(workload.contradictions).toEqual([]);
  const { counter, counted } = workload;
  expect(counted).toBeGreaterThanOrEqual(counter.acknowledged);
  expect(counted).toBeLessThanOrEqual(counter.acknowledged + counter.unknown);
  expect(workload.watches.map(({ lists }) => lists)).toEqual(servers.ports.map(() => 1));
  for (const { acknowledged } of workload.registers) expect(acknowledged.length).toBeGreaterThan(disturbances.length);
}, 240_000);
