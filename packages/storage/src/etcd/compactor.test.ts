import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EtcdCluster, startEtcd } from '../testing/etcd/index.js';
import { COMPACT_KEY, compactRound } from './compactor.js';
import { EtcdBackend } from './etcd-backend.js';
import { EtcdCalls } from './etcd-calls.js';
import { etcdSettings } from './etcd-options.js';
import { Slab } from './slab.js';
import { GrpcTransport } from './transport/grpc-transport.js';

let cluster: EtcdCluster;
let backend: EtcdBackend;
let calls: EtcdCalls;

beforeAll(async () => {
  cluster = await startEtcd();
  backend = new EtcdBackend({ endpoints: cluster.endpoints });
  const settings = etcdSettings({ endpoints: cluster.endpoints });
  calls = new EtcdCalls([new GrpcTransport(cluster.endpoints[0] ?? '', settings)], settings);
});

afterAll(async () => {
  calls.close();
  await backend.close();
  await cluster.stop();
});

it('compacts once per interval, whoever else does', async () => {
  const slab = new Slab(1024);
  const { revision: written } = await backend.put('/a', Buffer.from('1'), 0);
  const { revision: later } = await backend.put('/a', Buffer.from('2'), written);
  const compactedTo = async () => (await backend.get(COMPACT_KEY)).kv?.value.toString();

  // The first round of a fresh store only starts the clock.
  const one = await compactRound(calls, slab, { clock: 0, revision: 0, compacted: 0 });
  expect(one).toEqual({ clock: 1, revision: later + 1, compacted: 0 });
  expect(await compactedTo()).toBe('0');
  // Another server that starts now learns the time and the revision, and does nothing.
  const two = await compactRound(calls, slab, { clock: 0, revision: 0, compacted: 0 });
  expect(two).toEqual({ clock: 1, revision: later + 1, compacted: 0 });
  expect((await backend.get('/a', { revision: written })).kv?.value.toString()).toBe('1');

  // Next interval: one of them compacts to what it saw a round before, the other sees that it did.
  expect(await compactRound(calls, slab, two)).toEqual({ clock: 2, revision: later + 2, compacted: later + 1 });
  expect(await compactedTo()).toBe(String(later + 1));
  expect(await compactRound(calls, slab, one)).toEqual({ clock: 2, revision: later + 2, compacted: later + 1 });
  await expect(backend.get('/a', { revision: written })).rejects.toMatchObject({ code: 'compacted', revision: later + 1 });
  expect((await backend.get('/a')).kv?.value.toString()).toBe('2');
});

it('does so by itself when the backend is told to', async () => {
  const { revision } = await backend.put('/b', Buffer.from('1'), 0);
  await backend.put('/b', Buffer.from('2'), revision);
  const replicas = [1, 2].map(() => new EtcdBackend({ endpoints: cluster.endpoints, compactionIntervalMs: 50 }));
  try {
    await expect.poll(() => backend.get('/b', { revision }).catch((error: { code?: string }) => error.code)).toBe('compacted');
  } finally {
    await Promise.all(replicas.map((replica) => replica.close()));
  }
});
