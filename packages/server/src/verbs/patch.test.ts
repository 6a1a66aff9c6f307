import type { IncomingHttpHeaders } from 'node:http';
import type { KubeObject } from '@keelson/machinery';
import type { apps } from '@keelson/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, stopTestServers, type TestServer } from '../testing/start-test-server.js';

type Deployment = apps.v1.Deployment;

interface DataHolder extends KubeObject {
  data?: Record<string, string>;
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(stopTestServers);

const maps = '/api/v1/namespaces/a/configmaps';
const deployments = '/apis/apps/v1/namespaces/a/deployments';

async function createMap(name: string, data: Record<string, string> = { k: 'v', l: 'w' }): Promise<string> {
  expect((await server.client.post(maps, { metadata: { name }, data })).code).toBe(201);
  return `${maps}/${name}`;
}

async function createDeployment(name: string, containers: object[] = []): Promise<string> {
  const body = { metadata: { name }, spec: { selector: {}, template: { metadata: {}, spec: { containers } } } };
  expect((await server.client.post(deployments, body)).code).toBe(201);
  return `${deployments}/${name}`;
}

function warningsOf({ warning = '' }: IncomingHttpHeaders): string[] {
  return [...warning.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replaceAll('\\"', '"'));
}

describe('patch', () => {
  it('merges, and removes by null', async () => {
    const path = await createMap('merged');
    const answer = await server.client.patch(path, 'merge-patch+json', { data: { k: null, m: 'x' } });
    expect([answer.code, answer.json<DataHolder>().data]).toEqual([200, { l: 'w', m: 'x' }]);
    expect((await server.client.get(path)).json()).toEqual(answer.json());
  });

  it('applies the operations of a JSON patch', async () => {
    const path = await createMap('operated');
    const operations = [
      { op: 'test', path: '/data/k', value: 'v' },
      { op: 'move', from: '/data/k', path: '/data/n' },
      { op: 'add', path: '/metadata/labels', value: { a: 'b' } },
    ];
    const answer = await server.client.patch(path, 'json-patch+json', operations);
    expect(answer.json<DataHolder>().data).toEqual({ l: 'w', n: 'v' });
    expect(answer.json().metadata.labels).toEqual({ a: 'b' });
  });

  it('merges lists by their keys when it is strategic', async () => {
    const path = await createDeployment('strategic', [
      { name: 'a', image: 'one' },
      { name: 'b', image: 'two' },
    ]);
    const containers = [
      { name: 'b', image: 'three' },
      { name: 'a', $patch: 'delete' },
    ];
    const answer = await server.client.patch(path, 'strategic-merge-patch+json', { spec: { template: { spec: { containers } } } });
    expect(answer.json<Deployment>().spec.template.spec?.containers?.map(({ name, image }) => `${name}=${image}`)).toEqual(['b=three']);
    expect(answer.json().metadata.generation).toBe(2);
  });

  it('is no write when nothing changes', async () => {
    const path = await createMap('same');
    const before = (await server.client.get(path)).json();
    expect((await server.client.patch(path, 'merge-patch+json', { data: { k: 'v' } })).json()).toEqual(before);
  });

  it('tells what a dry run would do, and does not do it', async () => {
    const path = await createMap('dry');
    const before = (await server.client.get(path)).json();
    const answer = await server.client.patch(`${path}?dryRun=All`, 'merge-patch+json', { data: { k: 'x' } });
    expect(answer.json<DataHolder>().data).toEqual({ k: 'x', l: 'w' });
    expect((await server.client.get(path)).json()).toEqual(before);
  });

  it('writes the parts of an object', async () => {
    const path = await createDeployment('parts');
    const status = await server.client.patch(`${path}/status`, 'merge-patch+json', { spec: { replicas: 7 }, status: { readyReplicas: 1 } });
    expect(status.json()).toMatchObject({ spec: { replicas: 1 }, status: { readyReplicas: 1 } });
    const scale = await server.client.patch(`${path}/scale`, 'merge-patch+json', { spec: { replicas: 3 } });
    expect(scale.json()).toMatchObject({ kind: 'Scale', spec: { replicas: 3 } });
    expect((await server.client.get(path)).json()).toMatchObject({ spec: { replicas: 3 }, status: { readyReplicas: 1 } });
  });

  it('says of a Scale who owns its replicas, where a patch of it cannot be read', async () => {
    const path = await createDeployment('owned');
    await server.client.patch(`${path}/scale`, 'merge-patch+json', { spec: { replicas: 3 } });
    const [owner] = (await server.client.get(path)).json().metadata.managedFields ?? [];
    expect(owner).toMatchObject({ subresource: 'scale', fieldsV1: { 'f:spec': { 'f:replicas': {} } } });
    expect(owner?.time).toBeUndefined();
    const refused = await server.client.patch(`${path}/scale`, 'merge-patch+json', { spec: { replicas: 'x' } });
    expect(refused.failure).toContain(
      '\\"apiVersion\\":\\"autoscaling/v1\\",\\"fieldsType\\":\\"FieldsV1\\",\\"fieldsV1\\":{\\"f:spec\\":{\\"f:replicas\\":{}}}',
    );
  });

  it('keeps __proto__ as data', async () => {
    const path = await createMap('proto');
    const answer = await server.client.patch(path, 'merge-patch+json', '{"data":{"__proto__":"p"},"__proto__":{"polluted":"yes"}}');
    expect(answer.code).toBe(200);
    expect(answer.text).toContain('"__proto__":"p"');
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  it.each<[string, string, string | object, string]>([
    ['a missing object', 'none', {}, '404 NotFound: configmaps "none" not found'],
    ['a body that is no JSON', 'target', '{', '400 BadRequest: '],
    [
      'another name',
      'target',
      { metadata: { name: 'other' } },
      '400 BadRequest: the name of the object (other) does not match the name on the URL (target)',
    ],
    [
      'another namespace',
      'target',
      { metadata: { namespace: 'b' } },
      '400 BadRequest: the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'an old revision',
      'target',
      { metadata: { resourceVersion: '1' } },
      '409 Conflict: Operation cannot be fulfilled on configmaps "target": the object has been modified; please apply your changes to the latest version and try again',
    ],
    ['another kind', 'target', { apiVersion: 'apps/v1', kind: 'Deployment' }, '422 Invalid:  "" is invalid: patch: Invalid value: '],
  ])('refuses %s', async (_, name, body, expected) => {
    if (name === 'target') await server.client.post(maps, { metadata: { name } });
    const answer = await server.client.patch(`${maps}/${name}`, 'merge-patch+json', body);
    expect(answer.failure.slice(0, expected.length)).toBe(expected);
  });

  it.each<[string, string]>(
    [
      [{ kind: 'Foo' }, 'no kind "Foo" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"'],
      [{ kind: 'Deployment', apiVersion: 'apps/v1' }, 'converting (v1.Deployment) to (core.ConfigMap): unknown conversion'],
      [
        { apiVersion: 5 },
        "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .apiVersion of type string",
      ],
    ].map(([patch, why]) => [JSON.stringify(patch), why as string]),
  )('refuses %s, which makes the object something else', async (patch, why) => {
    await server.client.post(maps, { metadata: { name: 'target' } });
    const answer = await server.client.patch(`${maps}/target`, 'merge-patch+json', patch);
    expect([answer.code, answer.failure.endsWith(why)]).toEqual([422, true]);
  });

  it.each([
    [
      'merge-patch+json',
      '{"x":1,"metadata":{"z":1,"y":1},"data":{"k":"v","k":"w"}}',
      ['duplicate field "data.k"', 'unknown field "metadata.y"', 'unknown field "metadata.z"', 'unknown field "x"'],
    ],
    [
      'strategic-merge-patch+json',
      '{"x":1,"metadata":{"z":1,"y":1},"data":{"k":"v","k":"w"}}',
      ['duplicate field "data.k"', 'unknown field "metadata.y"', 'unknown field "metadata.z"', 'unknown field "x"'],
    ],
    [
      'json-patch+json',
      '[{"op":"add","op":"add","path":"/metadata/z","value":1,"by":2}]',
      ['json patch duplicate field "[0].op"', 'json patch unknown field "[0].by"', 'unknown field "metadata.z"'],
    ],
  ])('%s: says what it finds in %s', async (type, patch, problems) => {
    const path = await createMap(`strict-${type.slice(0, 3)}`);
    const warned = await server.client.patch(path, type, patch);
    expect([warned.code, warningsOf(warned.headers)]).toEqual([200, problems]);
    const refused = await server.client.patch(`${path}?fieldValidation=Strict`, type, patch);
    expect(refused.failure.slice(refused.failure.indexOf('strict decoding'))).toBe(`strict decoding error: ${problems.join(', ')}`);
    const ignored = await server.client.patch(`${path}?fieldValidation=Ignore`, type, patch);
    expect([ignored.code, warningsOf(ignored.headers)]).toEqual([200, []]);
  });

  it.each([
    ['{"metadata":{"labels":"x"}}', 'map[metadata:map[labels:x]]', 'cannot restore map from string'],
    ['{"apiVersion":5}', 'map[apiVersion:5]', 'cannot convert int64 to string'],
  ])('tells in the words of its own why %s cannot be read when it is strategic', async (patch, shown, why) => {
    await server.client.post(maps, { metadata: { name: 'target' } });
    const answer = await server.client.patch(`${maps}/target`, 'strategic-merge-patch+json', patch);
    expect(answer.failure).toBe(`422 Invalid:  "" is invalid: patch: Invalid value: "${shown}": ${why}`);
  });

  it('refuses a test that fails, and other kinds of patches', async () => {
    const path = await createMap('tested');
    const failed = await server.client.patch(path, 'json-patch+json', [{ op: 'test', path: '/data/k', value: 'other' }]);
    expect(failed.failure).toBe('422 Invalid: the server rejected our request due to an error in our request');
    expect((await server.client.patch(path, 'json', {})).failure).toBe('415 UnsupportedMediaType: 415: Unsupported Media Type');
    expect((await server.client.patch(path, 'x', {}, { 'content-type': 'constructor' })).code).toBe(415);
  });

  it('removes an object when it takes the last finalizer away', async () => {
    await server.client.post(maps, { metadata: { name: 'held', finalizers: ['example.com/hold'] } });
    await server.client.delete(`${maps}/held`);
    const answer = await server.client.patch(`${maps}/held`, 'merge-patch+json', { metadata: { finalizers: null } });
    expect(answer.code).toBe(200);
    expect((await server.client.get(`${maps}/held`)).code).toBe(404);
  });
});

describe('patches at the same time', () => {
  it('are all there in the end, without a conflict', async () => {
    const path = await createMap('shared', {});
    const h2 = await server.http2();
    const keys = Array.from({ length: 60 }, (_, at) => `k${at}`);
    const answers = await Promise.all(
      keys.map((key, at) => (at % 2 === 0 ? server.client : h2).patch(path, 'merge-patch+json', { data: { [key]: 'v' } })),
    );
    expect(answers.map(({ code }) => code)).toEqual(keys.map(() => 200));
    expect(Object.keys((await server.client.get(path)).json<DataHolder>().data ?? {}).sort()).toEqual([...keys].sort());
  });

  it('lose no increment that is tested', async () => {
    const path = await createMap('counter', { n: '0' });
    const increment = async (times: number) => {
      for (let done = 0; done < times; ) {
        const n = (await server.client.get(path)).json<DataHolder>().data?.n;
        const operations = [
          { op: 'test', path: '/data/n', value: n },
          { op: 'replace', path: '/data/n', value: String(Number(n) + 1) },
        ];
        const { code } = await server.client.patch(path, 'json-patch+json', operations);
        expect([200, 422]).toContain(code);
        if (code === 200) done++;
      }
    };
    await Promise.all(Array.from({ length: 6 }, () => increment(10)));
    expect((await server.client.get(path)).json<DataHolder>().data?.n).toBe('60');
  });

  it('each get a revision of their own', async () => {
    const path = await createMap('revisions', {});
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => server.client.patch(path, 'merge-patch+json', { data: { [`k${at}`]: 'v' } })),
    );
    expect(new Set(answers.map((answer) => answer.json().metadata.resourceVersion)).size).toBe(20);
  });
});
