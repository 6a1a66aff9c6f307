import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RequestState } from '../http/context.js';
import { BoundedSink } from './bounded-sink.js';
import { createLog } from './create-log.js';
import { logRequests } from './request-log.js';

class Lines extends Writable {
  text = '';
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

describe('createLog', () => {
  it('writes klog text', async () => {
    const target = new Lines();
    const log = createLog({ format: 'text', verbosity: 2, target });
    log.info(2, 'started "it"', { port: 6443, name: 'a b' });
    log.info(3, 'never');
    log.warn('odd');
    log.error('failed', { error: new Error('no such file') });
    await turn();
    const [started, odd, failed, frame] = target.text.split('\n');
    expect(started).toMatch(/^I\d{4} \d\d:\d\d:\d\d\.\d{6} \d+ "started \\"it\\"" port=6443 name="a b"$/);
    expect(odd).toMatch(/^W.* "odd"$/);
    expect(failed).toMatch(/^E.* "failed" error="no such file"$/);
    expect(frame).toMatch(/^ {4}at /);
    expect([log.enabled(2), log.enabled(3)]).toEqual([true, false]);
  });

  it('writes JSON', async () => {
    const target = new Lines();
    const log = createLog({ format: 'json', verbosity: 0, target });
    log.info(0, 'ready', { port: 1 });
    log.error('failed', { error: new TypeError('boom') });
    await turn();
    const [ready, failed] = target.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(ready).toEqual({ ts: expect.any(Number), level: 'info', v: 0, msg: 'ready', port: 1 });
    expect(failed).toMatchObject({ level: 'error', msg: 'failed', error: { message: 'boom', stack: expect.stringContaining('at ') } });
  });
});

describe('BoundedSink', () => {
  it('drops and counts what a stuck target cannot take, and says so later', () => {
    const written: string[] = [];
    let release: () => void = () => undefined;
    const stuck = new Writable({
      decodeStrings: false,
      write: (chunk, _, done) => {
        written.push(String(chunk));
        release = done;
      },
    });
    const sink = new BoundedSink(stuck, 20);
    for (let at = 0; at < 10; at++) sink.write(`line ${at} is long\n`);
    expect(sink.dropped).toBe(8);
    const drainOne = () => release();
    drainOne();
    drainOne();
    sink.write('after\n');
    drainOne();
    expect(written).toContain('dropped 8 log lines\n');
  });
});

describe('logRequests', () => {
  const state = (code: number, longRunning = false) =>
    ({
      req: { url: '/x?y', headers: { 'user-agent': 'test' } },
      res: { statusCode: code },
      longRunning,
      info: { verb: 'get' },
      user: { name: 'alice' },
      auditId: 'id',
    }) as unknown as RequestState;

  it('tells failed and slow requests, and no others', async () => {
    const target = new Lines();
    const end = logRequests(createLog({ format: 'json', verbosity: 2, target }));
    end(state(200), 5);
    end(state(404), 5);
    end(state(200, true), 5000);
    end(state(503), 5);
    end(state(200), 5000);
    await turn();
    const lines = target.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { msg: 'request', verb: 'GET', URI: '/x?y', userAgent: 'test', user: 'alice', auditID: 'id', resp: 503 },
      { msg: 'slow request', resp: 200 },
    ]);
  });
});
