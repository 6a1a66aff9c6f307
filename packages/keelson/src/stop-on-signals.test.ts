import { describe, expect, it, vi } from 'vitest';
import { stopOnSignals } from './stop-on-signals.js';

const output = { print: () => undefined, warn: () => undefined, fail: () => undefined };

/** Something running that records how often it is stopped. */
function running(onStop: (end: () => void) => Promise<void>) {
  let end: () => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const whenStopped = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  let stops = 0;
  const stop = async () => {
    stops++;
    await onStop(end);
  };
  return { target: { stop, whenStopped }, end: () => end(), fail: (error: Error) => fail(error), stops: () => stops };
}

describe('stopOnSignals', () => {
  it('stops on a signal and waits for the end', async () => {
    const { target, stops } = running(async (end) => end());
    const ended = stopOnSignals(target, output);
    process.emit('SIGHUP');
    await ended;
    expect(stops()).toBe(1);
    expect(process.listenerCount('SIGHUP')).toBe(0);
  });

  it('passes on that it ended by itself', async () => {
    const { target, fail } = running(async () => undefined);
    const ended = stopOnSignals(target, output);
    fail(new Error('lost the store'));
    await expect(ended).rejects.toThrow('lost the store');
    expect(process.listenerCount('SIGHUP')).toBe(0);
  });

  it('passes on that it could not be stopped', async () => {
    const { target } = running(() => Promise.reject(new Error('stuck')));
    const ended = stopOnSignals(target, output);
    process.emit('SIGHUP');
    await expect(ended).rejects.toThrow('stuck');
  });

  it('ends the process at once on a second signal, and what would outlive it', async () => {
    const { target, end, stops } = running(async () => undefined);
    const calls: string[] = [];
    const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`exit ${code}`);
    });
    const ended = stopOnSignals({ ...target, abandon: () => calls.push('abandon') }, output);
    process.emit('SIGTERM');
    expect(() => process.emit('SIGINT')).toThrow('exit 1');
    expect([stops(), calls]).toEqual([1, ['abandon']]);
    exit.mockRestore();
    end();
    await ended;
  });
});
