import { createServer } from 'node:net';
import { StorageError } from '@keelson/storage';
import { MemoryBackend } from '@keelson/storage/memory';
import { afterEach, describe, expect, it } from 'vitest';
import type { StoreCheck } from './api-server.js';
import { server as serving } from './http/testing/certificates.js';
import { startTestServer, stopTestServers } from './testing/start-test-server.js';

afterEach(stopTestServers);

const maps = '/api/v1/namespaces/a/configmaps';

describe('a server', () => {
  it('tells its version, indented', async () => {
    const { client } = await startTestServer();
    const answer = await client.get('/version');
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.json()).toMatchObject({ major: '1', minor: '34', gitVersion: 'v1.34.0', minCompatibilityMinor: '33' });
    expect(answer.text).toBe(`${JSON.stringify(answer.json(), null, 2)}\n`);
  });

  it('is healthy while its store answers', async () => {
    let isGone = false;
    const asked: StoreCheck[] = [];
    const { client } = await startTestServer({
      checkStore: async (purpose) => {
        asked.push(purpose);
        if (isGone) throw new Error('no answer');
      },
    });
    expect((await client.get('/readyz')).text).toBe('ok');
    expect((await client.get('/healthz')).text).toBe('ok');
    isGone = true;
    const answer = await client.get('/livez?verbose');
    expect([answer.code, answer.text]).toEqual([
      500,
      [
        '[+]ping ok',
        '[+]log ok',
        '[-]etcd failed: reason withheld',
        '[+]poststarthook/start-apiserver-admission-initializer ok',
        '[+]poststarthook/generic-apiserver-start-informers ok',
        '[+]poststarthook/max-in-flight-filter ok',
        '[+]poststarthook/storage-object-count-tracker-hook ok',
        'livez check failed',
        '',
      ].join('\n'),
    ]);
    expect(asked).toEqual(['readiness', 'health', 'health']);
  });

  it('shares its store with other replicas', async () => {
    const first = await startTestServer();
    const second = await startTestServer({ backend: first.backend });
    const watch = await second.client.watch(`${maps}?watch=1`);
    await first.client.post(maps, { metadata: { name: 'one' } });
    expect(await watch.take(1)).toEqual(['ADDED one']);
    expect((await second.client.get(`${maps}/one`)).code).toBe(200);
    await second.client.delete(`${maps}/one`);
    expect((await first.client.get(`${maps}/one`)).code).toBe(404);
  });

  it('ends watches and answers what is under way before it stops', async () => {
    const server = await startTestServer();
    await server.client.post(maps, { metadata: { name: 'one' } });
    const watches = [await server.client.watch(`${maps}?watch=1`), await (await server.http2()).watch(`${maps}?watch=1`)];
    for (const watch of watches) await watch.take(1);
    const ends = watches.map((watch) => watch.rest());
    await server.api.stop();
    expect(await Promise.all(ends)).toEqual([[], []]);
    expect(server.api.inFlight.count).toBe(0);
    expect(server.api.listener.connections).toBe(0);
  });

  it('gives its store up when its port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    let watches = 0;
    class CountingBackend extends MemoryBackend {
      override async *watch(...args: Parameters<MemoryBackend['watch']>) {
        watches++;
        try {
          yield* super.watch(...args);
        } finally {
          watches--;
        }
      }
    }
    const backend = new CountingBackend();
    const tls = { certificate: serving.certificate, key: serving.key };
    await expect(startTestServer({ backend, listen: { host: '127.0.0.1', port, tls } })).rejects.toThrow('EADDRINUSE');
    expect(watches).toBe(0);
    await backend.close();
    taken.close();
  });

  it('tells a failure of the store as one', async () => {
    class FailingBackend extends MemoryBackend {
      override async put(): Promise<never> {
        throw new StorageError('unavailable', 'etcdserver: no leader');
      }
    }
    const { client } = await startTestServer({ backend: new FailingBackend() });
    expect((await client.post(maps, { metadata: { name: 'x' } })).failure).toBe('500 : etcdserver: no leader');
  });
});
