import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RepeatedTask } from './repeated-task.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a repeated task', () => {
  it('runs at once and then at its interval, until it is stopped', async () => {
    let rounds = 0;
    const task = new RepeatedTask(async () => void rounds++, 10_000, fail);
    await task.start();
    expect(rounds).toBe(1);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(rounds).toBe(1);
    await vi.advanceTimersByTimeAsync(20_001);
    expect(rounds).toBe(4);
    await task.stop();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(rounds).toBe(4);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not started before a round succeeds, and tries again soon', async () => {
    const failures: unknown[] = [];
    let rounds = 0;
    const run = async () => {
      if (++rounds < 3) throw new Error(`round ${rounds}`);
    };
    const task = new RepeatedTask(run, 60_000, (error) => failures.push(error));
    let isStarted = false;
    const starting = task.start().then(() => {
      isStarted = true;
    });
    await vi.advanceTimersByTimeAsync(1_999);
    expect([rounds, isStarted]).toEqual([2, false]);
    await vi.advanceTimersByTimeAsync(1);
    await starting;
    expect(rounds).toBe(3);
    expect(failures.map(String)).toEqual(['Error: round 1', 'Error: round 2']);
    await task.stop();
  });

  it('runs sooner when somebody asks for it between rounds', async () => {
    let rounds = 0;
    const task = new RepeatedTask(async () => void rounds++, 10_000, fail);
    await task.start();
    await vi.advanceTimersByTimeAsync(5_000);
    task.nextWithin(6_000);
    task.nextWithin(1_000);
    task.nextWithin(2_000);
    await vi.advanceTimersByTimeAsync(999);
    expect(rounds).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(rounds).toBe(2);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(rounds).toBe(2);
    await task.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('runs sooner when a round asks for it', async () => {
    let rounds = 0;
    const run = async () => {
      if (++rounds === 2) task.nextWithin(1_000);
      if (rounds === 3) task.nextWithin(60_000);
    };
    const task = new RepeatedTask(run, 10_000, fail);
    await task.start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(rounds).toBe(2);
    await vi.advanceTimersByTimeAsync(999);
    expect(rounds).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(rounds).toBe(3);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(rounds).toBe(3);
    await vi.advanceTimersByTimeAsync(1);
    expect(rounds).toBe(4);
    await task.stop();
  });

  it('ends its start when it is stopped first', async () => {
    const task = new RepeatedTask(
      () => Promise.reject(new Error('never')),
      60_000,
      () => undefined,
    );
    const starting = task.start();
    await task.stop();
    await starting;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets the round under way end before it is stopped', async () => {
    let end: () => void = () => undefined;
    let rounds = 0;
    const run = () => {
      rounds++;
      return rounds === 1 ? Promise.resolve() : new Promise<void>((resolve) => (end = resolve));
    };
    const task = new RepeatedTask(run, 1_000, fail);
    await task.start();
    await vi.advanceTimersByTimeAsync(1_000);
    let isStopped = false;
    const stopping = task.stop().then(() => {
      isStopped = true;
    });
    await vi.advanceTimersByTimeAsync(5_000);
    expect([rounds, isStopped]).toEqual([2, false]);
    end();
    await stopping;
    expect(rounds).toBe(2);
  });

  it('ends after its first success when there is no next round', async () => {
    let rounds = 0;
    const failures: unknown[] = [];
    const run = async () => {
      if (++rounds === 1) throw new Error('not yet');
    };
    const task = new RepeatedTask(run, Number.POSITIVE_INFINITY, (error) => failures.push(String(error)));
    const started = task.start();
    await vi.advanceTimersByTimeAsync(1_000);
    await started;
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect([rounds, failures]).toEqual([2, ['Error: not yet']]);
    await task.stop();
  });

  it('runs no round when it was stopped before', async () => {
    let rounds = 0;
    const task = new RepeatedTask(async () => void rounds++, 1_000, fail);
    await task.stop();
    await task.start();
    expect(rounds).toBe(0);
  });
});

function fail(error: unknown): void {
  throw error;
}
