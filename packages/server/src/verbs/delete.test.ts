import type { KubeObject, Status } from '@keelson/machinery';
import { type core, envelopePrefix, meta, unwrap, wrap } from '@keelson/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, stopTestServers, type TestServer } from '../testing/start-test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(stopTestServers);

const maps = '/api/v1/namespaces/a/configmaps';
const secrets = '/api/v1/namespaces/a/secrets';
const pods = '/api/v1/namespaces/a/pods';

async function create(path: string, name: string, more: { finalizers?: string[] } = {}): Promise<KubeObject> {
  const answer = await server.client.post(path, { metadata: { name, ...more } });
  expect(answer.code).toBe(201);
  return answer.json();
}

describe('delete', () => {
  it('answers with a Status', async () => {
    const { metadata } = await create(maps, 'one');
    const answer = await server.client.delete(`${maps}/one`);
    expect(answer.code).toBe(200);
    expect(answer.json()).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'one', kind: 'configmaps', uid: metadata.uid },
    });
    expect((await server.client.get(`${maps}/one`)).code).toBe(404);
    expect((await server.client.delete(`${maps}/one`)).failure).toBe('404 NotFound: configmaps "one" not found');
  });

  it('answers with the object where its resource says so', async () => {
    const created = await create(secrets, 'one');
    const answer = await server.client.delete(`${secrets}/one`);
    expect(answer.json().metadata.uid).toBe(created.metadata.uid);
    expect((await server.client.get(`${secrets}/one`)).code).toBe(404);
  });

  it('takes its options from the body, in any format, or from the query', async () => {
    const { metadata } = await create(maps, 'asked');
    const wrong = { preconditions: { uid: 'other' } };
    const type = 'application/vnd.kubernetes.protobuf';
    const message = wrap(envelopePrefix('v1', 'DeleteOptions'), meta.v1.DeleteOptions.codec.encode({ dryRun: ['All'] }));
    expect((await server.client.delete(`${maps}/asked`, wrong)).code).toBe(409);
    expect((await server.client.delete(`${maps}/asked`, 'dryRun: [All]\n', { 'content-type': 'application/yaml' })).code).toBe(200);
    expect((await server.client.delete(`${maps}/asked`, message, { 'content-type': type })).code).toBe(200);
    expect((await server.client.delete(`${maps}/asked?dryRun=All`)).code).toBe(200);
    expect((await server.client.get(`${maps}/asked`)).code).toBe(200);
    expect((await server.client.delete(`${maps}/asked`, { preconditions: { uid: metadata.uid } })).code).toBe(200);
    expect((await server.client.get(`${maps}/asked`)).code).toBe(404);
  });

  it('refuses another object, or another revision, than the one meant', async () => {
    const { metadata } = await create(maps, 'meant');
    const other = await server.client.delete(`${maps}/meant`, { preconditions: { uid: 'other' } });
    expect(other.code).toBe(409);
    expect(other.json<Status>().message).toBe(
      `Operation cannot be fulfilled on ConfigMap "meant": the UID in the precondition (other) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
    const old = await server.client.delete(`${maps}/meant`, { preconditions: { resourceVersion: '1' } });
    expect(old.code).toBe(409);
    const right = { preconditions: { uid: metadata.uid, resourceVersion: metadata.resourceVersion } };
    expect((await server.client.delete(`${maps}/meant`, right)).code).toBe(200);
  });

  it.each<[string, string, string]>([
    [
      'dryRun=Some',
      '',
      '422 Invalid: DeleteOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
    ],
    ['gracePeriodSeconds=x', '', '400 BadRequest: strconv.ParseInt: parsing "x": invalid syntax'],
    [
      '',
      '{"propagationPolicy":"Later"}',
      '422 Invalid: DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Later": supported values: "Foreground", "Background", "Orphan", "nil"',
    ],
    [
      '',
      '{"propagationPolicy":"Orphan","orphanDependents":true}',
      '422 Invalid: DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
    ],
    ['', '{', "500 : couldn't get version/kind; json parse error: unexpected end of JSON input"],
    [
      '',
      '{"gracePeriodSeconds":"x"}',
      '500 : json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64',
    ],
    ['', '{"kind":"Foo","apiVersion":"v1"}', '500 : no kind "Foo" is registered for version "v1" in scheme '],
  ])('refuses %s %s', async (query, body, expected) => {
    const answer = await server.client.delete(`${maps}/none?${query}`, body === '' ? undefined : body);
    expect(answer.failure.slice(0, expected.length)).toBe(expected);
  });

  it('marks an object that a finalizer holds, and answers with it', async () => {
    await create(maps, 'held', { finalizers: ['example.com/hold'] });
    const answer = await server.client.delete(`${maps}/held`);
    expect(answer.json()).toMatchObject({
      kind: 'ConfigMap',
      metadata: { deletionTimestamp: expect.any(String), deletionGracePeriodSeconds: 0, finalizers: ['example.com/hold'] },
    });
    const again = await server.client.delete(`${maps}/held`);
    expect(again.json()).toEqual(answer.json());
  });

  it.each([
    ['Orphan', ['orphan']],
    ['Foreground', ['foregroundDeletion']],
  ])('leaves dependents to be seen to: %s', async (propagationPolicy, finalizers) => {
    const name = propagationPolicy.toLowerCase();
    await create(maps, name);
    const answer = await server.client.delete(`${maps}/${name}`, { propagationPolicy });
    expect(answer.json().metadata.finalizers).toEqual(finalizers);
    expect((await server.client.get(`${maps}/${name}`)).json().metadata.deletionTimestamp).toBeDefined();
  });

  it('gives pods their time, which may be shortened', async () => {
    await server.client.post(pods, { metadata: { name: 'graceful' }, spec: { containers: [], terminationGracePeriodSeconds: 60 } });
    const first = (await server.client.delete(`${pods}/graceful`)).json();
    expect(first.metadata.deletionGracePeriodSeconds).toBe(60);
    const longer = (await server.client.delete(`${pods}/graceful`, { gracePeriodSeconds: 90 })).json();
    expect(longer).toEqual(first);
    const shorter = (await server.client.delete(`${pods}/graceful`, { gracePeriodSeconds: 10 })).json();
    expect(shorter.metadata.deletionGracePeriodSeconds).toBe(10);
    const ends = Date.parse(first.metadata.deletionTimestamp ?? '') - Date.parse(shorter.metadata.deletionTimestamp ?? '');
    expect(ends).toBe(50_000);
    expect((await server.client.delete(`${pods}/graceful?gracePeriodSeconds=0`)).code).toBe(200);
    expect((await server.client.get(`${pods}/graceful`)).code).toBe(404);
  });

  it('keeps what its spec holds', async () => {
    await server.client.post('/api/v1/namespaces', { metadata: { name: 'held' } });
    const marked = (await server.client.delete('/api/v1/namespaces/held')).json<core.v1.Namespace>();
    expect(marked).toMatchObject({ kind: 'Namespace', status: { phase: 'Terminating' }, spec: { finalizers: ['kubernetes'] } });
    const emptied = { ...marked, spec: { finalizers: [] } };
    expect((await server.client.put('/api/v1/namespaces/held/finalize', emptied)).code).toBe(200);
    expect((await server.client.get('/api/v1/namespaces/held')).code).toBe(404);
  });

  it('by several at once happens once', async () => {
    await create(maps, 'raced');
    const codes = (await Promise.all(Array.from({ length: 10 }, () => server.client.delete(`${maps}/raced`)))).map(({ code }) => code);
    expect(codes.sort()).toEqual([200, ...Array<number>(9).fill(404)]);
  });

  it('answers in protobuf, too', async () => {
    await create(maps, 'pb');
    const answer = await server.client.delete(`${maps}/pb`, undefined, { accept: 'application/vnd.kubernetes.protobuf' });
    const { apiVersion, kind, message } = unwrap(answer.bytes);
    expect([apiVersion, kind]).toEqual(['v1', 'Status']);
    expect(meta.v1.Status.codec.decode(message)).toMatchObject({ status: 'Success', details: { name: 'pb' } });
  });
});
