import { expect, it } from 'vitest';
import { settled } from '../testing/held-output.js';
import { sampleEvent } from '../testing/sample-event.js';
import { type Appendable, LogOutput } from './log-output.js';

/** Takes one piece when told to. */
class SlowFile implements Appendable {
  readonly maxBytes = 10;
  readonly pieces: string[] = [];
  #waiting: ((error?: Error) => void) | undefined;

  append(bytes: Buffer): Promise<void> {
    this.pieces.push(bytes.toString());
    return new Promise((resolve, reject) => {
      this.#waiting = (error) => (error === undefined ? resolve() : reject(error));
    });
  }

  async next(error?: Error): Promise<void> {
    this.#waiting?.(error);
    await settled();
  }

  close = async () => undefined;
}

it('writes events as lines', () => {
  const file = new SlowFile();
  expect(new LogOutput(file, 'json').record(sampleEvent()).toString()).toMatch(/^\{"kind":"Event",.*\}\n$/);
  expect(new LogOutput(file, 'legacy').record(sampleEvent()).toString()).toMatch(/^1970-01-01T00:00:00Z AUDIT: id="e1" .*\n$/);
});

it('writes together what comes while it writes, no more than the file takes at once', async () => {
  const file = new SlowFile();
  const output = new LogOutput(file, 'legacy');
  const writes = Promise.allSettled(['1', '2', '3', '4444', '55555', '6666666'].map((line) => output.write([Buffer.from(line)])));
  expect(file.pieces).toEqual(['1']);
  await file.next();
  expect(file.pieces.slice(1)).toEqual(['234444']);
  await file.next(new Error('disk is full'));
  expect(file.pieces.slice(2)).toEqual(['55555']);
  await file.next();
  expect(file.pieces.slice(3)).toEqual(['6666666']);
  await file.next();
  expect((await writes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected', 'fulfilled', 'fulfilled']);
});
