import { afterEach, describe, expect, it } from 'vitest';
import { ApiError, expired } from '../errors/api-error.js';
import { KubeClient } from './kube-client.js';
import { type ScriptedAnswer, type ScriptedRequest, ScriptedServer } from './testing/scripted-server.js';

let server: ScriptedServer | undefined;
let client: KubeClient | undefined;

afterEach(async () => {
  client?.close();
  await server?.stop();
  server = undefined;
});

/** A client that tries three times, with short waits, of a server that answers so. */
async function start(answer: (request: ScriptedRequest, at: number) => ScriptedAnswer | undefined, path = ''): Promise<KubeClient> {
  server = new ScriptedServer(answer);
  client = new KubeClient({ server: `${await server.start()}${path}`, insecureSkipTlsVerify: false, authorization: 'Bearer t' }, [1, 1]);
  return client;
}

describe('KubeClient', () => {
  it('sends what it is asked, below the path of the server', async () => {
    const client = await start(() => ({ body: { ok: 1 } }), '/clusters/a/');
    const asked = { method: 'PATCH', path: '/api/v1/pods?x=1', accept: 'a/b', contentType: 'c/d', body: '{}' } as const;
    expect(await client.json(asked)).toEqual({ ok: 1 });
    expect(server?.requests).toMatchObject([
      {
        method: 'PATCH',
        path: '/clusters/a/api/v1/pods?x=1',
        headers: { accept: 'a/b', 'content-type': 'c/d', authorization: 'Bearer t' },
        body: '{}',
      },
    ]);
  });

  it.each<[string, ScriptedAnswer | undefined]>([
    ['a server that is too busy', { code: 429, body: '' }],
    ['an error of the server', { code: 500, body: 'oh' }],
    ['a proxy without servers', { code: 503, body: '<html>' }],
    ['a broken connection', undefined],
  ])('tries again after %s', async (_, answer) => {
    const client = await start((_, at) => (at < 2 ? answer : { body: { at } }));
    expect(await client.json({ path: '/' })).toEqual({ at: 2 });
  });

  it('waits as long as the server says', async () => {
    const client = await start((_, at) => (at === 0 ? { code: 429, headers: { 'Retry-After': '1' }, body: '' } : { body: { at } }));
    const startMs = performance.now();
    await client.json({ path: '/' });
    expect(performance.now() - startMs).toBeGreaterThan(990);
  });

  it('gives up in the end, with the last error', async () => {
    const client = await start((_, at) => ({ code: 503, body: `no. ${at}` }));
    await expect(client.json({ path: '/api?limit=1' })).rejects.toThrow(new ApiError(503, '', 'GET /api: 503 no. 2', {}));
  });

  it('gives what the server says of a refusal, at once', async () => {
    const refusal = expired('too old');
    refusal.status.metadata.continue = 'here';
    const client = await start(() => ({ code: 410, body: refusal.status }));
    const error = await client.json({ path: '/' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 410, reason: 'Expired', message: 'too old', status: { metadata: { continue: 'here' } } });
    expect(server?.requests).toHaveLength(1);
  });
});
