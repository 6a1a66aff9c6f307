import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, notFound } from '@keelson/machinery';
import { StorageError } from '@keelson/storage';
import { afterEach, describe, expect, it } from 'vitest';
import { readBody } from '../http/body.js';
import type { RequestState } from '../http/context.js';
import { reply } from '../http/reply.js';
import { type Answer, askHttp1, askHttp2, openHttp2, openTls, readToEnd } from '../http/testing/clients.js';
import { answerOk, startServer, stopServers } from '../http/testing/running-server.js';
import { MaxInFlight } from './max-in-flight.js';

afterEach(stopServers);

const pods = '/api/v1/namespaces/x/pods';
const status = ({ text }: Answer): unknown => JSON.parse(text);
const failure = (code: number, reason: string, message: string, details?: object) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  ...(reason !== '' && { reason }),
  ...(details && { details }),
  code,
});

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

describe('headers', () => {
  it('carries the audit id back, forbids caching, and says what it is told to', async () => {
    const { port } = await startServer(answerOk, { strictTransportSecurity: ['max-age=31536000', 'includeSubDomains'] });
    const { headers } = await askHttp1(port, '/version', { headers: { 'Audit-ID': 'mine' } });
    expect(headers).toMatchObject({
      'audit-id': 'mine',
      'cache-control': 'no-cache, private',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
    });
    const ids = await Promise.all(Array.from({ length: 3 }, async () => (await askHttp1(port, '/version')).headers['audit-id']));
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('sends each warning as a header of its own', async () => {
    const { port } = await startServer((ctx) => {
      ctx.state.warn('unknown field "a"');
      ctx.state.warn('ünknown');
      return answerOk(ctx);
    });
    const { rawHeaders } = await askHttp1(port, pods);
    const warnings = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1] === 'Warning');
    expect(warnings.map((value) => Buffer.from(value, 'latin1').toString('utf8'))).toEqual([
      '299 - "unknown field \\"a\\""',
      '299 - "ünknown"',
    ]);
  });

  it('answers browsers of allowed origins only', async () => {
    const { port } = await startServer(answerOk, { corsAllowedOrigins: [/^https:\/\/[a-z]+\.example\.com$/] });
    const preflight = await askHttp1(port, pods, { method: 'OPTIONS', headers: { Origin: 'https://ui.example.com' } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': 'https://ui.example.com',
      'access-control-allow-methods': 'POST, GET, OPTIONS, PUT, DELETE, PATCH',
      'access-control-allow-credentials': 'true',
    });
    const foreign = await askHttp1(port, pods, { headers: { Origin: 'https://evil.test' } });
    expect(foreign.headers['access-control-allow-origin']).toBeUndefined();
    expect(foreign.status).toBe(200);
  });

  it('asks HTTP/2 clients to reconnect by chance, after their answer', async () => {
    const { port } = await startServer(answerOk, { goawayChance: 1 });
    const session = await openHttp2(port);
    const left = once(session, 'goaway');
    expect((await askHttp2(session, '/version')).status).toBe(200);
    expect((await left)[0]).toBe(0);
  });
});

describe('request info', () => {
  it('refuses paths it cannot read', async () => {
    const { port } = await startServer();
    const answer = await askHttp1(port, '/api/v1/watch');
    expect(answer.status).toBe(500);
    expect(answer.text).toBe(
      'Internal Server Error: "/api/v1/watch": failed to create RequestInfo: unable to determine kind and namespace from url, /api/v1/watch\n',
    );
    expect((await askHttp1(port, '/api/v1/%zz')).status).toBe(400);
  });
});

describe('authentication', () => {
  const unauthorized = failure(401, 'Unauthorized', 'Unauthorized');

  it.each([
    ['knows nobody', () => undefined],
    ['knows nobody, later', () => Promise.resolve(undefined)],
    [
      'finds the credential bad',
      () => {
        throw new Error('token has expired');
      },
    ],
    ['finds the credential bad, later', () => Promise.reject(new Error('token has expired'))],
  ])('answers 401 when it %s', async (_, authenticate) => {
    const { port } = await startServer(answerOk, { authenticator: { authenticate } });
    const answer = await askHttp1(port, pods);
    expect(answer.status).toBe(401);
    expect(status(answer)).toEqual(unauthorized);
    const session = await openHttp2(port);
    const left = once(session, 'goaway');
    expect((await askHttp2(session, pods)).status).toBe(401);
    await left;
  });

  it('removes credentials from what is behind it', async () => {
    let seen: RequestState | undefined;
    const { port } = await startServer((ctx) => {
      seen = ctx.state;
      return answerOk(ctx);
    });
    await askHttp1(port, pods, {
      headers: { Authorization: 'Bearer secret', 'X-Remote-User': 'root', 'X-Remote-Extra-Scope': 'all', 'User-Agent': 'test' },
    });
    expect(seen?.user.name).toBe('admin');
    expect(seen?.req.headers).toMatchObject({ 'user-agent': 'test' });
    expect(JSON.stringify([seen?.req.headers, seen?.req.rawHeaders])).not.toMatch(/secret|root|x-remote|authorization/i);
    expect(seen?.req.rawHeaders).toContain('User-Agent');
  });

  it('passes on what is to be told of a credential', async () => {
    const user = { name: 'a', groups: [] };
    const authenticator = { authenticate: () => ({ user, annotations: { 'example.com/seen': 'yes' }, warnings: ['renew it'] }) };
    let noted: unknown;
    const { port } = await startServer(
      (ctx) => {
        noted = ctx.state.auditAnnotations;
        return answerOk(ctx);
      },
      { authenticator },
    );
    const { headers } = await askHttp1(port, pods);
    expect([headers.warning, noted]).toEqual(['299 - "renew it"', new Map([['example.com/seen', 'yes']])]);
  });

  it('accepts a credential only for the audiences of this server', async () => {
    const authenticator = { authenticate: () => ({ user: { name: 'a', groups: [] }, audiences: ['vault'] }) };
    const { port } = await startServer(answerOk, { authenticator, authentication: { apiAudiences: ['api'] } });
    expect((await askHttp1(port, pods)).status).toBe(401);
    const other = await startServer(answerOk, { authenticator, authentication: { apiAudiences: ['api', 'vault'] } });
    expect((await askHttp1(other.port, pods)).status).toBe(200);
  });
});

describe('authorization', () => {
  const authenticator = { authenticate: () => ({ user: { name: 'alice', groups: ['devs'] } }) };

  it.each([
    [pods, 'GET', 'pods is forbidden: User "alice" cannot list resource "pods" in API group "" in the namespace "x"', { kind: 'pods' }],
    [
      '/api/v1/nodes/n',
      'GET',
      'nodes "n" is forbidden: User "alice" cannot get resource "nodes" in API group "" at the cluster scope',
      { kind: 'nodes', name: 'n' },
    ],
    [
      '/apis/apps/v1/namespaces/x/deployments/d/scale',
      'PATCH',
      'deployments.apps "d" is forbidden: User "alice" cannot patch resource "deployments/scale" in API group "apps" in the namespace "x"',
      { group: 'apps', kind: 'deployments', name: 'd' },
    ],
    ['/openid/v1/jwks', 'GET', 'forbidden: User "alice" cannot get path "/openid/v1/jwks"', {}],
  ])('refuses %s', async (path, method, message, details) => {
    const { port } = await startServer(answerOk, { authenticator, authorizer: { authorize: () => ({ decision: 'noOpinion' }) } });
    const answer = await askHttp1(port, path, { method });
    expect(answer.status).toBe(403);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(status(answer)).toEqual(failure(403, 'Forbidden', message, details));
  });

  it('says why, and lets no markup through', async () => {
    const authorizer = { authorize: async () => ({ decision: 'deny' as const, reason: 'RBAC: clusterrole "x" not found' }) };
    const { port } = await startServer(answerOk, { authenticator, authorizer });
    expect(status(await askHttp1(port, '/%3Cb%3E'))).toMatchObject({
      message: 'forbidden: User "alice" cannot get path "/&lt;b&gt;": RBAC: clusterrole "x" not found',
    });
  });

  it('answers 500 when it cannot decide', async () => {
    const authorizer = { authorize: () => Promise.reject(new Error('webhook is down')) };
    const { port } = await startServer(answerOk, { authenticator, authorizer });
    const answer = await askHttp1(port, '/x?a=1');
    expect([answer.status, answer.text]).toEqual([500, 'Internal Server Error: "/x?a=1": webhook is down\n']);
  });
});

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

describe('bodies', () => {
  it('reads what was sent, up to the limit', async () => {
    const { port } = await startServer(async (ctx) => reply(ctx, 200, 'text/plain', await readBody(ctx.state, 10)));
    const session = await openHttp2(port);
    expect((await askHttp1(port, pods, { method: 'POST', body: 'short' })).text).toBe('short');
    expect((await askHttp2(session, pods, { method: 'POST', body: 'short' })).text).toBe('short');
    for (const answer of [
      await askHttp1(port, pods, { method: 'POST', body: 'longer than ten' }),
      await askHttp1(port, pods, { method: 'POST', body: 'longer than ten', headers: { 'Transfer-Encoding': 'chunked' } }),
      await askHttp2(session, pods, { method: 'POST', body: 'longer than ten' }),
    ]) {
      expect(status(answer)).toEqual(failure(413, 'RequestEntityTooLarge', 'Request entity is too large: limit is 10'));
    }
    session.destroy();
  });
});

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
