import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { type KeelsonContext, RequestState } from '../http/context.js';
import { sendAnswer } from './send-answer.js';

/** A response whose reader takes one piece each time it is asked to. */
class SlowReader extends Writable {
  statusCode = 0;
  readonly headers: Record<string, unknown> = {};
  readonly read: string[] = [];
  #next: () => void = () => undefined;

  constructor() {
    super({ highWaterMark: 1 });
  }

  setHeader(name: string, value: unknown): void {
    this.headers[name] = value;
  }

  getHeader(name: string): unknown {
    return this.headers[name];
  }

  flushHeaders(): void {
    this.headers.flushed = true;
  }

  override _write(piece: Buffer, _: string, done: () => void): void {
    this.read.push(piece.toString());
    this.#next = done;
  }

  take(): void {
    this.#next();
  }
}

function context(): { ctx: KeelsonContext; res: SlowReader; state: RequestState } {
  const res = new SlowReader();
  const req = { method: 'GET', url: '/' } as IncomingMessage;
  const state = new RequestState(req, res as unknown as ServerResponse);
  return { ctx: { state, req, res } as unknown as KeelsonContext, res, state };
}

/** Everything that can happen by itself has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}

it('passes an answer on at the pace of its reader', async () => {
  let made = 0;
  const body = Readable.from(
    (function* () {
      while (made < 100) yield Buffer.from(String(made++));
    })(),
    { highWaterMark: 1 },
  );
  const { ctx, res, state } = context();
  const sent = sendAnswer(ctx, { code: 200, headers: { etag: '"e"' }, body, isWhole: () => true }, { rejectRedirects: true });
  await settled();
  expect([res.statusCode, res.headers, res.read]).toEqual([200, { etag: '"e"', flushed: true }, ['0']]);
  const ahead = made;
  expect(ahead).toBeLessThan(10);
  res.take();
  await settled();
  expect([res.read, made]).toEqual([['0', '1'], ahead + 1]);
  state.clientLeft();
  await sent.catch(() => undefined);
  expect(body.destroyed).toBe(true);
});

it('fails when the answer is cut off, and ends it well when the server ends what lasts', async () => {
  const cut = context();
  const half = { code: 200, headers: {}, body: Readable.from([]), isWhole: () => false };
  await expect(sendAnswer(cut.ctx, half, { rejectRedirects: true })).rejects.toThrow('cut off');
  expect(cut.res.writableEnded).toBe(false);
  const { ctx, res, state } = context();
  state.longRunning = true;
  const watch = new Readable({ read: () => undefined });
  const sent = sendAnswer(ctx, { code: 200, headers: {}, body: watch, isWhole: () => false }, { rejectRedirects: true });
  await settled();
  state.abort(new Error('the server stops'));
  await sent;
  expect([res.writableEnded, watch.destroyed]).toEqual([true, true]);
});
