import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HeldOutput, settled } from '../testing/held-output.js';
import { countLost } from '../testing/lost.js';
import { sampleEvent } from '../testing/sample-event.js';
import { BatchingBackend, type BatchingOptions } from './batching-backend.js';

const never = new AbortController().signal;
const defaults: BatchingOptions = {
  bufferSize: 10,
  maxBatchSize: 3,
  maxBatchBytes: 1000,
  maxWaitMs: 1000,
  throttle: undefined,
  concurrency: 2,
};

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function setUp(options: Partial<BatchingOptions> = {}, bytes = 0) {
  const output = new HeldOutput(bytes);
  const lost = countLost();
  const backend = new BatchingBackend(output, lost.lost, { ...defaults, ...options });
  const add = (...ids: string[]) => ids.map((id) => backend.process(sampleEvent(id)));
  const underWay = () => output.held.map(({ records }) => records.join());
  return { backend, output, add, underWay, ...lost };
}

describe('batches', () => {
  it('leave when they are full, and what is left when its time has come', async () => {
    const { add, underWay } = setUp();
    expect(add('a', 'b')).toEqual([true, true]);
    expect(underWay()).toEqual([]);
    add('c', 'd');
    expect(underWay()).toEqual(['a,b,c']);
    vi.advanceTimersByTime(999);
    expect(underWay()).toEqual(['a,b,c']);
    vi.advanceTimersByTime(1);
    expect(underWay()).toEqual(['a,b,c', 'd']);
  });

  it('are as many at once as there may be, and go on in their order', async () => {
    const { add, underWay, output } = setUp();
    add('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
    vi.advanceTimersByTime(1000);
    expect(underWay()).toEqual(['a,b,c', 'd,e,f']);
    await output.finish();
    expect(underWay()).toEqual(['d,e,f', 'g,h']);
  });

  it('are not larger than they may be, but for single events', () => {
    const { add, underWay } = setUp({ maxBatchBytes: 20 }, 8);
    add('a', 'b', 'c');
    expect(underWay()).toEqual(['a,b']);
    vi.advanceTimersByTime(1000);
    expect(underWay()).toEqual(['a,b', 'c']);
    const large = setUp({ maxBatchBytes: 20, maxBatchSize: 1 }, 80);
    large.add('a');
    expect(large.underWay()).toEqual(['a']);
  });

  it('are throttled after a burst', () => {
    const { add, underWay } = setUp({ maxBatchSize: 1, concurrency: 10, throttle: { perSecond: 10, burst: 2 } });
    add('a', 'b', 'c', 'd');
    expect(underWay()).toEqual(['a', 'b']);
    vi.advanceTimersByTime(99);
    expect(underWay()).toEqual(['a', 'b']);
    vi.advanceTimersByTime(1);
    expect(underWay()).toEqual(['a', 'b', 'c']);
    vi.advanceTimersByTime(100);
    expect(underWay()).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('an output that hangs', () => {
  it('makes nobody wait: what finds no room is lost and counted', async () => {
    const { add, underWay, output, count, log } = setUp({ bufferSize: 4, concurrency: 1 });
    expect(add('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i')).toEqual(Array(9).fill(true));
    expect([underWay(), count('buffered')]).toEqual([['a,b,c'], 2]);
    expect(log.lines).toEqual(['error audit events were lost']);
    await output.finish();
    await output.finish();
    vi.advanceTimersByTime(1000);
    await output.finish();
    expect(output.written.map((ids) => ids.join())).toEqual(['a,b,c', 'd,e,f', 'g']);
  });

  it('holds no more than a number of bytes', async () => {
    const megabytes = 1024 * 1024;
    const { add, output, count } = setUp({ bufferSize: 1000, maxBatchSize: 1, concurrency: 1000 }, 16 * megabytes);
    add('a', 'b', 'c', 'd', 'e');
    expect([output.held.length, count('buffered')]).toEqual([4, 1]);
    await output.finish();
    add('f');
    expect([output.held.length, count('buffered')]).toEqual([4, 1]);
  });

  it('loses the batches that fail', async () => {
    const { add, output, count } = setUp();
    add('a', 'b', 'c');
    await output.fail(new Error('disk is full'));
    expect(count('log')).toBe(3);
  });
});

describe('closing', () => {
  it('gets out what is there', async () => {
    const { backend, add, output, count } = setUp({ concurrency: 1 });
    add('a', 'b', 'c', 'd');
    const closed = backend.close(never);
    await output.finish();
    await output.finish();
    await closed;
    expect([output.written.map((ids) => ids.join()), output.isClosed]).toEqual([['a,b,c', 'd'], true]);
    add('e');
    expect(count('buffered')).toBe(1);
  });

  it('gives up when it is late', async () => {
    const { backend, add, output, count } = setUp({ concurrency: 1 });
    add('a', 'b', 'c', 'd');
    const late = new AbortController();
    const closed = backend.close(late.signal);
    await settled();
    expect(output.isClosed).toBe(false);
    late.abort();
    await closed;
    expect([output.isClosed, count('buffered')]).toEqual([true, 1]);
  });
});
