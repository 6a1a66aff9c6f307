import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Retention } from './retention.js';

describe('Retention', () => {
  let compacted: number[];
  let retention: Retention;
  const start = (
    options: { historyMs?: number; historyRevisions?: number },
    compact = async (revision: number) => void compacted.push(revision),
  ) => {
    retention = new Retention({ compacted: 0, current: 1 }, options, compact);
  };

  beforeEach(() => {
    vi.useFakeTimers();
    compacted = [];
  });
  afterEach(() => {
    retention.stop();
    vi.useRealTimers();
  });

  it('discards what is older than asked for, and nothing younger', async () => {
    start({ historyMs: 1000 });
    retention.observe(10);
    await vi.advanceTimersByTimeAsync(500);
    retention.observe(20);
    await vi.advanceTimersByTimeAsync(500);
    expect(compacted).toEqual([1]);
    await vi.advanceTimersByTimeAsync(100);
    expect(compacted).toEqual([1, 10]);
    await vi.advanceTimersByTimeAsync(400);
    expect(compacted).toEqual([1, 10]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(compacted).toEqual([1, 10, 20]);
  });

  it('rests while nothing is written', async () => {
    start({ historyMs: 1000 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(compacted).toEqual([1]);
  });

  it('discards younger history when there is too much of it', async () => {
    start({ historyMs: 1_000_000, historyRevisions: 100 });
    for (let revision = 2; revision <= 250; revision++) {
      retention.observe(revision);
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(compacted).toEqual([11, 22, 33, 44, 55, 66, 77, 88, 99, 110, 121, 132, 143]);
  });

  it('warns of a failure and tries again', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    let failing = true;
    start({ historyMs: 1000 }, async (revision) => {
      if (failing) throw new Error('disk');
      compacted.push(revision);
    });
    retention.observe(10);
    await vi.advanceTimersByTimeAsync(1050);
    expect(warn).toHaveBeenCalledWith(expect.objectContaining({ message: 'disk' }), 'StorageCompactionWarning');
    failing = false;
    await vi.advanceTimersByTimeAsync(100);
    expect(compacted).toEqual([10]);
    warn.mockRestore();
  });

  it('never runs two compactions at once', async () => {
    let finish: () => void = () => undefined;
    start({ historyMs: 1_000_000, historyRevisions: 10 }, (revision) => {
      compacted.push(revision);
      return new Promise((resolve) => {
        finish = () => resolve(undefined);
      });
    });
    retention.observe(100);
    retention.observe(200);
    expect(compacted).toEqual([90]);
    finish();
    await vi.advanceTimersByTimeAsync(0);
    retention.observe(201);
    expect(compacted).toEqual([90, 191]);
  });
});
