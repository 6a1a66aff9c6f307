import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { readBody } from '../http/body.js';
import { reply } from '../http/reply.js';
import { askHttp1, askHttp2, openHttp2 } from '../http/testing/clients.js';
import { answerOk, startServer, stopServers } from '../http/testing/running-server.js';
import { failure, pods, status } from './testing/failure.js';

afterEach(stopServers);

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
