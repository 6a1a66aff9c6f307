import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KvEvent } from '../kv.js';
import { type EtcdCluster, startEtcd } from '../testing/etcd/index.js';
import { EtcdBackend } from './etcd-backend.js';

let cluster: EtcdCluster;
let etcd: EtcdBackend;

beforeAll(async () => {
  cluster = await startEtcd();
  etcd = new EtcdBackend({ endpoints: cluster.endpoints });
});

afterAll(async () => {
  await etcd?.close();
  await cluster?.stop();
});

describe('EtcdBackend', () => {
  it('writes by compare-and-set and reads back', async () => {
    const created = await etcd.put('/a/one', Buffer.from('1'), 0);
    expect(created).toEqual({ ok: true, revision: expect.any(Number) });
    expect(await etcd.get('/a/one')).toEqual({
      kv: { key: '/a/one', value: Buffer.from('1'), modRevision: created.revision },
      revision: created.revision,
    });
    expect(await etcd.put('/a/one', Buffer.from('2'), 0)).toEqual({
      ok: false,
      revision: created.revision,
      current: { key: '/a/one', value: Buffer.from('1'), modRevision: created.revision },
    });
    const deleted = await etcd.delete('/a/one', created.revision);
    expect(deleted).toEqual({ ok: true, revision: created.revision + 1 });
    expect(await etcd.delete('/a/one', created.revision)).toEqual({ ok: false, revision: created.revision + 1 });
  });

  it('knows its size on disk', async () => {
    expect(await etcd.sizeBytes()).toBeGreaterThan(16_384);
  });

  it('lists a large range in pages at one revision', async () => {
    const keys = Array.from({ length: 1500 }, (_, i) => `/list/${String(i).padStart(5, '0')}`);
    for (let i = 0; i < keys.length; i += 100) await Promise.all(keys.slice(i, i + 100).map((key) => etcd.put(key, Buffer.from(key), 0)));
    const list = await etcd.list('/list/');
    expect(list.kvs.map((kv) => kv.key)).toEqual(keys);
    expect(list.kvs.every((kv) => kv.value.toString() === kv.key)).toBe(true);
    expect(list.count).toBe(1500);
    const page = await etcd.list('/list/', { limit: 700, after: '/list/00099', revision: list.revision, keysOnly: true });
    expect(page.kvs.map((kv) => kv.key)).toEqual(keys.slice(100, 800));
    expect(page.count).toBe(1400);
  });

  it('watches from history and then live, and reports progress', async () => {
    const first = await etcd.put('/w/a', Buffer.from('1'), 0);
    await etcd.put('/w/a', Buffer.from('2'), first.revision);
    const abort = new AbortController();
    const events: KvEvent[] = [];
    let progress = 0;
    const watching = (async () => {
      for await (const batch of etcd.watch('/w/', first.revision, { signal: abort.signal, previous: true })) {
        events.push(...batch.events);
        if (batch.events.length === 0) progress = batch.revision;
        if (events.length === 2) void etcd.delete('/w/a', batch.revision);
        if (events.length === 3 && progress >= first.revision + 2) abort.abort();
      }
    })();
    await watching;
    const revision = first.revision;
    const value = (text: string) => Buffer.from(text);
    expect(events).toEqual([
      { type: 'put', key: '/w/a', modRevision: revision, created: true, value: value('1') },
      {
        type: 'put',
        key: '/w/a',
        modRevision: revision + 1,
        created: false,
        value: value('2'),
        previous: { key: '/w/a', value: value('1'), modRevision: revision },
      },
      {
        type: 'delete',
        key: '/w/a',
        modRevision: revision + 2,
        created: false,
        previous: { key: '/w/a', value: value('2'), modRevision: revision + 1 },
      },
    ]);
  });
});
