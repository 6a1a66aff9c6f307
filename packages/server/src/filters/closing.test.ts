import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { askHttp1, askHttp2, openHttp2 } from '../http/testing/clients.js';
import { answerOk, startServer, stopServers } from '../http/testing/running-server.js';

afterEach(stopServers);

const closing = () => true;
const exempt = ['/readyz', '/readyz/etcd', '/livez', '/healthz', '/metrics', '/metrics/slis'];

describe('a server that sends late clients elsewhere', () => {
  it('answers 429 and closes their connections', async () => {
    const { port } = await startServer(answerOk, { closing, sendRetryAfter: true });
    for (const path of ['/version', '/api/v1/pods', '/api/v1/pods?watch=1']) {
      const { status, headers, text } = await askHttp1(port, path);
      expect([status, headers['retry-after'], headers.connection, headers['content-type'], text]).toEqual([
        429,
        '5',
        'close',
        'text/plain; charset=utf-8',
        'The apiserver is shutting down, please try again later.\n',
      ]);
    }
    const session = await openHttp2(port);
    const left = once(session, 'goaway');
    expect((await askHttp2(session, '/api/v1/pods')).status).toBe(429);
    await left;
  });

  it('still answers health, metrics and other servers', async () => {
    const { port } = await startServer(answerOk, { closing, sendRetryAfter: true });
    for (const path of exempt) expect((await askHttp1(port, path)).status).toBe(200);
    const forwarded = { headers: { 'User-Agent': 'kube-apiserver/v1.34.0 (linux/amd64) kubernetes/f28b4c9' } };
    expect((await askHttp1(port, '/api/v1/pods', forwarded)).status).toBe(200);
  });

  it('serves everything until it closes', async () => {
    let late = false;
    const { port } = await startServer(answerOk, { closing: () => late, sendRetryAfter: true });
    expect((await askHttp1(port, '/version')).status).toBe(200);
    late = true;
    expect((await askHttp1(port, '/version')).status).toBe(429);
  });
});

describe('a server that accepts no connections any more', () => {
  it('refuses what comes on open ones', async () => {
    const { port } = await startServer(answerOk, { closing });
    const { status, headers, text } = await askHttp1(port, '/api/v1/pods');
    expect([status, headers['retry-after'], headers['x-content-type-options'], headers['cache-control']]).toEqual([
      503,
      '1',
      'nosniff',
      'no-cache, private',
    ]);
    expect(JSON.parse(text)).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'apiserver is shutting down',
      reason: 'ServiceUnavailable',
      code: 503,
    });
    for (const path of exempt) expect((await askHttp1(port, path)).status).toBe(200);
  });
});
