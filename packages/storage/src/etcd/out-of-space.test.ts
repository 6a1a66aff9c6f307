import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StorageError } from '../storage-error.js';
import { type EtcdCluster, startEtcd } from '../testing/etcd/index.js';
import { EtcdBackend } from './etcd-backend.js';

const bulk = Buffer.alloc(900_000, 'x');

let cluster: EtcdCluster;
let backend: EtcdBackend;

beforeAll(async () => {
  cluster = await startEtcd({ flags: ['--quota-backend-bytes=16777216'] });
  backend = new EtcdBackend({ endpoints: cluster.endpoints });
});
afterAll(async () => {
  await backend?.close();
  await cluster?.stop();
});

async function failureOf(write: Promise<unknown>): Promise<[code: string, message: string] | undefined> {
  const failure = await write.then(
    () => undefined,
    (error: StorageError) => error,
  );
  return failure && [failure.code, failure.message];
}

describe('an etcd without space', () => {
  it('has applied the write that takes the last of it, and surely refused those after it', async () => {
    const { revision } = await backend.put('/space/kept', Buffer.from('kept'), 0);
    let written = 0;
    let failure: Awaited<ReturnType<typeof failureOf>>;
    while (failure === undefined) {
      failure = await failureOf(backend.put(`/space/bulk-${written}`, bulk, 0));
      if (failure === undefined) written++;
    }
    const refused = ['rejected', 'etcdserver: mvcc: database space exceeded'];
    expect(failure).toEqual(refused);
    expect(await failureOf(backend.put('/space/kept', Buffer.from('changed'), revision))).toEqual(refused);
    const { kvs } = await backend.list('/space/');
    const bulks = Array.from({ length: written }, (_, i) => `/space/bulk-${i}`).sort();
    expect(kvs.map(({ key, value }) => [key, value.length])).toEqual([...bulks.map((key) => [key, bulk.length]), ['/space/kept', 4]]);
    expect((await backend.delete('/space/kept', revision)).ok).toBe(true);
  });
});
