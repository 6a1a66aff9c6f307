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

it('writes together what comes in one moment or while it writes, no more than the file takes at once', async () => {
  const file = new SlowFile();
  const output = new LogOutput(file, 'legacy');
  const write = (...lines: string[]) => output.write(lines.map((line) => Buffer.from(line)));
  const early = Promise.allSettled(['1', '2', '3', '4444', '55555'].map((line) => write(line)));
  expect(file.pieces).toEqual([]);
  await settled();
  expect(file.pieces).toEqual(['1234444']);
  const late = Promise.allSettled(['6', '7'].map((line) => write(line)));
  await file.next(new Error('disk is full'));
  expect(file.pieces.slice(1)).toEqual(['5555567']);
  await file.next();
  const writes = [...(await early), ...(await late)];
  expect(writes.map(({ status }) => status)).toEqual([...Array(4).fill('rejected'), ...Array(3).fill('fulfilled')]);
});

it('writes a batch in pieces that the file takes, and fails with any of them', async () => {
  const file = new SlowFile();
  const output = new LogOutput(file, 'legacy');
  const batch = Promise.allSettled([output.write(['1234', '5678', '9', 'abcdefghij', 'k'].map((line) => Buffer.from(line)))]);
  await settled();
  expect(file.pieces).toEqual(['123456789']);
  await file.next();
  await file.next();
  expect(file.pieces.slice(1)).toEqual(['abcdefghij', 'k']);
  await file.next(new Error('disk is full'));
  expect((await batch).map(({ status }) => status)).toEqual(['rejected']);
});
