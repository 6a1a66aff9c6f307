import { MetricsRegistry, type QueueInstruments, QueueMetrics } from '@keelson/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkQueue } from './work-queue.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A queue whose work ends when a test says so. */
function open(workers = 2, instruments?: QueueInstruments) {
  const begun: string[] = [];
  const failures: unknown[] = [];
  const ends = new Map<string, { resolve(outcome?: 'again' | number): void; reject(error: Error): void }>();
  const queue = new WorkQueue({
    work(key) {
      begun.push(key);
      return new Promise<'again' | number | undefined>((resolve, reject) => ends.set(key, { resolve, reject }));
    },
    onFailure: (error) => failures.push(error),
    workers,
    instruments,
  });
  const end = async (key: string, outcome?: Error | 'again' | number) => {
    if (outcome instanceof Error) ends.get(key)?.reject(outcome);
    else ends.get(key)?.resolve(outcome);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { queue, begun, failures, end };
}

describe('a key', () => {
  it('is worked on once however often it was added before, and again when added meanwhile', async () => {
    const { queue, begun, end } = open(1);
    for (const key of ['a', 'b', 'b', 'a', 'a']) queue.add(key);
    expect(begun).toEqual(['a']);
    await end('a');
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'a']);
    await end('a');
    expect(begun).toHaveLength(3);
  });

  it('keeps no other one waiting', async () => {
    const { queue, begun, end } = open(2);
    for (const key of ['a', 'a', 'b', 'c']) queue.add(key);
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('is tried again where more is to be done later, and no failure is told of', async () => {
    const { queue, begun, failures, end } = open();
    queue.add('a');
    for (const afterMs of [100, 200]) {
      await end('a', 'again');
      await vi.advanceTimersByTimeAsync(afterMs - 1);
      const before = begun.length;
      await vi.advanceTimersByTimeAsync(1);
      expect(begun).toHaveLength(before + 1);
    }
    await end('a');
    await vi.advanceTimersByTimeAsync(60_000);
    expect([begun.length, failures]).toEqual([3, []]);
  });

  it('is looked at again when it says, as often as it says so', async () => {
    const { queue, begun, end } = open();
    queue.add('a');
    for (const times of [1, 2, 3]) {
      expect(begun).toHaveLength(times);
      await end('a', 5_000);
      await vi.advanceTimersByTimeAsync(4_999);
      expect(begun).toHaveLength(times);
      await vi.advanceTimersByTimeAsync(1);
    }
    await end('a');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(begun).toHaveLength(4);
  });

  it('is tried again after a failure, ever later', async () => {
    const { queue, begun, failures, end } = open();
    const error = new Error('not yet');
    queue.add('a');
    for (const afterMs of [100, 200, 400]) {
      const before = begun.length;
      await end('a', error);
      await vi.advanceTimersByTimeAsync(afterMs - 1);
      expect(begun).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(begun).toHaveLength(before + 1);
    }
    await end('a');
    expect(failures).toEqual([error, error, error]);
    queue.add('a');
    await end('a', error);
    await vi.advanceTimersByTimeAsync(100);
    expect(begun).toHaveLength(6);
  });

  it('is looked at at once when it changes, though it failed before', async () => {
    const { queue, begun, end } = open();
    queue.add('a');
    await end('a', new Error('not yet'));
    queue.add('a');
    expect(begun).toEqual(['a', 'a']);
    await end('a');
    await vi.advanceTimersByTimeAsync(100_000);
    expect(begun).toEqual(['a', 'a']);
  });
});

it('is idle when nothing is left but what is to be tried again', async () => {
  const { queue, end } = open();
  const seen: string[] = [];
  await queue.idle();
  queue.add('a');
  queue.add('b');
  void queue.idle().then(() => seen.push('idle'));
  await end('a');
  expect(seen).toEqual([]);
  await end('b', new Error('not yet'));
  expect(seen).toEqual(['idle']);
});

it('stops after what is under way', async () => {
  const { queue, begun, end } = open(1);
  queue.add('a');
  queue.add('b');
  const seen: string[] = [];
  void queue.stop().then(() => seen.push('stopped'));
  await vi.advanceTimersByTimeAsync(0);
  expect(seen).toEqual([]);
  await end('a', new Error('late'));
  expect(seen).toEqual(['stopped']);
  queue.add('c');
  await vi.advanceTimersByTimeAsync(100_000);
  expect(begun).toEqual(['a']);
});

describe('a queue', () => {
  it('counts what happens to its keys, by the names of kube-apiserver', async () => {
    const registry = new MetricsRegistry();
    const { queue, end } = open(1, new QueueMetrics(registry).of('pods'));
    for (const key of ['a', 'b', 'b', 'c', 'a']) queue.add(key);
    await vi.advanceTimersByTimeAsync(2000);
    await end('a', 'again');
    await vi.advanceTimersByTimeAsync(3000);
    let text = '';
    for await (const lines of registry.render()) text += lines;
    const sample = (name: string) => new RegExp(`^workqueue_${name}\\{name="pods"\\} (.*)$`, 'm').exec(text)?.[1];
    expect([sample('adds_total'), sample('depth'), sample('retries_total')]).toEqual(['4', '2', '1']);
    expect([sample('queue_duration_seconds_count'), sample('queue_duration_seconds_sum')]).toEqual(['2', '2']);
    expect([sample('work_duration_seconds_count'), sample('work_duration_seconds_sum')]).toEqual(['1', '2']);
    expect([sample('unfinished_work_seconds'), sample('longest_running_processor_seconds')]).toEqual(['3', '3']);
    expect([...text.matchAll(/^workqueue_work_duration_seconds_bucket\{name="pods",le="(.*)"\}/gm)].map(([, bound]) => bound)).toEqual(
      '1e-08 1e-07 1e-06 9.999999999999999e-06 9.999999999999999e-05 0.001 0.01 0.1 1 10 +Inf'.split(' '),
    );
  });
});
