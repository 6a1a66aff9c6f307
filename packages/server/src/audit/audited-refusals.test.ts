import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stopTestServers } from '../testing/start-test-server.js';
import { type AuditedServer, maps, stagesOf, startAuditedServer } from './testing/audited-server.js';
import type { RecordedEvent } from './testing/recording-backend.js';

let server: AuditedServer['server'];
let eventsOf: AuditedServer['eventsOf'];
beforeAll(async () => {
  ({ server, eventsOf } = await startAuditedServer());
});
afterAll(stopTestServers);

describe('refusals', () => {
  const statuses = (events: readonly RecordedEvent[]) => events.map(({ stage, responseStatus }) => [stage, responseStatus]);
  const failure = (code: number, reason: string, message: string, details?: object) => ({
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details && { details }),
    code,
  });

  it('of nobody have one event, without a user', async () => {
    const events = await eventsOf((headers) => server.client.get(maps, { ...headers, authorization: 'Bearer mallory' }));
    expect(statuses(events)).toEqual([['ResponseStarted', failure(401, 'Unauthorized', 'Unauthorized')]]);
    expect([events[0]?.user, events[0]?.annotations]).toEqual([{}, undefined]);
  });

  it.each([
    [{ authorization: 'Bearer mallory' }, 'Authentication failed, attempted: bearer'],
    [{ authorization: `Basic ${Buffer.from('a:b').toString('base64')}` }, 'Authentication failed, attempted: basic'],
    [{ authorization: '' }, 'Authentication failed, no credentials provided'],
  ])('of %j tell what was tried, where no Status is told', async (credentials, message) => {
    const events = await eventsOf((headers) => server.client.get(maps, { ...headers, ...credentials, accept: 'text/html' }));
    expect(statuses(events)).toEqual([['ResponseStarted', { metadata: {}, message, code: 401 }]]);
  });

  it('of a bad timeout come before it is known who asks', async () => {
    const events = await eventsOf((headers) => server.client.get(`${maps}?timeout=x`, headers));
    const message = 'invalid timeout specified in the request URL - time: invalid duration "x"';
    expect(statuses(events)).toEqual([['ResponseStarted', failure(400, 'BadRequest', message)]]);
    expect(events[0]?.user).toEqual({});
  });

  it('by authorization say why', async () => {
    const [, event] = await eventsOf((headers) => server.client.get(maps, { ...headers, authorization: 'Bearer eve' }));
    expect(event?.annotations).toEqual({ 'authorization.k8s.io/decision': 'forbid', 'authorization.k8s.io/reason': 'unknown role' });
    expect(event?.responseStatus).toMatchObject({ code: 403, reason: 'Forbidden' });
    const [, failed] = await eventsOf((headers) => server.client.get('/fail', headers));
    expect([failed?.annotations, failed?.responseStatus]).toEqual([
      { 'authorization.k8s.io/reason': 'internal error' },
      { metadata: {}, code: 500 },
    ]);
  });

  it('by admission and validation have their objects', async () => {
    const [, event] = await eventsOf((headers) => server.client.post(maps, { metadata: { name: 'refused' } }, headers));
    const message = 'configmaps "refused" is forbidden: no';
    expect(event).toMatchObject({
      requestObject: { kind: 'ConfigMap', metadata: { name: 'refused' } },
      responseStatus: failure(403, 'Forbidden', message, { name: 'refused', kind: 'configmaps' }),
      responseObject: { kind: 'Status', message },
      annotations: { 'gatekeeper/asked': 'yes' },
    });
    const [, invalid] = await eventsOf((headers) => server.client.post(maps, { metadata: { name: 'Bad' } }, headers));
    expect(invalid).toMatchObject({ requestObject: { metadata: { name: 'Bad' } }, responseStatus: { code: 422, reason: 'Invalid' } });
  });

  it('of what cannot be read have none', async () => {
    const [, event] = await eventsOf((headers) => server.client.post(maps, '{"metadata":', headers));
    expect([event?.responseStatus, event?.requestObject]).toEqual([
      expect.objectContaining({ code: 400, reason: 'BadRequest' }),
      undefined,
    ]);
  });

  it('that nobody accepts have only their code', async () => {
    const [, event] = await eventsOf((headers) => server.client.get(maps, { ...headers, accept: 'text/html' }));
    expect(event?.responseStatus).toEqual({ metadata: {}, code: 406 });
  });
});

describe('a mistake of the server', () => {
  it('is the last stage', async () => {
    const events = await eventsOf((headers) => server.client.post(maps, { metadata: { name: 'broken' } }, headers));
    expect(stagesOf(events)).toEqual(['RequestReceived', 'Panic']);
    expect(events[1]?.responseStatus).toEqual({
      metadata: {},
      status: 'Failure',
      message: "APIServer panic'd: x is not a function",
      reason: 'InternalError',
      code: 500,
    });
  });
});
