import { describe, expect, it } from 'vitest';
import { HeldOutput } from '../testing/held-output.js';
import { countLost } from '../testing/lost.js';
import { sampleEvent } from '../testing/sample-event.js';
import { BlockingBackend } from './blocking-backend.js';

const never = new AbortController().signal;
const full = new Error('disk is full');

describe('a blocking backend', () => {
  it.each([false, true])('lets requests wait for their events (strict: %s)', async (strict) => {
    const output = new HeldOutput();
    const { lost, count } = countLost();
    const backend = new BlockingBackend(output, lost, strict);
    const [first, second] = [backend.process(sampleEvent('a')), backend.process(sampleEvent('b'))];
    expect([first, second]).toEqual([expect.any(Promise), expect.any(Promise)]);
    await output.finish();
    expect(await first).toBe(true);
    await output.fail(full);
    expect([await second, count('log')]).toEqual([!strict, 1]);
  });

  it.each([false, true])('holds no more than a number of bytes for an output that hangs (strict: %s)', async (strict) => {
    const output = new HeldOutput(32 * 1024 * 1024);
    const { lost, count } = countLost();
    const backend = new BlockingBackend(output, lost, strict);
    backend.process(sampleEvent('a'));
    backend.process(sampleEvent('b'));
    expect([backend.process(sampleEvent('c')), count('log'), output.held.length]).toEqual([!strict, 1, 2]);
  });

  it('closes when everything is written, or when it is late', async () => {
    const output = new HeldOutput();
    const backend = new BlockingBackend(output, countLost().lost, false);
    backend.process(sampleEvent('a'));
    const closed = backend.close(never);
    expect(output.isClosed).toBe(false);
    await output.finish();
    await closed;
    expect(output.isClosed).toBe(true);
    const stuck = new HeldOutput();
    const other = new BlockingBackend(stuck, countLost().lost, false);
    other.process(sampleEvent('a'));
    await other.close(AbortSignal.abort());
    expect(stuck.isClosed).toBe(true);
  });
});
