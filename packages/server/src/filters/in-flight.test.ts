import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestState } from '../http/context.js';
import { reply } from '../http/reply.js';
import { askHttp1, askHttp2, openHttp2, openTls } from '../http/testing/clients.js';
import { answerOk, startServer, stopServers } from '../http/testing/running-server.js';
import { MaxInFlight } from './max-in-flight.js';
import { pods } from './testing/failure.js';

afterEach(stopServers);

describe('in flight', () => {
  it('aborts the work of a client that has gone', async () => {
    const seen: RequestState[] = [];
    const { port, inFlight } = await startServer(async (ctx) => {
      seen.push(ctx.state);
      ctx.res.flushHeaders();
      await once(ctx.state.signal, 'abort');
    });
    const socket = await openTls(port);
    socket.write(`GET ${pods}?watch=1 HTTP/1.1\r\nHost: x\r\n\r\n`);
    const session = await openHttp2(port);
    const stream = session.request({ ':path': `${pods}?watch=1` });
    stream.on('error', () => undefined);
    await expect.poll(() => inFlight.count).toBe(2);
    expect(inFlight.longRunning()).toHaveLength(2);
    socket.destroy();
    stream.close(8);
    await inFlight.idle();
    expect(seen.map((state) => [state.clientGone, state.signal.aborted])).toEqual([
      [true, true],
      [true, true],
    ]);
    session.destroy();
  });

  it('tells the end of every request once, with its code', async () => {
    const codes: number[] = [];
    const { port } = await startServer(answerOk, { onRequestEnd: (state) => codes.push(state.res.statusCode) });
    const session = await openHttp2(port);
    await askHttp1(port, pods);
    await askHttp2(session, pods, { method: 'POST', body: '{}' });
    await askHttp1(port, `${pods}?timeout=x`);
    await expect.poll(() => codes).toEqual([200, 200, 400]);
    session.destroy();
  });
});

describe('max in flight', () => {
  it('refuses what is too much, by kind, and lets masters and watches in', async () => {
    const releases: (() => void)[] = [];
    const dropped: string[] = [];
    const maxInFlight = new MaxInFlight({ maxReadOnly: 1, maxMutating: 1, events: { dropped: ({ info }) => dropped.push(info.verb) } });
    const { port } = await startServer(
      async (ctx) => {
        if (ctx.req.headers['x-wait']) await new Promise<void>((resolve) => releases.push(resolve));
        reply(ctx, 200, 'text/plain', 'ok');
      },
      {
        limiter: maxInFlight,
        authenticator: { authenticate: (req) => ({ user: { name: 'u', groups: req.headers['x-master'] ? ['system:masters'] : [] } }) },
      },
    );
    const waiting = [
      askHttp1(port, pods, { headers: { 'X-Wait': '1' } }),
      askHttp1(port, pods, { method: 'POST', headers: { 'X-Wait': '1' } }),
    ];
    await expect.poll(() => releases.length).toBe(2);
    const refused = await askHttp1(port, pods);
    expect([refused.status, refused.text, refused.headers['retry-after'], refused.headers['content-type']]).toEqual([
      429,
      'Too many requests, please try again later.\n',
      '1',
      'text/plain; charset=utf-8',
    ]);
    expect((await askHttp1(port, pods, { method: 'DELETE' })).status).toBe(429);
    expect((await askHttp1(port, `${pods}?watch=1`)).status).toBe(200);
    expect((await askHttp1(port, pods, { headers: { 'X-Master': '1' } })).status).toBe(200);
    expect(dropped).toEqual(['list', 'deletecollection']);
    expect([maxInFlight.executing.readOnly.recentPeak, maxInFlight.executing.mutating.recentPeak]).toEqual([1, 1]);
    for (const release of releases) release();
    await Promise.all(waiting);
    expect((await askHttp1(port, pods)).status).toBe(200);
    expect([maxInFlight.executing.readOnly.current, maxInFlight.executing.mutating.current]).toEqual([0, 0]);
  });
});
