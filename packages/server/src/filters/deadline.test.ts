import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '@keelson/machinery';
import { afterEach, describe, expect, it } from 'vitest';
import { readBody } from '../http/body.js';
import type { RequestState } from '../http/context.js';
import { reply } from '../http/reply.js';
import { askHttp1, openTls, readToEnd } from '../http/testing/clients.js';
import { startServer, stopServers } from '../http/testing/running-server.js';
import { failure, pods, status } from './testing/failure.js';

afterEach(stopServers);

describe('deadline', () => {
  const never = () => new Promise<void>(() => undefined);

  it.each([pods, `${pods}?timeout=50ms`])('answers 504 to %s when its time is up', async (path) => {
    let seen: RequestState | undefined;
    const { port } = await startServer(
      (ctx) => {
        seen = ctx.state;
        return never();
      },
      { requestTimeoutMs: path.includes('?') ? 60_000 : 50 },
    );
    const answer = await askHttp1(port, path);
    expect(answer.status).toBe(504);
    expect(status(answer)).toEqual(failure(504, 'Timeout', 'Timeout: request did not complete within the allotted timeout', {}));
    expect(seen?.abandoned).toBe(true);
    expect(seen?.signal.reason).toBeInstanceOf(ApiError);
  });

  it('drops what late work still writes', async () => {
    let wrote: unknown;
    const { port } = await startServer(
      async (ctx) => {
        await once(ctx.state.signal, 'abort');
        await delay(20);
        try {
          reply(ctx, 200, 'text/plain', 'late');
        } catch (error) {
          wrote = error;
        }
      },
      { requestTimeoutMs: 30 },
    );
    expect((await askHttp1(port, pods)).status).toBe(504);
    await expect.poll(() => wrote).toMatchObject({ code: 'ERR_HTTP_HEADERS_SENT' });
    expect((await askHttp1(port, pods)).status).toBe(504);
  });

  it('leaves watches alone', async () => {
    const { port } = await startServer(
      async (ctx) => {
        await delay(100);
        reply(ctx, 200, 'text/plain', 'watched');
      },
      { requestTimeoutMs: 20 },
    );
    expect((await askHttp1(port, `${pods}?watch=1&timeoutSeconds=1`)).text).toBe('watched');
  });

  it.each([
    ['soon', 'invalid timeout specified in the request URL - time: invalid duration "soon"'],
    ['5', 'invalid timeout specified in the request URL - time: missing unit in duration "5"'],
  ])('refuses timeout=%s', async (timeout, message) => {
    const { port } = await startServer();
    const answer = await askHttp1(port, `${pods}?timeout=${timeout}`);
    expect(status(answer)).toEqual(failure(400, 'BadRequest', message));
  });

  it('ends a body that trickles in', async () => {
    const { port } = await startServer((ctx) => readBody(ctx.state).then((body) => reply(ctx, 200, 'text/plain', body)), {
      requestTimeoutMs: 100,
    });
    const socket = await openTls(port);
    socket.write(`POST ${pods} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n`);
    const trickle = setInterval(() => socket.write('x'), 20);
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 504 Gateway Timeout\r\n/);
    clearInterval(trickle);
  });
});
