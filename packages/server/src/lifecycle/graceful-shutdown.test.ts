import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { Handler } from '../http/context.js';
import { reply } from '../http/reply.js';
import { askHttp1, askHttp2, closed, openHttp2 } from '../http/testing/clients.js';
import { RecordedLog, startServer, stopServers } from '../http/testing/running-server.js';
import { GracefulShutdown } from './graceful-shutdown.js';

afterEach(stopServers);

/** Watches end when they are told to; others when `release` is called. */
function waitingDispatch() {
  const releases: (() => void)[] = [];
  const dispatch: Handler = async (ctx) => {
    if (ctx.state.longRunning) {
      ctx.res.flushHeaders();
      await once(ctx.state.signal, 'abort');
      ctx.res.end('watched');
      return;
    }
    if (ctx.state.info.path === '/slow') await new Promise<void>((resolve) => releases.push(resolve));
    reply(ctx, 200, 'text/plain', 'ok');
  };
  const release = () => {
    for (const one of releases.splice(0)) one();
  };
  return { dispatch, release };
}

describe('GracefulShutdown', () => {
  it('fails readiness, serves on during the delay, ends watches, waits for the rest, closes', async () => {
    const { dispatch, release } = waitingDispatch();
    const { port, listener, inFlight, log } = await startServer(dispatch);
    const shutdown = new GracefulShutdown({ listener, inFlight, log, delayMs: 1_500, watchSpreadMs: 10 });
    expect(() => shutdown.check()).not.toThrow();
    const session = await openHttp2(port);
    const other = await openHttp2(port);
    const watches = [1, 2, 3].map(() => askHttp2(session, '/api/v1/pods?watch=1'));
    const slow = askHttp2(other, '/slow');
    await expect.poll(() => inFlight.count).toBe(4);

    const over = shutdown.run();
    expect(() => shutdown.check()).toThrow('process is shutting down');
    expect(shutdown.closing()).toBe(false);
    expect((await askHttp1(port, '/version')).text).toBe('ok');

    expect((await Promise.all(watches)).map(({ text }) => text)).toEqual(['watched', 'watched', 'watched']);
    expect(shutdown.closing()).toBe(true);
    release();
    await over;
    expect(shutdown.run()).toBe(over);
    expect((await slow).text).toBe('ok');
    await expect(askHttp1(port, '/version')).rejects.toThrow('ECONNREFUSED');
  });

  it('waits for requests in flight before it closes', async () => {
    const { dispatch, release } = waitingDispatch();
    const { port, listener, inFlight, log } = await startServer(dispatch);
    const shutdown = new GracefulShutdown({ listener, inFlight, log, delayMs: 0, watchSpreadMs: 10 });
    const session = await openHttp2(port);
    const slow = askHttp2(session, '/slow');
    await expect.poll(() => inFlight.count).toBe(1);
    const left = once(session, 'goaway');
    const over = shutdown.run();
    await left;
    release();
    expect((await slow).text).toBe('ok');
    await over;
    expect(inFlight.count).toBe(0);
  });

  it('cuts off what does not end in time', async () => {
    const { port, listener, inFlight, log } = await startServer(waitingDispatch().dispatch);
    const session = await openHttp2(port);
    session.request({ ':path': '/slow' }).on('error', () => undefined);
    const cut = closed(session);
    await expect.poll(() => inFlight.count).toBe(1);
    const shutdown = new GracefulShutdown({ listener, inFlight, log, delayMs: 0, drainMs: 20 });
    await Promise.all([shutdown.run(), cut]);
    expect(log.lines).toContain('warn shutting down: requests were cut off');
  });

  it('serves until what comes before closing is done, and closes although it failed', async () => {
    const { port, listener, inFlight, log } = await startServer();
    const shutdown = new GracefulShutdown({ listener, inFlight, log, delayMs: 0 });
    let fail: (error: Error) => void = () => undefined;
    const over = shutdown.run(() => new Promise((_, reject) => (fail = reject)));
    expect(() => shutdown.check()).toThrow('process is shutting down');
    expect((await askHttp1(port, '/version')).status).toBe(200);
    expect(shutdown.closing()).toBe(false);
    fail(new Error('the store is gone'));
    await over;
    expect(log.lines).toContain('error shutting down: something was left undone');
    await expect(askHttp1(port, '/version')).rejects.toThrow('ECONNREFUSED');
  });

  it('ends the first watch at once and the others spread, no longer than it waits', async () => {
    const aborted: number[] = [];
    const states = [0, 1, 2].map((at) => ({ longRunning: true, abort: () => aborted.push(at) }));
    const inFlight = { count: 0, longRunning: () => states, idle: () => Promise.resolve() };
    const listener = { stopAccepting: () => undefined, goAway: () => undefined, empty: async () => undefined, close: () => undefined };
    const options = { listener, inFlight: inFlight as never, log: new RecordedLog(), delayMs: 0, watchSpreadMs: 90_000, drainMs: 300 };
    const over = new GracefulShutdown(options).run();
    await expect.poll(() => aborted).toEqual([0]);
    await over;
    await expect.poll(() => aborted).toEqual([0, 1, 2]);
  });
});
