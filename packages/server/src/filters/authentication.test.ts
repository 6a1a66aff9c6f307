import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestState } from '../http/context.js';
import { askHttp1, askHttp2, openHttp2 } from '../http/testing/clients.js';
import { answerOk, startServer, stopServers } from '../http/testing/running-server.js';
import { failure, pods, status } from './testing/failure.js';

afterEach(stopServers);

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
