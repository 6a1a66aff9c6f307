import { type AdmissionPlugin, forbidden, type Json, type UserInfo } from '@keelson/machinery';
import { type audit, core, envelopePrefix, wrap } from '@keelson/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditMetrics } from '../metrics/audit-metrics.js';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { defineResource } from '../resource/resource.js';
import type { Answer, Headers } from '../testing/api-client.js';
import { createTestGroups } from '../testing/resources.js';
import { startTestServer, stopTestServers, type TestServer } from '../testing/start-test-server.js';
import { Auditing } from './auditing.js';
import { AuditPolicy } from './policy/audit-policy.js';
import { type RecordedEvent, RecordingBackend } from './testing/recording-backend.js';

const accounts = defineResource(core.v1.ServiceAccount, {
  names: { plural: 'serviceaccounts' },
  scope: 'Namespaced',
  storage: { key: 'serviceaccounts' },
  deprecationWarning: 'v1 ServiceAccount is deprecated in v1.30+, unavailable in v1.35+',
});

/** Bearer tokens are names of users. */
const users: Readonly<Record<string, UserInfo>> = {
  alice: { name: 'alice', uid: 'alice-uid', groups: ['devs'], extra: { scope: ['all'] } },
  eve: { name: 'eve', groups: [] },
};

const gatekeeper: AdmissionPlugin = {
  name: 'Gatekeeper',
  handles: () => true,
  validate(attributes) {
    const { name, resource } = attributes;
    attributes.annotate('gatekeeper/asked', 'yes');
    if (name === 'shown') attributes.annotate('gatekeeper/data', 'k=v', 'Request');
    if (name === 'refused') throw forbidden(resource, name, 'no');
    if (name === 'broken') throw new TypeError('x is not a function');
  },
};

const level = (of: string, rest: Partial<audit.v1.PolicyRule>): audit.v1.PolicyRule => ({ level: of, ...rest });
const policy = new AuditPolicy({
  metadata: {},
  rules: [
    level('None', { nonResourceURLs: ['/version'] }),
    level('Metadata', { resources: [{ group: '', resources: ['secrets'] }] }),
    level('Request', { namespaces: ['asked'] }),
    level('RequestResponse', { namespaces: ['bare'], omitManagedFields: true, omitStages: ['RequestReceived'] }),
    level('RequestResponse', {}),
  ],
});

const backend = new RecordingBackend();
const registry = new MetricsRegistry();
const metrics = new AuditMetrics(registry);
let server: TestServer;
let requests = 0;

beforeAll(async () => {
  server = await startTestServer({
    groups: createTestGroups([accounts]),
    auditing: new Auditing({ policy, backend, metrics }),
    authenticator: {
      authenticate: ({ headers }) => {
        const user = users[headers.authorization?.replace('Bearer ', '') ?? ''];
        return user && { user };
      },
    },
    authorizer: {
      authorize: ({ user, path }) => {
        if (path === '/fail') throw new Error('policy cannot be read');
        return user.name === 'eve' ? { decision: 'noOpinion', reason: 'unknown role' } : { decision: 'allow', reason: `${user.name} may` };
      },
    },
    admissionPlugins: [gatekeeper],
  });
});
afterAll(stopTestServers);

type Send = (headers: Headers) => Promise<unknown>;

/** Events of the request that `send` makes, by alice. */
async function eventsOf(send: Send): Promise<RecordedEvent[]> {
  const auditId = `request-${requests++}`;
  await send({ authorization: 'Bearer alice', 'audit-id': auditId });
  return backend.of(auditId);
}

const stagesOf = (events: readonly RecordedEvent[]) => events.map(({ stage }) => stage);
const both = ['RequestReceived', 'ResponseComplete'];
const time = expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
const maps = '/api/v1/namespaces/a/configmaps';

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

describe('objects', () => {
  const complete = async (send: Send) => (await eventsOf(send)).at(-1);
  const objects = async (send: Send) => {
    const event = await complete(send);
    return [event?.requestObject, event?.responseObject] as [Json, Record<string, Json>];
  };

  beforeAll(async () => {
    for (const namespace of ['a', 'asked', 'bare'])
      await server.client.post(
        `/api/v1/namespaces/${namespace}/configmaps`,
        { metadata: { name: 'kept' }, data: { k: 'v' } },
        { authorization: 'Bearer alice' },
      );
  });

  it('are those of the request alone at that level', async () => {
    const body = { metadata: { name: 'kept' }, data: { a: 'b' } };
    const [asked, answered] = await objects((headers) => server.client.put('/api/v1/namespaces/asked/configmaps/kept', body, headers));
    expect([asked, answered]).toEqual([{ kind: 'ConfigMap', apiVersion: 'v1', ...body }, undefined]);
  });

  it('are told without managed fields, and without the first stage, where the policy says so', async () => {
    const path = '/api/v1/namespaces/bare/configmaps';
    const stored = (await server.client.get(`${path}/kept`, { authorization: 'Bearer alice' })).json();
    const { managedFields, ...metadata } = stored.metadata;
    expect(managedFields).toHaveLength(1);
    const events = await eventsOf((headers) => server.client.put(`${path}/kept`, stored, headers));
    expect(stagesOf(events)).toEqual(['ResponseComplete']);
    const shown = { ...stored, metadata };
    expect([events[0]?.requestObject, events[0]?.responseObject]).toEqual([shown, shown]);
    const [, list] = await objects((headers) => server.client.get(path, headers));
    expect(list.items).toEqual([{ metadata, data: { k: 'v' } }]);
    const [, table] = await objects((headers) =>
      server.client.get(path, { ...headers, accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }),
    );
    expect(table.rows).toMatchObject([{ cells: ['kept', 1, expect.any(String)], object: { metadata } }]);
  });

  it('have the defaults of their version', async () => {
    const deployment = { metadata: { name: 'web' }, spec: { selector: {}, template: { spec: { containers: [] } } } };
    const [asked] = await objects((headers) =>
      server.client.post('/apis/apps/v1/namespaces/a/deployments?dryRun=All', deployment, headers),
    );
    expect(asked).toMatchObject({ kind: 'Deployment', apiVersion: 'apps/v1', spec: { replicas: 1 }, status: {} });
  });

  it('are the views of subresources that are asked for', async () => {
    const path = '/apis/apps/v1/namespaces/a/deployments';
    const deployment = { metadata: { name: 'scaled' }, spec: { selector: {}, template: { spec: { containers: [] } } } };
    await server.client.post(path, deployment, { authorization: 'Bearer alice' });
    const scale = { metadata: { name: 'scaled' }, spec: { replicas: 3 } };
    const event = await complete((headers) => server.client.put(`${path}/scaled/scale`, scale, headers));
    expect(event).toMatchObject({
      objectRef: { resource: 'deployments', name: 'scaled', apiGroup: 'apps', apiVersion: 'v1', subresource: 'scale' },
      requestObject: { kind: 'Scale', apiVersion: 'autoscaling/v1', ...scale },
      responseObject: { kind: 'Scale', spec: { replicas: 3 } },
    });
  });

  it('are JSON, whatever is spoken', async () => {
    const protobuf = 'application/vnd.kubernetes.protobuf';
    const map = core.v1.ConfigMap.codec.fromJson({ metadata: { name: 'binary' }, data: { a: 'b' } });
    const body = wrap(envelopePrefix('v1', 'ConfigMap'), core.v1.ConfigMap.codec.encode(map));
    const headers = { 'content-type': protobuf, accept: protobuf };
    const [asked, answered] = await objects((more) => server.client.post(`${maps}?dryRun=All`, body, { ...more, ...headers }));
    expect(asked).toEqual({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'binary' }, data: { a: 'b' } });
    expect(answered).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', data: { a: 'b' } });
    const [, list] = await objects((more) => server.client.get(maps, { ...more, ...headers }));
    expect([list.kind, (list.items as Json[]).length]).toEqual(['ConfigMapList', 1]);
  });

  it.each([
    ['merge-patch+json', ' { "data" : {"10": "<x>", "2": null} }', '{"data":{"10":"\\u003cx\\u003e","2":null}}'],
    [
      'apply-patch+yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept}\n',
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"kept"}}',
    ],
    ['json-patch+json', '[{"op":', '"[{\\"op\\":"'],
  ])('of a patch of %s are what was sent', async (kind, body, shown) => {
    const [asked] = await objects((headers) => server.client.patch(`${maps}/kept?fieldManager=p&dryRun=All`, kind, body, headers));
    expect(JSON.stringify(asked)).toBe(JSON.stringify(JSON.parse(shown)));
  });

  it('of a delete are its options and what is answered', async () => {
    const doomed = async (send: Send) => {
      await server.client.post(maps, { metadata: { name: 'doomed' } }, { authorization: 'Bearer alice' });
      return complete(send);
    };
    const path = `${maps}/doomed`;
    expect(await doomed((headers) => server.client.delete(path, { propagationPolicy: 'Background' }, headers))).toMatchObject({
      requestObject: { kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/v1', propagationPolicy: 'Background' },
      responseStatus: {
        metadata: {},
        status: 'Success',
        details: { name: 'doomed', kind: 'configmaps', uid: expect.any(String) },
        code: 200,
      },
      responseObject: { kind: 'Status', apiVersion: 'v1', status: 'Success' },
    });
    const named = await doomed((headers) => server.client.delete(path, { kind: 'DeleteOptions', apiVersion: 'v1' }, headers));
    expect(named?.requestObject).toEqual({ kind: 'DeleteOptions', apiVersion: 'v1' });
    expect((await doomed((headers) => server.client.delete(path, undefined, headers)))?.requestObject).toBeUndefined();
  });

  it('of the documents of discovery are what is answered, but not of one that the client has', async () => {
    const [, answered] = await objects((headers) => server.client.get('/api/v1', headers));
    expect(answered).toMatchObject({ kind: 'APIResourceList', groupVersion: 'v1' });
    const { headers } = await server.client.get('/api/v1', { authorization: 'Bearer alice' });
    const again = await complete((more) => server.client.get('/api/v1', { ...more, 'if-none-match': headers.etag as string }));
    expect([again?.responseStatus, again?.responseObject]).toEqual([{ metadata: {}, code: 304 }, undefined]);
  });
});

describe('at the level Metadata', () => {
  it('no secret is told', async () => {
    const path = '/api/v1/namespaces/a/secrets';
    const secret = { metadata: { name: 's', annotations: { 'last-applied': 'aGlkZGVu' } }, data: { p: 'aGlkZGVu' } };
    const events = [
      ...(await eventsOf((headers) => server.client.post(path, secret, headers))),
      ...(await eventsOf((headers) => server.client.put(`${path}/s`, secret, headers))),
      ...(await eventsOf((headers) => server.client.patch(`${path}/s`, 'merge-patch+json', { data: { q: 'aGlkZGVu' } }, headers))),
      ...(await eventsOf((headers) => server.client.get(`${path}/s`, headers))),
      ...(await eventsOf((headers) => server.client.get(path, headers))),
      ...(await eventsOf((headers) => server.client.delete(`${path}/s`, {}, headers))),
    ];
    expect(stagesOf(events)).toEqual([...both, ...both, ...both, ...both, ...both, ...both]);
    expect(JSON.stringify(events)).not.toContain('aGlkZGVu');
    expect(events[1]).toMatchObject({ objectRef: { resource: 'secrets', name: 's' }, responseStatus: { metadata: {}, code: 201 } });
  });
});

describe('at the level None', () => {
  it('there is nothing', async () => {
    const before = metrics.levels.None.value;
    expect(await eventsOf((headers) => server.client.get('/version', headers))).toEqual([]);
    expect(metrics.levels.None.value).toBe(before + 1);
  });
});

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
