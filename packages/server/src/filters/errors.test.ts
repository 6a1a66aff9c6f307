import { setTimeout as delay } from 'node:timers/promises';
import { notFound } from '@keelson/machinery';
import { StorageError } from '@keelson/storage';
import { afterEach, describe, expect, it } from 'vitest';
import { askHttp1, askHttp2, openHttp2 } from '../http/testing/clients.js';
import { startServer, stopServers } from '../http/testing/running-server.js';
import { failure, pods, status } from './testing/failure.js';

afterEach(stopServers);

describe('errors', () => {
  it('answers an ApiError with its Status, over HTTP/1.1 and HTTP/2', async () => {
    const { port } = await startServer(() => {
      throw notFound({ group: '', resource: 'pods' }, 'web');
    });
    const expected = failure(404, 'NotFound', 'pods "web" not found', { name: 'web', kind: 'pods' });
    const session = await openHttp2(port);
    for (const answer of [await askHttp1(port, `${pods}/web`), await askHttp2(session, `${pods}/web`)]) {
      expect(answer.status).toBe(404);
      expect(answer.headers['content-type']).toBe('application/json');
      expect(status(answer)).toEqual(expected);
    }
    session.destroy();
  });

  const outOfTime = failure(504, 'Timeout', 'Timeout: request did not complete within requested timeout - context deadline exceeded', {});

  it.each([
    ['compacted', 410, failure(410, 'Expired', 'The resourceVersion for the provided list is too old.')],
    ['unavailable', 500, failure(500, '', 'etcdserver: no leader')],
    ['timeout', 504, outOfTime],
    ['unreachable', 504, outOfTime],
    ['ambiguous', 500, failure(500, '', 'etcdserver: no leader')],
  ] as const)("answers the store's %s", async (code, httpCode, expected) => {
    const { port } = await startServer(() => Promise.reject(new StorageError(code, 'etcdserver: no leader')));
    const answer = await askHttp1(port, pods);
    expect(answer.status).toBe(httpCode);
    expect(status(answer)).toEqual(expected);
  });

  it('tells nobody what the connection to the store says', async () => {
    const lost = new StorageError('ambiguous', 'etcd: read ECONNRESET 10.0.0.1:2379', undefined, { answered: false });
    const { port } = await startServer(() => Promise.reject(lost));
    expect(status(await askHttp1(port, pods))).toEqual(outOfTime);
  });

  it('answers a revision of the future with where the store is, and when to come back', async () => {
    const { port } = await startServer(() => Promise.reject(new StorageError('futureRevision', '', 7)));
    const answer = await askHttp1(port, `${pods}?resourceVersion=1000`);
    expect(answer.status).toBe(504);
    expect(answer.headers['retry-after']).toBe('1');
    expect(status(answer)).toMatchObject({ message: 'Timeout: Too large resource version: 1000, current: 7' });
  });

  it('answers anything else with 500 and logs it, without the stack', async () => {
    const { port, log } = await startServer(() => Promise.reject(new TypeError('boom')));
    const answer = await askHttp1(port, pods);
    expect(status(answer)).toEqual(failure(500, 'InternalError', 'Internal error occurred: boom', { causes: [{ message: 'boom' }] }));
    expect(log.lines).toContain('error request failed');
  });

  it('cuts an answer that has begun, so that it is not taken for whole', async () => {
    const { port } = await startServer(async (ctx) => {
      ctx.res.write('{"items":[');
      await delay(10);
      throw new Error('lost the store');
    });
    await expect(askHttp1(port, pods)).rejects.toThrow('aborted');
    const session = await openHttp2(port);
    await expect(askHttp2(session, pods)).rejects.toThrow('NGHTTP2_INTERNAL_ERROR');
    session.destroy();
  });
});
