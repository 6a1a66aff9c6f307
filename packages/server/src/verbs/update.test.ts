import type { KubeObject, Status } from '@keelson/machinery';
import type { apps, autoscaling } from '@keelson/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../testing/api-client.js';
import { startTestServer, stopTestServers, type TestServer } from '../testing/start-test-server.js';

type Deployment = apps.v1.Deployment;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(stopTestServers);

const maps = '/api/v1/namespaces/a/configmaps';
const deployments = '/apis/apps/v1/namespaces/a/deployments';

interface Counter extends KubeObject {
  data: { n: string };
}

async function createMap(name: string, more: object = {}): Promise<KubeObject> {
  return (await server.client.post(maps, { metadata: { name }, data: { k: 'v' }, ...more })).json();
}

async function createDeployment(name: string): Promise<Deployment> {
  const spec = { selector: {}, template: { metadata: {}, spec: { containers: [] } } };
  return (await server.client.post(deployments, { metadata: { name }, spec })).json<Deployment>();
}

describe('update', () => {
  it('replaces the object', async () => {
    const created = await createMap('one', { metadata: { name: 'one', labels: { a: 'b' } } });
    const answer = await server.client.put(`${maps}/one`, { metadata: { name: 'one' }, data: { other: 'x' } });
    expect(answer.code).toBe(200);
    const { metadata, ...rest } = answer.json();
    expect(rest).toEqual({ kind: 'ConfigMap', apiVersion: 'v1', data: { other: 'x' } });
    expect(metadata).toMatchObject({ uid: created.metadata.uid, creationTimestamp: created.metadata.creationTimestamp });
    expect(metadata).not.toHaveProperty('labels');
    expect(Number(metadata.resourceVersion)).toBeGreaterThan(Number(created.metadata.resourceVersion));
  });

  it('is no write when nothing changes', async () => {
    const created = await createMap('same');
    expect((await server.client.put(`${maps}/same`, created)).json()).toEqual(created);
  });

  it('looks at metadata as at that of any object and as its kind does, and reports what it finds as often', async () => {
    await createMap('labelled');
    const metadata = { name: 'labelled', labels: { a: '-' }, finalizers: ['plain'] };
    const { details } = (await server.client.put(`${maps}/labelled`, { metadata })).json<Status>();
    const ofKind = ['metadata.labels', 'metadata.finalizers[0]'];
    expect(details?.causes?.map(({ field }) => field)).toEqual(['metadata.labels', 'metadata.labels', ...ofKind, ...ofKind]);
  });

  it('refuses an old revision', async () => {
    const created = await createMap('raced');
    await server.client.put(`${maps}/raced`, { metadata: { name: 'raced' }, data: { k: 'first' } });
    expect((await server.client.put(`${maps}/raced`, created)).failure).toBe(
      '409 Conflict: Operation cannot be fulfilled on configmaps "raced": the object has been modified; please apply your changes to the latest version and try again',
    );
  });

  it.each<[string, object, string]>([
    ['a missing object', { metadata: { name: 'none' } }, '404 NotFound: configmaps "none" not found'],
    [
      'another name than that of the path',
      { metadata: { name: 'other' } },
      '400 BadRequest: the name of the object (other) does not match the name on the URL (none)',
    ],
    [
      'another namespace than that of the path',
      { metadata: { name: 'none', namespace: 'b' } },
      '400 BadRequest: the namespace of the provided object does not match the namespace sent on the request',
    ],
    ['no name', { metadata: {} }, '400 BadRequest: the name of the object (none based on URL) was undeterminable: name must be provided'],
  ])('refuses %s', async (_, body, expected) => {
    expect((await server.client.put(`${maps}/none`, body)).failure).toBe(expected);
  });

  it('refuses another object of the same name', async () => {
    await createMap('reborn');
    const answer = await server.client.put(`${maps}/reborn`, { metadata: { name: 'reborn', uid: '11111111-1111-4111-8111-111111111111' } });
    expect(answer.code).toBe(409);
    expect(answer.json<{ message: string }>().message).toContain('Precondition failed: UID in precondition');
  });

  it('tells what a dry run would do, and does not do it', async () => {
    const created = await createMap('dry');
    const answer = await server.client.put(`${maps}/dry?dryRun=All`, { metadata: { name: 'dry' }, data: { k: 'new' } });
    expect(answer.json()).toMatchObject({ metadata: { resourceVersion: created.metadata.resourceVersion }, data: { k: 'new' } });
    expect((await server.client.get(`${maps}/dry`)).json()).toEqual(created);
  });

  it('loses no update of writers who try again on conflict', async () => {
    await server.client.post(maps, { metadata: { name: 'counter' }, data: { n: '0' } });
    const h2 = await server.http2();
    const writers = Array.from({ length: 8 }, (_, at) => increment(at % 2 === 0 ? server.client : h2, 10));
    const conflicts = (await Promise.all(writers)).reduce((sum, one) => sum + one, 0);
    expect((await server.client.get(`${maps}/counter`)).json<Counter>().data.n).toBe('80');
    expect(conflicts).toBeGreaterThan(0);
  });
});

/** Adds one `times` times by reading and writing back; returns how often somebody else was faster. */
async function increment(client: ApiClient, times: number): Promise<number> {
  let conflicts = 0;
  for (let done = 0; done < times; ) {
    const counter = (await client.get(`${maps}/counter`)).json<Counter>();
    counter.data.n = String(Number(counter.data.n) + 1);
    const { code } = await client.put(`${maps}/counter`, counter);
    if (code === 200) done++;
    else if (code === 409) conflicts++;
    else throw new Error(`answered ${code}`);
  }
  return conflicts;
}

describe('update of parts', () => {
  it('counts generations of the spec, not of metadata or status', async () => {
    const { metadata, spec } = await createDeployment('counted');
    const path = `${deployments}/counted`;
    expect(metadata.generation).toBe(1);
    const labelled = await server.client.put(path, { metadata: { name: 'counted', labels: { a: 'b' } }, spec, status: { replicas: 3 } });
    expect(labelled.json()).toMatchObject({ metadata: { generation: 1 }, status: {} });
    expect(labelled.json<Deployment>().status).not.toHaveProperty('replicas');
    const scaled = await server.client.put(path, { metadata: { name: 'counted' }, spec: { ...spec, replicas: 2 } });
    expect(scaled.json()).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 2 } });
    const status = await server.client.put(`${path}/status`, {
      metadata: { name: 'counted' },
      spec: { replicas: 9 },
      status: { replicas: 3 },
    });
    expect(status.json()).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 2 }, status: { replicas: 3 } });
  });

  it('shows and writes the scale', async () => {
    const { metadata } = await createDeployment('scaled');
    const path = `${deployments}/scaled/scale`;
    const scale = (await server.client.get(path)).json<autoscaling.v1.Scale>();
    const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
    expect(scale).toEqual({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
      spec: { replicas: 1 },
      status: { replicas: 0 },
    });
    const answer = await server.client.put(path, { ...scale, spec: { replicas: 4 } });
    expect(answer.json()).toMatchObject({ kind: 'Scale', spec: { replicas: 4 } });
    const parent = (await server.client.get(`${deployments}/scaled`)).json<Deployment>();
    expect([parent.spec.replicas, parent.metadata.generation]).toEqual([4, 2]);
    expect((await server.client.put(path, { ...scale, spec: { replicas: 5 } })).code).toBe(409);
    const refused = await server.client.put(path, { metadata: { name: 'scaled' }, spec: { replicas: -1 } });
    expect(refused.code).toBe(422);
  });

  it('ends a deletion with the last finalizer', async () => {
    await createMap('held', { metadata: { name: 'held', finalizers: ['example.com/hold'] } });
    const marked = (await server.client.delete(`${maps}/held`)).json();
    expect(marked.metadata.deletionTimestamp).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/);
    const added = await server.client.put(`${maps}/held`, {
      ...marked,
      metadata: { ...marked.metadata, finalizers: ['example.com/hold', 'b/c'] },
    });
    expect(added.code).toBe(422);
    const answer = await server.client.put(`${maps}/held`, { metadata: { name: 'held' } });
    expect([answer.code, answer.json().metadata.finalizers]).toEqual([200, undefined]);
    expect((await server.client.get(`${maps}/held`)).code).toBe(404);
  });

  it.each(['{"metadata":{"managedFields":[],"labels":{"a":"b"}},"data":{"k":"v"}}', 'metadata:\n  labels: {a: b}\n  managedFields: []\n'])(
    'makes everything nobody’s where it says so: %j',
    async (body) => {
      const name = `disowned-${body.length}`;
      await createMap(name);
      const type = body.startsWith('{') ? 'application/json' : 'application/yaml';
      const named = body.startsWith('{') ? body.replace('{"managed', `{"name":"${name}","managed`) : `${body}  name: ${name}\n`;
      const answer = await server.client.put(`${maps}/${name}`, named, { 'content-type': type });
      expect([answer.code, answer.json().metadata.labels, answer.json().metadata.managedFields]).toEqual([200, { a: 'b' }, undefined]);
      const patched = await server.client.patch(`${maps}/${name}`, 'merge-patch+json', { metadata: { labels: { a: 'c' } } });
      expect(patched.json().metadata.managedFields).toBeUndefined();
    },
  );
});
