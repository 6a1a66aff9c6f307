import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadlines } from './deadlines.js';
import { Keepalive } from './keepalive.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Deadlines', () => {
  const late: string[] = [];
  const deadlines = new Deadlines<{ readonly deadlineMs: number; readonly name: string }>(({ name }) => late.push(name));
  const item = (name: string, ms: number) => {
    const added = { name, deadlineMs: performance.now() + ms };
    deadlines.add(added);
    return added;
  };
  const passed = (ms: number) => {
    vi.advanceTimersByTime(ms);
    return late.splice(0);
  };

  it('passes each on when its time is over, whatever the order they came in, by one timer', () => {
    item('b', 200);
    item('c', 300);
    item('a', 100);
    expect(vi.getTimerCount()).toBe(1);
    expect(passed(99)).toEqual([]);
    expect(passed(2)).toEqual(['a']);
    expect(passed(200)).toEqual(['b', 'c']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('forgets what is over in time', () => {
    const first = item('first', 100);
    item('second', 150);
    deadlines.delete(first);
    expect(passed(101)).toEqual([]);
    expect(passed(51)).toEqual(['second']);
  });
});

describe('Keepalive', () => {
  const told: string[] = [];
  let active = true;
  let keepalive: Keepalive;
  const passed = (ms: number) => {
    vi.advanceTimersByTime(ms);
    return told.splice(0);
  };

  beforeEach(() => {
    active = true;
    keepalive = new Keepalive({ active: () => active, ping: () => told.push('ping'), dead: () => told.push('dead') });
    keepalive.watch();
  });

  it('asks a silent peer, and gives it up when there is no answer', () => {
    expect(passed(9_990)).toEqual([]);
    expect(passed(20)).toEqual(['ping']);
    expect(passed(2_980)).toEqual([]);
    expect(passed(30)).toEqual(['dead']);
    expect(passed(60_000)).toEqual([]);
  });

  it('is content with any answer, and asks again after the next silence', () => {
    expect(passed(10_010)).toEqual(['ping']);
    keepalive.heard();
    expect(passed(9_990)).toEqual([]);
    expect(passed(20)).toEqual(['ping']);
  });

  it('asks nothing of a peer that is heard of', () => {
    for (let i = 0; i < 20; i++) {
      expect(passed(5_000)).toEqual([]);
      keepalive.heard();
    }
  });

  it('rests while nothing is waited for, and counts anew then', () => {
    active = false;
    expect(passed(60_000)).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    active = true;
    keepalive.watch();
    expect(passed(9_990)).toEqual([]);
    expect(passed(20)).toEqual(['ping']);
  });

  it('ends', () => {
    keepalive.stop();
    expect(passed(60_000)).toEqual([]);
  });
});
