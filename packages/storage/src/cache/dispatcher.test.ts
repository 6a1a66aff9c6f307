import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { MemoryBackend } from '../memory/index.js';
import { bytes, RecordingSink, testIndexer } from '../testing/store/index.js';
import { StoreFeed } from './store-feed.js';

const LAYOUT = { prefix: '/registry/pods/', namespaced: true, indexer: testIndexer };

/** Takes so long for an event that few are delivered in one turn. */
class SlowSink extends RecordingSink {
  override event(event: Parameters<RecordingSink['event']>[0]): void {
    const until = performance.now() + 0.1;
    while (performance.now() < until);
    super.event(event);
  }
}

describe('dispatching to many watchers', () => {
  it('lets reads and new watches run meanwhile, and these get everything once', async () => {
    const backend = new MemoryBackend();
    const feed = new StoreFeed({ backend });
    const pods = feed.resource(LAYOUT);
    await feed.start();
    const slow = Array.from({ length: 200 }, () => new SlowSink());
    for (const sink of slow) await pods.watch({ path: '' }, { from: { at: 'now' } }, sink);
    const start = await backend.currentRevision();
    for (let i = 1; i <= 5; i++) await pods.create(`default/p${i}`, bytes({}));
    await pods.get('default/p5', { at: 'consistent' });
    expect(slow.at(-1)?.events.length).toBeLessThan(5);

    const late: RecordingSink[] = [];
    for (let i = 0; i < 5; i++) {
      for (const from of [{ after: start }, { at: 'now' } as const]) {
        const sink = new RecordingSink();
        await pods.watch({ path: '' }, { from }, sink);
        late.push(sink);
      }
      await nextTurn();
    }
    await pods.create('default/p6', bytes({}));
    const names = async (sink: RecordingSink, count: number) => (await sink.take(count)).map((text) => text.split(' ')[1]);
    const all = [1, 2, 3, 4, 5, 6].map((i) => `default/p${i}`);
    for (const sink of slow) expect(await names(sink, 6)).toEqual(all);
    await feed.dispatched();
    for (const [i, sink] of late.entries()) expect(await names(sink, i % 2 === 0 ? 6 : 1)).toEqual(i % 2 === 0 ? all : ['default/p6']);
    await feed.stop();
    await backend.close();
  });
});
