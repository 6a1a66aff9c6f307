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

  it('gives the events of a watch, line by line, until it ends', async () => {
    const lines = [
      { type: 'ADDED', object: { metadata: { name: 'a' } } },
      { type: 'BOOKMARK', object: { metadata: { resourceVersion: '7' } } },
    ];
    const client = await start(() => ({ body: lines.map((line) => `${JSON.stringify(line)}\n`).join('') }));
    const events = [];
    for await (const event of client.watch('/api/v1/pods?watch=true', new AbortController().signal)) events.push(event);
    expect(events).toEqual(lines);
    expect(server?.requests).toMatchObject([{ method: 'GET', path: '/api/v1/pods?watch=true' }]);
  });

  it('ends a watch with what the server says, at its beginning or later', async () => {
    const signal = new AbortController().signal;
    const status = expired('too old').status;
    const refused = await start(() => ({ code: 403, body: { ...status, code: 403, reason: 'Forbidden', message: 'not you' } }));
    await expect(refused.watch('/', signal).next()).rejects.toMatchObject({ code: 403, reason: 'Forbidden', message: 'not you' });
    await server?.stop();
    const ended = await start(() => ({ body: `${JSON.stringify({ type: 'ERROR', object: status })}\n` }));
    await expect(ended.watch('/', signal).next()).rejects.toMatchObject({ code: 410, reason: 'Expired', message: 'too old' });
  });

  it('tells whether a server is ready', async () => {
    const client = await start(({ path }, at) => ({ code: at === 0 ? 500 : 200, body: path }));
    expect([await client.isReady(), await client.isReady()]).toEqual([false, true]);
    await server?.stop();
    expect(await client.isReady()).toBe(false);
    server = undefined;
  });
});
