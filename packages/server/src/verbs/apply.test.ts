import type { AuthorizationAttributes, KubeObject, ManagedFieldsEntry } from '@keelson/machinery';
import type { apps } from '@keelson/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../testing/api-client.js';
import { startTestServer, stopTestServers, type TestServer } from '../testing/start-test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(stopTestServers);

const maps = '/api/v1/namespaces/a/configmaps';
const head = { apiVersion: 'v1', kind: 'ConfigMap' };

const allowed = { decision: 'allow' } as const;

function apply(name: string, body: object | string, manager = 'one', query = ''): Promise<Answer> {
  return server.client.patch(`${maps}/${name}?fieldManager=${manager}${query}`, 'apply-patch+yaml', body);
}

function owned(object: KubeObject): Record<string, unknown> {
  const entries = (object.metadata.managedFields ?? []) as ManagedFieldsEntry[];
  return Object.fromEntries(entries.map(({ manager, operation, fieldsV1 }) => [`${manager}/${operation}`, fieldsV1]));
}

describe('apply', () => {
  it('makes an object that is not there', async () => {
    const answer = await apply('made', { ...head, metadata: { name: 'made', resourceVersion: '5' }, data: { k: 'v' } });
    expect(answer.code).toBe(201);
    expect(answer.json()).toMatchObject({ metadata: { namespace: 'a', name: 'made' }, data: { k: 'v' } });
    expect(owned(answer.json())).toEqual({ 'one/Apply': { 'f:data': { 'f:k': {} } } });
  });

  it('takes YAML', async () => {
    const answer = await apply('yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: yaml}\ndata:\n  k: "1"\n');
    expect([answer.code, answer.json<{ data: object }>().data]).toEqual([201, { k: '1' }]);
  });

  it('removes what its manager had and says no more', async () => {
    await apply('pruned', { ...head, metadata: { name: 'pruned' }, data: { a: '1', b: '2' } });
    await server.client.patch(`${maps}/pruned`, 'merge-patch+json', { data: { c: '3' } });
    const answer = await apply('pruned', { ...head, metadata: { name: 'pruned' }, data: { a: '1' } });
    expect([answer.code, answer.json<{ data: object }>().data]).toEqual([200, { a: '1', c: '3' }]);
  });

  it('refuses to take what others have, unless forced', async () => {
    await apply('fought', { ...head, metadata: { name: 'fought' }, data: { k: 'one' } });
    const body = { ...head, metadata: { name: 'fought' }, data: { k: 'two' } };
    const refused = await apply('fought', body, 'two');
    expect(refused.json()).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "one": .data.k',
      details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.k' }] },
    });
    const forced = await apply('fought', body, 'two', '&force=true');
    expect(owned(forced.json())).toEqual({ 'two/Apply': { 'f:data': { 'f:k': {} } } });
    expect(forced.json()).toMatchObject({ data: { k: 'two' } });
  });

  it('shares what both say', async () => {
    const body = { ...head, metadata: { name: 'shared' }, data: { k: 'v' } };
    await apply('shared', body);
    expect(owned((await apply('shared', body, 'two')).json())).toEqual({
      'one/Apply': { 'f:data': { 'f:k': {} } },
      'two/Apply': { 'f:data': { 'f:k': {} } },
    });
  });

  it('is no write when nothing changes', async () => {
    const body = { ...head, metadata: { name: 'same' }, data: { k: 'v' } };
    const first = await apply('same', body);
    expect((await apply('same', body)).json()).toEqual(first.json());
  });

  it('tells what a dry run would do, and does not do it', async () => {
    const answer = await apply('dry', { ...head, metadata: { name: 'dry' }, data: { k: 'v' } }, 'one', '&dryRun=All');
    expect(answer.code).toBe(201);
    expect((await server.client.get(`${maps}/dry`)).code).toBe(404);
  });

  it('scales, and remembers it of the parent', async () => {
    const path = '/apis/apps/v1/namespaces/a/deployments';
    const spec = { selector: {}, template: { metadata: {}, spec: { containers: [] } } };
    await server.client.post(path, { metadata: { name: 'web' }, spec });
    const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web' }, spec: { replicas: 3 } };
    const answer = await server.client.patch(`${path}/web/scale?fieldManager=hpa&force=true`, 'apply-patch+yaml', scale);
    expect(answer.json()).toMatchObject({ kind: 'Scale', spec: { replicas: 3 } });
    const parent = (await server.client.get(`${path}/web`)).json<apps.v1.Deployment>();
    expect(parent.spec.replicas).toBe(3);
    expect(owned(parent)['hpa/Apply']).toEqual({ 'f:spec': { 'f:replicas': {} } });
  });

  it.each<[string, string, object | string, string]>([
    [
      'no manager',
      '',
      { ...head, metadata: { name: 'x' } },
      '422 Invalid: PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ],
    [
      'a list',
      'one',
      '[]',
      '400 BadRequest: error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    ['an empty body', 'one', '', '400 BadRequest: invalid object type: /, Kind='],
    ['no YAML', 'one', '{', '400 BadRequest: error decoding YAML: '],
    [
      'another name',
      'one',
      { ...head, metadata: { name: 'y' } },
      '400 BadRequest: the name of the object (y) does not match the name on the URL (x)',
    ],
    [
      'another namespace',
      'one',
      { ...head, metadata: { name: 'x', namespace: 'b' } },
      '400 BadRequest: the namespace of the provided object does not match the namespace sent on the request',
    ],
    ['metadata that is no map', 'one', { ...head, metadata: 'x' }, '500 '],
    [
      'a field twice, when strict',
      'one&fieldValidation=Strict',
      'apiVersion: v1\nkind: ConfigMap\ndata: {a: one, a: two}\n',
      '400 BadRequest: error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 3: key "a" already set in map',
    ],
  ])('refuses %s', async (_, manager, body, expected) => {
    const answer = await apply('x', body, manager);
    expect(answer.failure.slice(0, expected.length)).toBe(expected);
  });

  it('of many managers at once loses none', async () => {
    const managers = Array.from({ length: 20 }, (_, at) => `m${String(at).padStart(2, '0')}`);
    const answers = await Promise.all(
      managers.map((manager) => apply('many', { ...head, metadata: { name: 'many' }, data: { [manager]: 'v' } }, manager)),
    );
    expect(answers.filter(({ code }) => code === 201)).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 200)).toHaveLength(19);
    const stored = (await server.client.get(`${maps}/many`)).json<KubeObject & { data: object }>();
    expect(Object.keys(stored.data)).toEqual(managers);
    expect(Object.keys(owned(stored)).sort()).toEqual(managers.map((manager) => `${manager}/Apply`));
  });
});

describe('apply by who may not create', () => {
  it('makes nothing, but changes what is there', async () => {
    const asked: object[] = [];
    const authorize = (attributes: AuthorizationAttributes) => {
      asked.push(attributes);
      return attributes.verb === 'create' && attributes.name === 'one' ? { decision: 'noOpinion' as const, reason: 'never' } : allowed;
    };
    const { client } = await startTestServer({ authorizer: { authorize } });
    const body = { ...head, metadata: { name: 'one' }, data: { k: 'v' } };
    const send = () => client.patch(`${maps}/one?fieldManager=one`, 'apply-patch+yaml', body);
    const why = 'User "admin" cannot create resource "configmaps" in API group "" in the namespace "a": never';
    const details = { name: 'one', kind: 'configmaps' };
    const message = `configmaps "one" is forbidden: ${why}`;
    expect((await send()).json()).toMatchObject({ code: 403, reason: 'Forbidden', message, details });
    expect(asked.at(-1)).toMatchObject({ verb: 'create', resourceRequest: true, apiGroup: '', apiVersion: 'v1', resource: 'configmaps' });
    expect((await client.get(`${maps}/one`)).code).toBe(404);
    expect((await client.post(maps, { metadata: { name: 'one' } })).code).toBe(201);
    expect((await send()).code).toBe(200);
  });

  it('is no refusal but a failure where nobody can tell', async () => {
    const authorize = ({ verb }: AuthorizationAttributes) =>
      verb === 'create' ? { decision: 'noOpinion' as const, error: new Error('no answer') } : allowed;
    const { client } = await startTestServer({ authorizer: { authorize } });
    const answer = await client.patch(`${maps}/one?fieldManager=one`, 'apply-patch+yaml', { ...head, metadata: { name: 'one' } });
    expect(answer.json()).toMatchObject({ code: 500, reason: 'InternalError', message: 'Internal error occurred: no answer' });
  });
});

describe('apply to what is near the largest that is stored', () => {
  it('fails where telling whose it is makes it too large, which other writes leave out then', async () => {
    const data = Object.fromEntries(Array.from({ length: 16_000 }, (_, at) => [`${'long-'.repeat(20)}${at}`, 'v']));
    const made = await server.client.post(maps, { metadata: { name: 'large' }, data });
    expect([made.code, made.json().metadata.managedFields]).toEqual([201, undefined]);
    expect((await apply('large', { ...head, metadata: { name: 'large' } })).code).toBe(500);
    await server.client.post(maps, { metadata: { name: 'grown' } });
    await apply('grown', { ...head, metadata: { name: 'grown', labels: { k: 'v' } } });
    const { metadata } = (await server.client.get(`${maps}/grown`)).json();
    expect(metadata.managedFields).toHaveLength(1);
    const replaced = await server.client.put(`${maps}/grown`, { metadata, data });
    expect([replaced.code, replaced.json().metadata.managedFields]).toEqual([200, undefined]);
  });
});
