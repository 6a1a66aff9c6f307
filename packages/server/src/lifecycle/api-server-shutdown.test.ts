import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { askHttp1, askHttp2, openHttp2 } from '../http/testing/clients.js';
import { HeldBackend } from '../testing/held-backend.js';
import { startTestServer, stopTestServers } from '../testing/start-test-server.js';

afterEach(stopTestServers);

/** Long enough for what is asked during it, on a busy machine too. */
const delayMs = 3_000;
const maps = '/api/v1/namespaces/a/configmaps';

async function startStopping(sendRetryAfter: boolean) {
  const backend = new HeldBackend();
  const server = await startTestServer({ backend, shutdown: { delayMs, sendRetryAfter, watchSpreadMs: 0 } });
  const { port, api } = server;
  const session = await openHttp2(port);
  const watch = session.request({ ':path': `${maps}?watch=1` });
  await once(watch, 'response');
  const watched = once(watch.resume(), 'end');
  const body = JSON.stringify({ metadata: { name: 'late' } });
  const write = askHttp1(port, maps, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
  await expect.poll(() => api.inFlight.count).toBe(2);
  return { server, backend, port, api, session, watched, write, begunAt: performance.now(), over: server.stop() };
}

/** Once the delay is over. */
async function untilClosing(api: { readonly shutdown: { closing(): boolean } }): Promise<void> {
  await expect.poll(() => api.shutdown.closing(), { timeout: 5 * delayMs }).toBe(true);
}

describe('an API server that is told to stop', () => {
  it('is not ready at once, serves during the delay, then finishes what it has begun and refuses connections', async () => {
    const { backend, port, api, session, watched, write, begunAt, over } = await startStopping(false);
    const ready = await askHttp1(port, '/readyz');
    expect([ready.status, ready.text.includes('[-]shutdown failed')]).toEqual([500, true]);
    expect((await askHttp1(port, '/livez')).status).toBe(200);
    expect((await askHttp1(port, maps)).status).toBe(200);
    expect((await askHttp2(session, maps)).status).toBe(200);

    await untilClosing(api);
    expect(performance.now() - begunAt).toBeGreaterThan(delayMs - 50);
    await watched;
    await expect(askHttp1(port, maps)).rejects.toThrow('ECONNREFUSED');
    backend.release();
    expect((await write).status).toBe(201);
    await over;
  });

  it('goes on listening with --shutdown-send-retry-after and sends clients elsewhere until all is done', async () => {
    const { backend, port, api, session, watched, write, over } = await startStopping(true);
    expect((await askHttp1(port, maps)).status).toBe(200);

    await untilClosing(api);
    await watched;
    const refused = await askHttp1(port, maps);
    expect([refused.status, refused.headers['retry-after'], refused.headers.connection, refused.text]).toEqual([
      429,
      '5',
      'close',
      'The apiserver is shutting down, please try again later.\n',
    ]);
    expect((await askHttp1(port, '/readyz')).status).toBe(500);
    expect((await askHttp1(port, '/metrics')).status).toBe(200);
    const left = once(session, 'goaway');
    expect((await askHttp2(session, maps)).status).toBe(429);
    await left;
    backend.release();
    expect((await write).status).toBe(201);
    await over;
    await expect(askHttp1(port, '/version')).rejects.toThrow('ECONNREFUSED');
  });
});
