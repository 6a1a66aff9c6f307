import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { WatchBatch } from '../../kv.js';
import { etcdMessage, readEtcdMessage } from '../../testing/etcd/etcd-messages.js';
import { type ScriptedStream, ScriptedTransport } from '../../testing/etcd/scripted-transport.js';
import { etcdSettings } from '../etcd-options.js';
import { prefixSpan } from '../key-span.js';
import { EtcdWatches } from './etcd-watches.js';

const abort = new AbortController();
let opened: EtcdWatches | undefined;

afterEach(() => opened?.close());

/** A watch of `/a/` on one scripted member, with its first stream. */
async function watchFrom(from: number, { version = '3.5.21', current = 1000 } = {}) {
  const transport = new ScriptedTransport(() => etcdMessage('StatusResponse', { version }));
  const watches = new EtcdWatches([transport], etcdSettings({ endpoints: ['x'] }), async () => current);
  opened = watches;
  const reader = watches.open(prefixSpan('/a/'), from, { signal: abort.signal })[Symbol.asyncIterator]();
  const stream = await transport.opened(0);
  const next = async () => (await reader.next()).value as WatchBatch;
  return { transport, watches, stream, reader, next };
}

const response = (fields: object, revision = 100) => etcdMessage('WatchResponse', { header: { revision }, ...fields });
const created = (revision = 100) => response({ created: true }, revision);
const puts = (...revisions: number[]) => revisions.map((modRevision) => ({ kv: { key: Buffer.from(`/a/${modRevision}`), modRevision } }));
const revisions = (batch: WatchBatch) => batch.events.map((event) => event.modRevision);
const startRevision = (stream: ScriptedStream) =>
  (readEtcdMessage('WatchRequest', stream.sent[0] ?? Buffer.alloc(0)).createRequest as { startRevision: number }).startRevision;
const progressRequests = (stream: ScriptedStream) =>
  stream.sent.filter((sent) => 'progressRequest' in readEtcdMessage('WatchRequest', sent)).length;

describe('EtcdWatch', () => {
  it('asks for its first revision until something was delivered, whatever the member says of itself', async () => {
    const { transport, stream, next } = await watchFrom(5);
    expect(startRevision(stream)).toBe(5);
    stream.receive(created(90));
    stream.break();
    const second = await transport.opened(1);
    expect(startRevision(second)).toBe(5);
    second.receive(created(95));
    second.receive(response({ events: puts(5, 6) }));
    expect(revisions(await next())).toEqual([5, 6]);
  });

  it('goes on from the last revision it delivered, and drops what comes again', async () => {
    const { transport, stream, next } = await watchFrom(5);
    stream.receive(created());
    stream.receive(response({ events: puts(5, 7) }));
    stream.break();
    const second = await transport.opened(1);
    expect(startRevision(second)).toBe(7);
    second.receive(created());
    second.receive(response({ events: puts(4, 5, 7, 8) }));
    second.receive(response({ events: puts(8) }));
    second.receive(response({ events: puts(9) }));
    expect(revisions(await next())).toEqual([5, 7]);
    expect(revisions(await next())).toEqual([8]);
    expect(revisions(await next())).toEqual([9]);
  });

  it('drops events from before the revision that was asked for (etcd#20221)', async () => {
    const { stream, next } = await watchFrom(50);
    stream.receive(created(10));
    stream.receive(response({ events: puts(11) }, 11));
    stream.receive(response({ events: puts(50) }, 50));
    expect(await next()).toMatchObject({ events: [{ modRevision: 50 }], revision: 50 });
  });

  it('puts the fragments of a revision together', async () => {
    const { stream, next } = await watchFrom(5);
    stream.receive(created());
    stream.receive(response({ fragment: true, events: puts(5, 6) }));
    stream.receive(response({ fragment: true, events: puts(6) }));
    stream.receive(response({ events: puts(6, 7) }));
    expect(revisions(await next())).toEqual([5, 6, 6, 6, 7]);
  });

  it('forgets fragments of a revision that a broken stream did not finish', async () => {
    const { transport, stream, next } = await watchFrom(5);
    stream.receive(created());
    stream.receive(response({ fragment: true, events: puts(5, 6) }));
    stream.break();
    const second = await transport.opened(1);
    expect(startRevision(second)).toBe(5);
    second.receive(created());
    second.receive(response({ events: puts(5, 6, 6) }));
    expect(revisions(await next())).toEqual([5, 6, 6]);
  });

  it('delivers what it has, then fails, when history is compacted', async () => {
    const { stream, reader } = await watchFrom(5);
    stream.receive(created());
    stream.receive(response({ events: puts(5) }));
    stream.receive(response({ canceled: true, compactRevision: 80 }));
    expect((await reader.next()).value).toMatchObject({ revision: 5 });
    await expect(reader.next()).rejects.toMatchObject({ code: 'compacted', revision: 80 });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  it('fails when it is refused in the answer that creates it', async () => {
    const { stream, reader } = await watchFrom(5);
    stream.receive(response({ watchId: -1, created: true, canceled: true, cancelReason: 'etcdserver: permission denied' }));
    await expect(reader.next()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('tries again when it is canceled for another reason', async () => {
    const { transport, stream, next } = await watchFrom(5);
    stream.receive(created());
    stream.receive(response({ canceled: true, cancelReason: 'etcdserver: server stopped' }));
    const second = await transport.opened(1);
    expect(stream.open).toBe(false);
    second.receive(created());
    second.receive(response({ events: puts(5) }));
    expect(revisions(await next())).toEqual([5]);
  });

  it('takes an unreadable answer for a broken stream', async () => {
    const { transport, stream } = await watchFrom(5);
    stream.receive(Buffer.from([0x5a, 0xff]));
    await transport.opened(1);
    expect(stream.open).toBe(false);
  });

  it('asks for progress once it is created, and once more for what was asked meanwhile', async () => {
    const { watches, stream, next } = await watchFrom(5);
    watches.requestProgress();
    expect(progressRequests(stream)).toBe(0);
    stream.receive(created());
    expect(progressRequests(stream)).toBe(1);
    watches.requestProgress();
    watches.requestProgress();
    expect(progressRequests(stream)).toBe(1);
    stream.receive(response({ watchId: -1 }, 101));
    expect(progressRequests(stream)).toBe(2);
    expect(await next()).toEqual({ events: [], revision: 101 });
    stream.receive(response({ watchId: -1 }, 103));
    expect(progressRequests(stream)).toBe(2);
    expect(await next()).toEqual({ events: [], revision: 103 });
  });

  it('repeats a progress request that a busy member dropped', async () => {
    const { watches, stream, next } = await watchFrom(5);
    stream.receive(created());
    watches.requestProgress();
    while (progressRequests(stream) < 2) await sleep(20);
    stream.receive(response({ watchId: -1 }, 100));
    expect(await next()).toEqual({ events: [], revision: 100 });
  });

  it('repeats a progress request that was on its way when the stream broke', async () => {
    const { transport, watches, stream } = await watchFrom(5);
    stream.receive(created());
    watches.requestProgress();
    stream.break();
    const second = await transport.opened(1);
    second.receive(created());
    expect(progressRequests(second)).toBe(1);
  });

  it('believes only periodic progress of a member that answers out of order, and does not ask it', async () => {
    const { watches, stream, next } = await watchFrom(5, { version: '3.4.23' });
    stream.receive(created());
    watches.requestProgress();
    expect(progressRequests(stream)).toBe(0);
    expect(watches.progressIsReliable).toBe(false);
    stream.receive(response({ watchId: -1 }, 100));
    stream.receive(response({ watchId: 0 }, 101));
    expect(await next()).toEqual({ events: [], revision: 101 });
  });

  it('ignores progress of a member that is behind', async () => {
    const { transport, stream, next } = await watchFrom(5);
    stream.receive(created());
    stream.receive(response({ watchId: 0 }, 100));
    stream.break();
    const second = await transport.opened(1);
    second.receive(created(99));
    second.receive(response({ watchId: 0 }, 99));
    second.receive(response({ watchId: 0 }, 102));
    expect(await next()).toEqual({ events: [], revision: 100 });
    expect(await next()).toEqual({ events: [], revision: 102 });
  });

  it('fails when the store went back to before what it delivered', async () => {
    const { transport, stream, reader } = await watchFrom(5, { current: 60 });
    stream.receive(created());
    stream.receive(response({ events: puts(90) }));
    await reader.next();
    stream.break();
    const second = await transport.opened(1);
    second.receive(created(60));
    await expect(reader.next()).rejects.toMatchObject({ code: 'futureRevision', revision: 60 });
  });

  it('makes the sender wait for a slow reader, on the next stream too', async () => {
    const { transport, stream, next } = await watchFrom(5);
    stream.receive(created());
    for (let i = 5; i <= 10_010; i++) stream.receive(response({ events: puts(i) }));
    expect(stream.paused).toBe(true);
    stream.break();
    const second = await transport.opened(1);
    expect(second.paused).toBe(true);
    for (let i = 5; i <= 10_005; i++) expect(revisions(await next())).toEqual([i]);
    expect(second.paused).toBe(false);
  });
});
