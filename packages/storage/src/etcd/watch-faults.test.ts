import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KvEvent } from '../kv.js';
import { type EtcdCluster, startEtcd, TcpProxy } from '../testing/etcd/index.js';
import { WatchReader } from '../testing/kv/watch-reader.js';
import { EtcdBackend } from './etcd-backend.js';

const PREFIX = '/watch/';

let cluster: EtcdCluster;
let proxy: TcpProxy;
/** Watches through the proxy. */
let watcher: EtcdBackend;
/** Writes past it. */
let writer: EtcdBackend;

beforeAll(async () => {
  cluster = await startEtcd();
});

afterAll(() => cluster?.stop());

beforeEach(async () => {
  proxy = await TcpProxy.before(cluster.endpoints[0] ?? '');
  watcher = new EtcdBackend({ endpoints: [proxy.endpoint], attemptTimeoutMs: 1000, watchProbeMs: 500 });
  writer = new EtcdBackend({ endpoints: cluster.endpoints });
});

afterEach(async () => {
  await Promise.all([watcher.close(), writer.close()]);
  await proxy.close();
});

let names = 0;

async function write(count: number): Promise<number> {
  let revision = 0;
  for (let i = 0; i < count; i++) revision = (await writer.put(`${PREFIX}${names++}`, Buffer.from('x'), 0)).revision;
  return revision;
}

function revisionsOf(events: readonly KvEvent[]): number[] {
  return events.map((event) => event.modRevision);
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

describe('a watch whose connection fails', () => {
  it('goes on where it was, with what happened meanwhile', async () => {
    const from = (await writer.currentRevision()) + 1;
    const watch = new WatchReader(watcher, PREFIX, from);
    const first = watch.next(3);
    await write(3);
    expect(revisionsOf(await first)).toEqual(range(from, 3));
    proxy.refuse(true);
    proxy.cut();
    await write(50);
    proxy.refuse(false);
    expect(revisionsOf(await watch.next(50))).toEqual(range(from + 3, 50));
    watch.cancel();
  });

  it('loses nothing when the connection breaks before history was delivered', async () => {
    const from = (await writer.currentRevision()) + 1;
    await write(20);
    // What the watch asks for arrives at etcd, what etcd answers is lost.
    proxy.set('toClient', 'discard');
    const watch = new WatchReader(watcher, PREFIX, from);
    const events = watch.next(20);
    await sleep(300);
    proxy.cut();
    proxy.set('toClient', 'forward');
    expect(revisionsOf(await events)).toEqual(range(from, 20));
    watch.cancel();
  });

  it('notices a connection that is silent for ever', async () => {
    const from = (await writer.currentRevision()) + 1;
    const watch = new WatchReader(watcher, PREFIX, from);
    const first = watch.next(1);
    await write(1);
    await first;
    proxy.set('both', 'discard');
    await write(5);
    const rest = watch.next(5);
    await sleep(200);
    // New connections work; the old one stays open and dead.
    proxy.set('both', 'forward');
    expect(revisionsOf(await rest)).toEqual(range(from + 1, 5));
    watch.cancel();
  });

  it('ends with `compacted` when history it still needs is gone', async () => {
    const from = (await writer.currentRevision()) + 1;
    const watch = new WatchReader(watcher, PREFIX, from);
    const first = watch.next(1);
    await write(1);
    await first;
    proxy.refuse(true);
    proxy.cut();
    const last = await write(10);
    await writer.compact(last);
    proxy.refuse(false);
    await expect(watch.next(1)).rejects.toMatchObject({ code: 'compacted', revision: last });
  });
});

describe('a watch whose reader is slow', () => {
  it('makes etcd wait, and delivers everything in the end', async () => {
    const from = (await writer.currentRevision()) + 1;
    const watch = new WatchReader(watcher, PREFIX, from);
    const count = 25_000;
    for (let written = 0; written < count; written += 500) await Promise.all(Array.from({ length: 500 }, () => write(1)));
    expect(revisionsOf(await watch.next(count))).toEqual(range(from, count));
    watch.cancel();
  });
});
