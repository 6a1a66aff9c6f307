import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { preparePki } from '../../packages/keelson/src/pki/prepare-pki.js';
import type { GoldenCase, Step } from './golden-case.js';
import { playCases } from './play-cases.js';
import { Player } from './player.js';

type Handler = (request: IncomingMessage & { text: string }, response: ServerResponse) => void;

let dir: string;
let server: Server;
let player: Player;
let requests: string[];
let handle: Handler;

/** A server that accepts the player's housekeeping, and leaves the rest to the test. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'golden-'));
  await preparePki({ dir, serverHosts: [], clusterIpRanges: ['10.0.0.0/24'] });
  const [ca, cert, key] = await Promise.all(['ca.crt', 'apiserver.crt', 'apiserver.key'].map((file) => readFile(join(dir, file), 'utf8')));
  server = createServer({ cert, key }, async (request, response) => {
    const text = (await request.toArray()).join('');
    requests.push(`${request.method} ${request.url}`);
    if (request.url?.startsWith('/api/v1/namespaces')) return json(response, request.method === 'POST' ? 201 : 200, {});
    handle(Object.assign(request, { text }), response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  player = new Player({ url, ca, adminToken: 'admin-token', aliceToken: 'alice-token' });
});

beforeEach(() => {
  requests = [];
  handle = (_, response) => json(response, 200, {});
});

afterAll(async () => {
  await player.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(dir, { recursive: true });
});

function json(response: ServerResponse, code: number, body: unknown, headers: Record<string, string | string[]> = {}): void {
  response.writeHead(code, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private', ...headers });
  response.end(JSON.stringify(body));
}

const aCase = (steps: Step[], expect: GoldenCase['expect'], more: Partial<GoldenCase> = {}): GoldenCase => ({
  id: 'c',
  area: 'a',
  steps,
  expect,
  ...more,
});
const placeholder = (name: string) => `\${${name}}`;

describe('Player', () => {
  it('sends what is recorded, and finds an equal answer equal', async () => {
    handle = (request, response) => {
      const { accept, authorization, 'content-type': type, 'user-agent': agent } = request.headers;
      json(
        response,
        201,
        { sent: [request.method, request.url, accept, authorization, type, agent, request.text] },
        { Warning: ['299 - "b"', '299 - "a"'] },
      );
    };
    const step: Step = {
      do: 'POST',
      path: `/x/${placeholder('ns')}?n=${placeholder('u')}`,
      as: 'alice',
      accept: 'a/b',
      body: { a: placeholder('u') },
    };
    const expected = {
      code: 201,
      type: 'application/json',
      warn: ['299 - "a"', '299 - "b"'],
      body: {
        sent: ['POST', step.path ?? '', 'a/b', 'Bearer alice-token', 'application/json', 'client/1.0', `{"a": "${placeholder('u')}"}`],
      },
    };
    expect(await player.play(aCase([step], [expected], { ns: 'own' }))).toMatchObject({ failures: [], codesEqual: true });
    const [, namespace] = /^POST \/x\/(cases-[b-z24-9]{8})\?n=[b-z24-9]{8}$/.exec(requests[1] ?? '') ?? [];
    const own = `/api/v1/namespaces/${namespace}`;
    expect(requests).toEqual(['POST /api/v1/namespaces', requests[1], `DELETE ${own}`, `PUT ${own}/finalize`]);
  });

  it('tells what differs in which step', async () => {
    handle = (_, response) => json(response, 404, { kind: 'Status' }, { 'Cache-Control': 'public' });
    const steps: Step[] = [
      { do: 'GET', path: '/a', cmp: 'none' },
      { do: 'GET', path: '/b', as: 'anon' },
    ];
    const { failures, codesEqual } = await player.play(aCase(steps, [null, { code: 200, type: 'application/json', body: {} }]));
    expect(codesEqual).toBe(false);
    expect(failures).toEqual([
      {
        step: 1,
        request: 'anon GET /b',
        differences: [
          { path: 'code', expected: 200, got: 404 },
          { path: 'headers', expected: undefined, got: { 'Cache-Control': 'public' } },
          { path: 'body.kind', expected: undefined, got: 'Status' },
        ],
      },
    ]);
  });

  it('hands saved values and raw answers on', async () => {
    handle = (request, response) => json(response, 200, { metadata: { resourceVersion: '41' }, echo: request.text, url: request.url });
    const steps: Step[] = [
      { do: 'GET', path: '/a', id: 'first', save: { rv: 'metadata.resourceVersion' }, cmp: 'none' },
      { do: 'PUT', path: `/b?rv=${placeholder('rv')}`, from: 'first', pick: 'echo' },
    ];
    const echo = '{"metadata":{"resourceVersion":"<rv>"},"echo":"","url":"/a"}';
    expect(await player.play(aCase(steps, [null, { code: 200, type: 'application/json', body: echo }]))).toMatchObject({ failures: [] });
    expect(requests[1]).toBe('PUT /b?rv=41');
  });

  it('polls until the answer is the awaited one', async () => {
    let answers = 0;
    handle = (_, response) => json(response, ++answers < 3 ? 404 : 200, { status: { ready: answers > 3 } });
    const step: Step = { do: 'GET', path: '/a', poll: { seconds: 10, code: 200, path: 'status.ready', value: true } };
    await player
      .play(aCase([step], [{ code: 200, type: 'application/json', body: { status: { ready: true } } }]))
      .then(({ failures }) => expect(failures).toEqual([]));
    expect(answers).toBe(4);
  });

  it('goes on when the definition is established whose objects a case has waited for', async () => {
    let reads = 0;
    const name = 'widgets.example.com';
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    handle = ({ method, url }, response) => {
      if (method === 'POST') return json(response, 201, { metadata: { name, resourceVersion: '1' } });
      if (method !== 'GET' || url !== `${definitions}/${name}`) return json(response, 200, {});
      const conditions = [undefined, [{ type: 'Established', reason: 'Installing' }], [{ type: 'Established', reason: 'NotAccepted' }]];
      return json(response, 200, { status: { conditions: conditions[reads++] } });
    };
    const steps: Step[] = [
      { do: 'POST', path: definitions, body: {}, cmp: 'none' },
      { do: 'GET', path: '/apis/example.com/v1/widgets', poll: { seconds: 10, code: 200 }, cmp: 'none' },
      { do: 'GET', path: '/after', cmp: 'none' },
    ];
    await player.play(aCase(steps, [null, null, null]));
    const read = `GET ${definitions}/${name}`;
    expect(requests.slice(0, 6)).toEqual([`POST ${definitions}`, 'GET /apis/example.com/v1/widgets', read, read, read, 'GET /after']);
  });

  it('reads a watch up to its limit, or to the end of the stream', async () => {
    const event = (name: string) => JSON.stringify({ type: 'ADDED', object: { metadata: { name, resourceVersion: '9' } } });
    handle = (request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write(`${event('a')}\n${event('b').slice(0, 9)}`);
      setTimeout(() => response.write(`${event('b').slice(9)}\n${event('c')}\n`), 20);
      if (request.url === '/ends') setTimeout(() => response.end(), 40);
    };
    const seen = (name: string) => ({ type: 'ADDED', object: { metadata: { name, resourceVersion: '<rv1>' } } });
    const answer = (...events: unknown[]) => ({ code: 200, type: 'application/json', events });
    const limited: Step = { do: 'GET', path: '/goes-on', watch: { events: 2, seconds: 10 } };
    const whole: Step = { do: 'GET', path: '/ends', watch: { events: 9, seconds: 10 } };
    const { failures } = await player.play(
      aCase([limited, whole], [answer(seen('a'), seen('b')), answer(seen('a'), seen('b'), seen('c'), 'EOF')]),
    );
    expect(failures).toEqual([]);
  });

  it('collects a watch that runs in the background, an error with its body', async () => {
    handle = (_, response) => json(response, 410, { kind: 'Status' });
    const steps: Step[] = [{ do: 'GET', path: '/w', watch: { start: 'w' } }, { collect: 'w' }];
    expect(await player.play(aCase(steps, [null, { code: 410, type: 'application/json', body: { kind: 'Status' } }]))).toMatchObject({
      failures: [],
    });
  });

  it('asks once for what may be reused', async () => {
    const step: Step = { do: 'GET', path: '/schema', cache: true, cmp: 'code' };
    await player.play(aCase([step, step], [{ code: 200 }, { code: 200 }]));
    await player.play(aCase([step], [{ code: 200 }]));
    expect(requests).toEqual(['GET /schema']);
  });

  it('deletes what a case created, the last first', async () => {
    handle = (request, response) => {
      if (request.method === 'DELETE') return json(response, 404, {});
      json(response, 201, { metadata: { name: 'made', ...(request.url === '/review' ? {} : { resourceVersion: '1' }) } });
    };
    const post = (path: string): Step => ({ do: 'POST', path, body: {}, cmp: 'none' });
    await player.play(aCase([post('/a'), post('/b?fieldManager=m'), post('/review'), post('/c?dryRun=All')], [null, null, null, null]));
    expect(requests.slice(4)).toEqual(['DELETE /b/made?gracePeriodSeconds=0', 'DELETE /a/made?gracePeriodSeconds=0']);
  });

  it('tells of a server that gives no answer', async () => {
    handle = (_, response) => response.destroy();
    const { failures } = await player.play(aCase([{ do: 'GET', path: '/a' }], [{ code: 200 }]));
    expect(failures[0]?.differences).toEqual([{ path: 'answer', expected: 'one', got: 'Error: socket hang up' }]);
  });
});

describe('playCases', () => {
  it('plays serial cases alone, and leaves out those that need an etcd', async () => {
    let open = 0;
    const together: number[] = [];
    handle = (request, response) => {
      open++;
      if (request.url === '/serial') together.push(open);
      setTimeout(() => {
        open--;
        json(response, 200, {});
      }, 5);
    };
    const get = (path: string, more: Partial<GoldenCase> = {}) => aCase([{ do: 'GET', path }], [null], { id: path, ...more });
    const cases = [
      get('/serial', { serial: true }),
      get('/a'),
      get('/serial', { serial: true }),
      get('/b'),
      get('/store', { needs: 'store' }),
      get('/c'),
    ];
    const results = await playCases(player, cases, 3);
    expect(results.map(({ id }) => id).sort()).toEqual(['/a', '/b', '/c', '/serial', '/serial']);
    expect(together).toEqual([1, 1]);
  });

  describe('a case that differs', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['Date'], now: 1_000_900 });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    /** Plays a case that is wrong the first times it is asked for, each of which takes so long. */
    const playWrong = async (times: number, tookMs: number) => {
      const plays: (string | undefined)[] = [];
      handle = (request, response) => {
        plays.push(request.url);
        vi.setSystemTime(Date.now() + tookMs);
        json(response, plays.length > times ? 200 : 500, {});
      };
      const step: Step = { do: 'GET', path: `/${placeholder('u')}`, cmp: 'code' };
      const [result] = await playCases(player, [aCase([step], [{ code: 200 }])], 1);
      return { plays: new Set(plays).size, failures: result?.failures.length };
    };

    it('is played again under another name when a second began meanwhile', async () => {
      expect(await playWrong(1, 200)).toEqual({ plays: 2, failures: 0 });
    });

    it('is played three times at most', async () => {
      expect(await playWrong(9, 1000)).toEqual({ plays: 3, failures: 1 });
    });

    it('is not played again when it stayed within a second', async () => {
      expect(await playWrong(1, 50)).toEqual({ plays: 1, failures: 1 });
    });
  });
});
