import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Alarm } from './alarm.js';
import { Alarms } from './alarms.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

it('rings each alarm at its time, by one timer', () => {
  const alarms = new Alarms();
  const rung: string[] = [];
  const set = (name: string, afterMs: number) => {
    const at = performance.now() + afterMs;
    const alarm = new Alarm(at, () => rung.push(`${name} ${performance.now() - at}`));
    alarms.set(alarm);
    return alarm;
  };
  set('second', 20);
  set('third', 30);
  set('first', 10);
  const never = set('never', 15);
  expect(vi.getTimerCount()).toBe(1);
  alarms.cancel(never);
  vi.advanceTimersByTime(10);
  expect([rung, vi.getTimerCount()]).toEqual([['first 0'], 1]);
  vi.advanceTimersByTime(100);
  expect([rung, vi.getTimerCount()]).toEqual([['first 0', 'second 0', 'third 0'], 0]);
});

it('lets an alarm set and cancel others when it rings', () => {
  const alarms = new Alarms();
  const rung: string[] = [];
  const now = performance.now();
  const other = new Alarm(now + 10, () => rung.push('other'));
  alarms.set(
    new Alarm(now + 5, () => {
      rung.push('one');
      alarms.cancel(other);
      alarms.set(new Alarm(now + 7, () => rung.push('two')));
    }),
  );
  alarms.set(other);
  vi.advanceTimersByTime(50);
  expect(rung).toEqual(['one', 'two']);
});

it('rings no more once it has been stopped', () => {
  const alarms = new Alarms();
  const ring = vi.fn();
  alarms.set(new Alarm(performance.now() + 5, ring));
  alarms.stop();
  vi.advanceTimersByTime(50);
  expect(ring).not.toHaveBeenCalled();
});
