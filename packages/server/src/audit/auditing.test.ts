import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../testing/api-client.js';
import { stopTestServers } from '../testing/start-test-server.js';
import { type AuditedServer, both, maps, stagesOf, startAuditedServer } from './testing/audited-server.js';
import type { RecordedEvent } from './testing/recording-backend.js';

let server: AuditedServer['server'];
let eventsOf: AuditedServer['eventsOf'];
let backend: AuditedServer['backend'];
let metrics: AuditedServer['metrics'];
beforeAll(async () => {
  ({ server, eventsOf, backend, metrics } = await startAuditedServer());
});
afterAll(stopTestServers);

const time = expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);

describe('the events of a create', () => {
  it('say all there is to know', async () => {
    const [received, complete] = await eventsOf((headers) =>
      server.client.post(`${maps}?fieldManager=me&dryRun=All`, { metadata: { name: 'one', uid: 'mine' }, data: { a: '<b>' } }, headers),
    );
    const always = {
      level: 'RequestResponse',
      auditID: received?.auditID,
      requestURI: `${maps}?fieldManager=me&dryRun=All`,
      verb: 'create',
      user: { username: 'alice', uid: 'alice-uid', groups: ['devs'], extra: { scope: ['all'] } },
      sourceIPs: ['127.0.0.1'],
      userAgent: 'tester/1.0',
      requestReceivedTimestamp: time,
      stageTimestamp: time,
    };
    expect(received).toEqual({
      ...always,
      stage: 'RequestReceived',
      objectRef: { resource: 'configmaps', namespace: 'a', apiVersion: 'v1' },
    });
    expect(received?.stageTimestamp).toBe(received?.requestReceivedTimestamp);
    const metadata = { namespace: 'a', name: 'one', creationTimestamp: expect.any(String), uid: expect.any(String) };
    expect(complete).toEqual({
      ...always,
      stage: 'ResponseComplete',
      objectRef: { resource: 'configmaps', namespace: 'a', name: 'one', uid: 'mine', apiVersion: 'v1' },
      responseStatus: { metadata: {}, code: 201 },
      requestObject: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'one', uid: 'mine' }, data: { a: '<b>' } },
      responseObject: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { ...metadata, managedFields: [expect.objectContaining({ manager: 'me' })] },
        data: { a: '<b>' },
      },
      annotations: {
        'authorization.k8s.io/decision': 'allow',
        'authorization.k8s.io/reason': 'alice may',
        'gatekeeper/asked': 'yes',
      },
    });
    expect(complete?.requestReceivedTimestamp).toBe(received?.requestReceivedTimestamp);
  });
});

it('shows annotations about the body where it shows bodies', async () => {
  const annotations = async (path: string) => {
    const events = await eventsOf((headers) => server.client.post(`${path}?dryRun=All`, { metadata: { name: 'shown' } }, headers));
    return events.at(-1)?.annotations?.['gatekeeper/data'];
  };
  expect(await annotations(maps)).toBe('k=v');
  expect(await annotations('/api/v1/namespaces/a/secrets')).toBeUndefined();
});

describe('at the level None', () => {
  it('there is nothing', async () => {
    const before = metrics.levels.None.value;
    expect(await eventsOf((headers) => server.client.get('/version', headers))).toEqual([]);
    expect(metrics.levels.None.value).toBe(before + 1);
  });
});

describe('an impersonation', () => {
  it('has both users', async () => {
    const [received, complete] = await eventsOf((headers) =>
      server.client.get(maps, { ...headers, 'impersonate-user': 'bob', 'impersonate-group': 'ops' }),
    );
    expect([received?.user, received?.impersonatedUser]).toEqual([expect.objectContaining({ username: 'alice' }), undefined]);
    expect([complete?.user, complete?.impersonatedUser]).toEqual([
      expect.objectContaining({ username: 'alice' }),
      { username: 'bob', groups: ['ops', 'system:authenticated'] },
    ]);
    expect(complete?.annotations?.['authorization.k8s.io/reason']).toBe('bob may');
  });
});

describe('a deprecated version', () => {
  it('is noted when the answer is complete', async () => {
    const [received, complete] = await eventsOf((headers) => server.client.get('/api/v1/namespaces/a/serviceaccounts', headers));
    expect(received?.annotations).toBeUndefined();
    expect(complete?.annotations).toMatchObject({ 'k8s.io/deprecated': 'true', 'k8s.io/removed-release': '1.35' });
  });
});

describe.each(['HTTP/1.1', 'HTTP/2'])('a watch over %s', (version) => {
  it('has an event when its answer begins, and one when it ends', async () => {
    const client = version === 'HTTP/2' ? await server.http2() : server.client;
    let started: RecordedEvent[] = [];
    const events = await eventsOf(async (headers) => {
      const watch = await client.watch(`${maps}?watch=1&timeoutSeconds=1`, headers);
      started = backend.of(headers['audit-id'] ?? '');
      await watch.rest();
    });
    expect(stagesOf(started)).toEqual(['RequestReceived', 'ResponseStarted']);
    expect(started[1]).toMatchObject({ verb: 'watch', responseStatus: { metadata: {}, code: 200 } });
    expect(stagesOf(events)).toEqual(['RequestReceived', 'ResponseStarted', 'ResponseComplete']);
    expect(events[2]?.responseObject).toBeUndefined();
  });

  it('ends with its client', async () => {
    const client = version === 'HTTP/2' ? await server.http2() : server.client;
    let id = '';
    await eventsOf(async (headers) => {
      id = headers['audit-id'] ?? '';
      (await client.watch(`${maps}?watch=1`, headers)).abort();
    });
    await expect.poll(() => stagesOf(backend.of(id))).toEqual(['RequestReceived', 'ResponseStarted', 'ResponseComplete']);
  });
});

describe('audit ids', () => {
  it('are made for requests that have none', async () => {
    const answer: Answer = await server.client.get(maps, { authorization: 'Bearer alice' });
    expect(stagesOf(backend.of(answer.headers['audit-id'] as string))).toEqual(both);
  });

  it('do not make agents endless', async () => {
    const [event] = await eventsOf((headers) => server.client.get(maps, { ...headers, 'user-agent': 'x'.repeat(2000) }));
    expect(event?.userAgent).toBe(`${'x'.repeat(1024)}...TRUNCATED`);
  });
});
