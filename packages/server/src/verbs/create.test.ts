import { type AdmissionPlugin, badRequest } from '@keelson/machinery';
import { core, envelopePrefix, unwrap, wrap } from '@keelson/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, stopTestServers, type TestServer } from '../testing/start-test-server.js';

type ConfigMap = core.v1.ConfigMap;

/** Gives every generated object this name until there are no more of them. */
const chosenNames: string[] = [];
const chooseName: AdmissionPlugin = {
  name: 'ChooseName',
  handles: () => true,
  admit({ object }) {
    const name = chosenNames.shift();
    if (object !== undefined && name !== undefined) object.metadata.name = name;
  },
};
const refuse: AdmissionPlugin = {
  name: 'Refuse',
  handles: (operation) => operation === 'CREATE',
  validate({ object }) {
    if (object?.metadata.labels?.refuse !== undefined) throw badRequest('refused');
  },
};

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ admissionPlugins: [chooseName, refuse] });
});
afterAll(stopTestServers);

const maps = '/api/v1/namespaces/a/configmaps';
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

describe('create', () => {
  it('answers with what is stored', async () => {
    const answer = await server.client.post(maps, { metadata: { name: 'one' }, data: { k: 'v' } });
    expect([answer.code, answer.headers['content-type']]).toEqual([201, 'application/json']);
    expect(answer.json()).toEqual({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: {
        name: 'one',
        namespace: 'a',
        uid: expect.stringMatching(uuid),
        resourceVersion: expect.stringMatching(/^\d+$/),
        creationTimestamp: expect.stringMatching(time),
        managedFields: [
          {
            manager: 'tester',
            operation: 'Update',
            apiVersion: 'v1',
            time: expect.stringMatching(time),
            fieldsType: 'FieldsV1',
            fieldsV1: { 'f:data': { '.': {}, 'f:k': {} } },
          },
        ],
      },
      data: { k: 'v' },
    });
    expect((await server.client.get(`${maps}/one`)).json()).toEqual(answer.json());
  });

  it('does not let a client set what is the server’s', async () => {
    const metadata = {
      name: 'forged',
      uid: 'mine',
      creationTimestamp: '2001-01-01T00:00:00Z',
      deletionTimestamp: '2001-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 5,
      selfLink: '/x',
      generation: 9,
    };
    const stored = (await server.client.post(maps, { metadata })).json().metadata;
    expect(stored.uid).toMatch(uuid);
    expect(stored.creationTimestamp).not.toBe(metadata.creationTimestamp);
    expect(stored).not.toHaveProperty('deletionTimestamp');
    expect(stored).not.toHaveProperty('deletionGracePeriodSeconds');
    expect(stored).not.toHaveProperty('selfLink');
  });

  it.each<[string, string, object | string, string]>([
    ['a name that is taken', maps, { metadata: { name: 'one' } }, '409 AlreadyExists: configmaps "one" already exists'],
    ['an object of another kind', maps, { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'x' } }, '400 BadRequest: '],
    [
      'another namespace than that of the path',
      maps,
      { metadata: { name: 'x', namespace: 'b' } },
      '400 BadRequest: the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'a resourceVersion',
      maps,
      { metadata: { name: 'x', resourceVersion: '5' } },
      '500 : resourceVersion should not be set on objects to be created',
    ],
    [
      'no name',
      maps,
      { metadata: {} },
      '422 Invalid: ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    ],
    ['what a validating plugin refuses', maps, { metadata: { name: 'x', labels: { refuse: '' } } }, '400 BadRequest: refused'],
    ['a body that is no JSON', maps, '{"metadata":', '400 BadRequest: '],
    [
      'replicas below zero',
      '/apis/apps/v1/namespaces/a/deployments',
      { metadata: { name: 'x' }, spec: { replicas: -1, selector: {}, template: { metadata: {}, spec: { containers: [] } } } },
      '422 Invalid: Deployment.apps "x" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ],
  ])('refuses %s', async (_, path, body, expected) => {
    expect((await server.client.post(path, body)).failure.slice(0, expected.length)).toBe(expected);
  });

  it('has no method for all namespaces', async () => {
    expect((await server.client.post('/api/v1/configmaps', { metadata: { name: 'x' } })).code).toBe(405);
  });

  it('starts generations, and drops the status a client sends', async () => {
    const template = { metadata: {}, spec: { containers: [] } };
    const body = { metadata: { name: 'web' }, spec: { selector: {}, template }, status: { replicas: 7 } };
    const answer = await server.client.post('/apis/apps/v1/namespaces/a/deployments', body);
    expect(answer.json()).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 1 }, status: {} });
  });

  it('keeps __proto__ as data', async () => {
    const answer = await server.client.post(maps, '{"metadata":{"name":"proto","labels":{"constructor":"c"}},"data":{"__proto__":"p"}}');
    expect(answer.code).toBe(201);
    expect(answer.text).toContain('"data":{"__proto__":"p"}');
    expect((await server.client.get(`${maps}?labelSelector=constructor%3Dc`)).text).toContain('"data":{"__proto__":"p"}');
    expect((await server.client.get(`${maps}?labelSelector=toString`)).json<{ items: unknown[] }>().items).toEqual([]);
  });

  it.each([
    ['arrays', '['],
    ['objects', '{"a":'],
  ])('refuses %s nested without end', async (_, open) => {
    const answer = await server.client.post(maps, `{"metadata":{"name":"deep"},"x":${open.repeat(200_000)}`);
    expect([answer.code, answer.json<{ reason: string }>().reason]).toEqual([400, 'BadRequest']);
  });

  it('refuses a body beyond the limit', async () => {
    const answer = await server.client.post(maps, { metadata: { name: 'big' }, data: { k: 'x'.repeat(3 * 1024 * 1024) } });
    expect(answer.failure).toBe('413 RequestEntityTooLarge: Request entity is too large: limit is 3145728');
  });
});

describe('create, by dry run', () => {
  it('tells what would be, and stores nothing', async () => {
    const answer = await server.client.post(`${maps}?dryRun=All`, { metadata: { name: 'dry' } });
    expect(answer.code).toBe(201);
    expect(answer.json().metadata).toMatchObject({ name: 'dry', uid: expect.stringMatching(uuid) });
    expect(answer.json().metadata).not.toHaveProperty('resourceVersion');
    expect((await server.client.get(`${maps}/dry`)).code).toBe(404);
  });

  it('tells that the name is taken', async () => {
    expect((await server.client.post(`${maps}?dryRun=All`, { metadata: { name: 'one' } })).failure).toBe(
      '409 AlreadyExists: configmaps "one" already exists',
    );
  });

  it('does not mind a revision, which only the store refuses', async () => {
    const answer = await server.client.post(`${maps}?dryRun=All`, { metadata: { name: 'dry', resourceVersion: '17' } });
    expect([answer.code, answer.json().metadata.resourceVersion]).toEqual([201, '17']);
  });

  it('refuses anything but All', async () => {
    expect((await server.client.post(`${maps}?dryRun=Some`, { metadata: { name: 'x' } })).failure).toBe(
      '422 Invalid: CreateOptions.meta.k8s.io "" is invalid: dryRun: Invalid value: ["Some"]: must be one of: "All"'.replace(
        /dryRun:.*/,
        'dryRun: Unsupported value: ["Some"]: supported values: "All"',
      ),
    );
  });
});

describe('create, with a generated name', () => {
  it('makes one up', async () => {
    const { metadata } = (await server.client.post(maps, { metadata: { generateName: 'gen-' } })).json();
    expect(metadata.name).toMatch(/^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(metadata.generateName).toBe('gen-');
  });

  it('makes up another one when it is taken', async () => {
    await server.client.post(maps, { metadata: { name: 'taken' } });
    chosenNames.push('taken', 'taken', 'free');
    const answer = await server.client.post(maps, { metadata: { generateName: 'gen-' } });
    expect([answer.code, answer.json().metadata.name]).toEqual([201, 'free']);
    expect(chosenNames).toEqual([]);
  });

  it('gives up after eight', async () => {
    chosenNames.push(...Array<string>(8).fill('taken'), 'never asked for');
    const answer = await server.client.post(maps, { metadata: { generateName: 'gen-' } });
    expect(answer.failure).toBe(
      '409 AlreadyExists: configmaps "taken" already exists, the server was not able to generate a unique name for the object',
    );
    expect(answer.headers['retry-after']).toBe('1');
    expect(chosenNames.splice(0)).toEqual(['never asked for']);
  });

  it('never collides when many are made at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => server.client.post('/api/v1/namespaces/many/configmaps', { metadata: { generateName: 'm-' } })),
    );
    expect(new Set(answers.map((answer) => answer.json().metadata.name)).size).toBe(50);
  });
});

describe('create, field validation', () => {
  const body = { metadata: { name: 'fields' }, dtaa: {}, data: {} };

  it('warns by default', async () => {
    const answer = await server.client.post(`${maps}?dryRun=All`, body);
    expect([answer.code, answer.headers.warning]).toEqual([201, '299 - "unknown field \\"dtaa\\""']);
  });

  it('can be told to ignore', async () => {
    const answer = await server.client.post(`${maps}?dryRun=All&fieldValidation=Ignore`, body);
    expect([answer.code, answer.headers.warning]).toEqual([201, undefined]);
  });

  it('can be strict', async () => {
    const answer = await server.client.post(`${maps}?dryRun=All&fieldValidation=Strict`, body);
    expect(answer.failure).toBe(
      '400 BadRequest: ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dtaa"',
    );
  });
});

describe('create, in other formats', () => {
  const kind = core.v1.ConfigMap;

  it('takes YAML and answers in it', async () => {
    const yaml = 'metadata:\n  name: yaml\ndata:\n  k: v\n';
    const answer = await server.client.post(maps, yaml, { 'content-type': 'application/yaml', accept: 'application/yaml' });
    expect([answer.code, answer.headers['content-type']]).toEqual([201, 'application/yaml']);
    expect(answer.text).toMatch(/^apiVersion: v1\ndata:\n {2}k: v\nkind: ConfigMap\nmetadata:\n {2}creationTimestamp: /);
  });

  it('takes protobuf and answers in it', async () => {
    const sent: ConfigMap = { metadata: { name: 'pb' }, data: { k: 'v' } };
    const type = 'application/vnd.kubernetes.protobuf';
    const body = wrap(envelopePrefix('v1', 'ConfigMap'), kind.codec.encode(sent));
    const answer = await server.client.post(maps, body, { 'content-type': type, accept: type });
    expect([answer.code, answer.headers['content-type']]).toEqual([201, type]);
    const envelope = unwrap(answer.bytes);
    expect([envelope.apiVersion, envelope.kind]).toEqual(['v1', 'ConfigMap']);
    const { kind: _kind, apiVersion: _apiVersion, ...asJson } = (await server.client.get(`${maps}/pb`)).json();
    expect(kind.codec.decode(envelope.message)).toEqual(asJson);
  });

  it('refuses an alias bomb', async () => {
    const levels = Array.from({ length: 30 }, (_, at) => `l${at}: &l${at} [${at === 0 ? 'x' : `${`*l${at - 1},`.repeat(9)}*l${at - 1}`}]`);
    const answer = await server.client.post(maps, levels.join('\n'), { 'content-type': 'application/yaml' });
    expect(answer.code).toBe(400);
  });

  it.each([
    ['text/plain', 415],
    ['application/json; charset=utf-8', 201],
    ['APPLICATION/JSON', 201],
    ['', 201],
  ])('takes content type %j with %d', async (type, code) => {
    const answer = await server.client.post(`${maps}?dryRun=All`, { metadata: { name: 'typed' } }, { 'content-type': type });
    expect(answer.code).toBe(code);
  });

  it('writes nothing for a client that takes no form of the answer', async () => {
    expect((await server.client.post(maps, { metadata: { name: 'unheard' } }, { accept: 'image/png' })).code).toBe(406);
    expect((await server.client.get(`${maps}/unheard`)).code).toBe(404);
  });
});
