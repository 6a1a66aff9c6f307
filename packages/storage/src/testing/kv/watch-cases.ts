import { expect, it } from 'vitest';
import type { KvContext } from './kv-context.js';

/** Watches, from history and live. */
export function watchCases(context: () => KvContext): void {
  it('delivers history from a revision on, inclusive', async () => {
    await context().put('a', '1');
    const b = await context().put('b', '1');
    const c = await context().put('c', '1');
    const events = await context().watch(b).next(2);
    expect(events.map((event) => [context().brief(event), event.modRevision])).toEqual([
      ['put+ b=1', b],
      ['put+ c=1', c],
    ]);
  });

  it('delivers changes as they happen', async () => {
    const from = (await context().backend.currentRevision()) + 1;
    const watch = context().watch(from);
    const first = watch.next(1);
    const a = await context().put('a', '1');
    expect((await first).map(context().brief, context())).toEqual(['put+ a=1']);
    const second = watch.next(1);
    await context().delete('a', a);
    expect((await second).map(context().brief, context())).toEqual(['delete a']);
  });

  it('goes from history to live without a gap or a repetition', async () => {
    const from = await context().put('k', '0');
    const watch = context().watch(from);
    const writing = (async () => {
      for (let i = 1, revision = from; i < 200; i++) revision = await context().put('k', `${i}`, revision);
    })();
    const events = await watch.next(200);
    await writing;
    expect(events.map((event) => event.value?.toString())).toEqual(Array.from({ length: 200 }, (_, i) => `${i}`));
  });

  it('waits for a revision in the future', async () => {
    const current = await context().backend.currentRevision();
    const watch = context().watch(current + 3);
    const next = watch.next(1);
    let revision = 0;
    for (let i = 1; i <= 3; i++) revision = await context().put('a', `${i}`, revision);
    expect((await next).map((event) => [context().brief(event), event.modRevision])).toEqual([['put a=3', current + 3]]);
  });

  it('tells creations from updates, after a delete too', async () => {
    const first = await context().put('a', '1');
    const second = await context().put('a', '2', first);
    await context().delete('a', second);
    await context().put('a', '3');
    const events = await context().watch(first).next(4);
    expect(events.map(context().brief, context())).toEqual(['put+ a=1', 'put a=2', 'delete a', 'put+ a=3']);
  });

  it('has no value on deletes, and no previous values unless asked', async () => {
    const key = context().key('a');
    const first = await context().put('a', '1');
    const second = await context().put('a', '2', first);
    const deleted = await context().delete('a', second);
    expect(await context().watch(second).next(2)).toEqual([
      { type: 'put', key, modRevision: second, created: false, value: Buffer.from('2') },
      { type: 'delete', key, modRevision: deleted, created: false },
    ]);
  });

  it('carries previous values on request, from history and live', async () => {
    const key = context().key('a');
    const first = await context().put('a', '1');
    const second = await context().put('a', '2', first);
    const watch = context().watch(first, { previous: true });
    expect(await watch.next(2)).toEqual([
      { type: 'put', key, modRevision: first, created: true, value: Buffer.from('1') },
      {
        type: 'put',
        key,
        modRevision: second,
        created: false,
        value: Buffer.from('2'),
        previous: { key, value: Buffer.from('1'), modRevision: first },
      },
    ]);
    const next = watch.next(1);
    const deleted = await context().delete('a', second);
    expect(await next).toEqual([
      { type: 'delete', key, modRevision: deleted, created: false, previous: { key, value: Buffer.from('2'), modRevision: second } },
    ]);
    const again = watch.next(1);
    const recreated = await context().put('a', '3');
    expect(await again).toEqual([{ type: 'put', key, modRevision: recreated, created: true, value: Buffer.from('3') }]);
  });

  it('keeps to its prefix', async () => {
    const from = await context().put('a/b', '0');
    await context().put('a/bc', '1');
    await context().put('a/b/c', '2');
    await context().put('a/c', '3');
    await context().put('\u{1F600}/x', '4');
    const last = await context().put('a/b/\u{1F600}', '5');
    expect((await context().watch(from, { path: 'a/b/' }).until(last)).map(context().brief, context())).toEqual([
      'put+ a/b/c=2',
      'put+ a/b/\u{1F600}=5',
    ]);
    expect((await context().watch(from, { path: '\u{1F600}/' }).next(1)).map(context().brief, context())).toEqual(['put+ \u{1F600}/x=4']);
  });

  it('delivers in the order of revisions, and never less than a whole revision', async () => {
    const from = (await context().backend.currentRevision()) + 1;
    const watch = context().watch(from);
    const reading = watch.next(300);
    await Promise.all(Array.from({ length: 300 }, (_, i) => context().put(`k${i}`, `${i}`)));
    const events = await reading;
    const revisions = events.map((event) => event.modRevision);
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
    let delivered = from - 1;
    for (const batch of watch.batches) {
      for (const event of batch.events) expect(event.modRevision).toBeGreaterThan(delivered);
      expect(batch.revision).toBeGreaterThanOrEqual(batch.events.at(-1)?.modRevision ?? delivered);
      delivered = batch.revision;
    }
  });

  it('delivers the same to a fast and to a slow reader', async () => {
    const from = (await context().backend.currentRevision()) + 1;
    const fast = context().watch(from);
    const slow = context().watch(from);
    const slowStart = slow.next(1);
    const reading = fast.next(500);
    for (let i = 0; i < 500; i += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, j) => context().put(`k${i + j}`, `${i + j}`)));
    }
    const seenFast = await reading;
    const [first] = await slowStart;
    const seenSlow = slow.batches.flatMap((batch) => batch.events);
    while (seenSlow.length < 500) seenSlow.push(...(await slow.next(1)));
    expect(seenSlow[0]).toEqual(first);
    expect(seenSlow).toEqual(seenFast);
  });

  it('gives each reader its own copy', async () => {
    const from = await context().put('a', 'one');
    const [event] = await context().watch(from).next(1);
    event?.value?.fill('x');
    expect((await context().watch(from).next(1))[0]?.value?.toString()).toBe('one');
    expect(await context().get('a')).toBe('one');
  });

  it('reports progress on request, up to the current revision, though its prefix is quiet', async () => {
    const { backend } = context();
    const watch = context().watch((await backend.currentRevision()) + 1, { path: 'quiet/' });
    const report = watch.nextBatch();
    const revision = await context().put('noise', '1');
    await requestUntil(report, backend.requestProgress.bind(backend));
    expect(await report).toEqual({ events: [], revision: expect.any(Number) });
    expect((await report)?.revision).toBeGreaterThanOrEqual(revision);
  });

  it('reports progress only after what came before it', async () => {
    const { backend } = context();
    const watch = context().watch((await backend.currentRevision()) + 1);
    const first = watch.nextBatch();
    const revision = await context().put('a', '1');
    backend.requestProgress();
    expect((await first)?.events.map(context().brief, context())).toEqual(['put+ a=1']);
    const report = watch.nextBatch();
    await requestUntil(report, backend.requestProgress.bind(backend));
    expect(await report).toEqual({ events: [], revision });
  });

  it('ends without an error when it is cancelled, waiting or not', async () => {
    const waiting = context().watch((await context().backend.currentRevision()) + 1);
    const end = waiting.nextBatch();
    waiting.cancel();
    expect(await end).toBeUndefined();
    const from = await context().put('a', '1');
    const reading = context().watch(from);
    await reading.next(1);
    reading.cancel();
    expect(await reading.nextBatch()).toBeUndefined();
  });

  it('is not opened by a signal that is already aborted', async () => {
    const watch = context().watch(await context().put('a', '1'));
    watch.cancel();
    expect(await watch.nextBatch()).toBeUndefined();
  });

  it('goes on for others when one is cancelled', async () => {
    const from = (await context().backend.currentRevision()) + 1;
    const cancelled = context().watch(from);
    const other = context().watch(from);
    const ends = cancelled.nextBatch();
    const next = other.next(1);
    cancelled.cancel();
    await ends;
    await context().put('a', '1');
    expect((await next).map(context().brief, context())).toEqual(['put+ a=1']);
  });

  it('replays thousands of changes', async () => {
    const from = (await context().backend.currentRevision()) + 1;
    for (let i = 0; i < 3000; i += 250) {
      await Promise.all(Array.from({ length: 250 }, (_, j) => context().put(`k${i + j}`, `${i + j}`)));
    }
    const events = await context().watch(from).next(3000);
    expect(new Set(events.map((event) => event.key)).size).toBe(3000);
    expect(events.map((event) => event.modRevision)).toEqual(Array.from({ length: 3000 }, (_, i) => from + i));
  });
}

/** A request reaches only watches that are open by then, which no caller can know: asks again until one is answered. */
async function requestUntil(report: Promise<unknown>, request: () => void): Promise<void> {
  request();
  const timer = setInterval(request, 100);
  await report.finally(() => clearInterval(timer));
}
