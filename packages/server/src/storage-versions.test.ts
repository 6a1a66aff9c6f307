import type { KubeObject } from '@keelson/machinery';
import { apps, isEnvelope, unwrap, yamlToJson } from '@keelson/schema';
import { MemoryBackend } from '@keelson/storage/memory';
import { afterEach, describe, expect, it } from 'vitest';
import { defineGroup } from './resource/api-group.js';
import type { Resource } from './resource/resource.js';
import { defineResource } from './resource/resource.js';
import type { StorageFormat } from './resource/stored/stored-encoding.js';
import { startTestServer, stopTestServers, type TestServer } from './testing/start-test-server.js';

type StatefulSet = apps.v1.StatefulSet;

afterEach(stopTestServers);

const path = '/apis/apps/v1/namespaces/a/statefulsets';
const formats: readonly StorageFormat[] = ['protobuf', 'json', 'yaml'];
const LIMIT = 'v1beta2/revisionHistoryLimit';

/** Its older version keeps one field in an annotation, so that bytes of one version cannot be read as the other. */
function createStatefulSets(): Resource {
  return defineResource<StatefulSet>(apps.v1.StatefulSet, {
    names: { plural: 'statefulsets' },
    scope: 'Namespaced',
    storage: { key: 'statefulsets' },
    resetFields: ['status'],
    selectableFields: { 'spec.serviceName': ({ spec }) => spec.serviceName ?? '' },
    versions: [
      {
        kind: apps.v1beta2.StatefulSet,
        toHub({ metadata, ...rest }) {
          const { [LIMIT]: limit, ...annotations } = metadata.annotations ?? {};
          const spec = { ...(rest as StatefulSet).spec, revisionHistoryLimit: Number(limit) };
          const { annotations: _, ...kept } = metadata;
          return { ...rest, metadata: Object.keys(annotations).length > 0 ? { ...kept, annotations } : kept, spec } as StatefulSet;
        },
        fromHub({ metadata, spec: { revisionHistoryLimit, ...spec }, ...rest }) {
          expect(rest.status).toBeDefined();
          return {
            ...rest,
            metadata: { ...metadata, annotations: { ...metadata.annotations, [LIMIT]: String(revisionHistoryLimit) } },
            spec,
          } as KubeObject;
        },
      },
    ],
  });
}

/** A server on this store that writes StatefulSets in the version given. */
function start(backend: MemoryBackend, storageVersions: string[], storageFormat: StorageFormat = 'protobuf'): Promise<TestServer> {
  const versions = ['v1', 'v1beta2'].map((version) => ({ version, priority: 1, enabledByDefault: true }));
  const groups = [defineGroup({ group: 'apps', priority: 1, versions, resources: [createStatefulSets()] })];
  return startTestServer({ backend, groups, storageVersions, storageFormat });
}

function body(name: string): object {
  const spec = {
    serviceName: name,
    revisionHistoryLimit: 7,
    selector: {},
    template: { metadata: {}, spec: { containers: [{ name: 'c' }] } },
  };
  return { metadata: { name, labels: { app: name } }, spec };
}

/** Version and encoding of what is stored under this name. */
async function storedAs(backend: MemoryBackend, name: string): Promise<string> {
  const { kv } = await backend.get(`/registry/statefulsets/a/${name}`);
  const value = kv?.value ?? Buffer.alloc(0);
  if (isEnvelope(value)) return `protobuf ${unwrap(value).apiVersion}`;
  const { value: object } = yamlToJson(value.toString());
  return `${value.toString().startsWith('{') ? 'json' : 'yaml'} ${(object as { apiVersion: string }).apiVersion}`;
}

async function read({ client }: TestServer, name: string): Promise<KubeObject> {
  return (await client.get(`${path}/${name}`)).json();
}

const patch = (type: string) => ({ 'Content-Type': `application/${type}` });

describe.each(formats)('storage versions, as %s', (format) => {
  it.each([
    [[], 'apps/v1'],
    [['v1', 'batch/v1'], 'apps/v1'],
    [['apps/v1beta2'], 'apps/v1beta2'],
    [['v1', 'apps/v1', 'apps/v1beta2'], 'apps/v1'],
  ])('%j: writes %s', async (storageVersions, expected) => {
    const backend = new MemoryBackend();
    const server = await start(backend, storageVersions, format);
    const created = (await server.client.post(path, body('web'))).json();
    expect(created).toMatchObject(body('web'));
    expect(await storedAs(backend, 'web')).toBe(`${format} ${expected}`);
    expect(await read(server, 'web')).toEqual(created);
  });

  it('selects what is stored in any version, and tells the one it writes in discovery', async () => {
    const backend = new MemoryBackend();
    const old = await start(backend, ['apps/v1beta2'], format);
    const current = await start(backend, [], format);
    await old.client.post(path, body('web'));
    for (const server of [old, current]) {
      for (const query of ['labelSelector=app=web', 'fieldSelector=spec.serviceName=web']) {
        expect((await server.client.get(`${path}?${query}`)).json<{ items: unknown[] }>().items).toMatchObject([body('web')]);
      }
    }
    const hash = async ({ client }: TestServer, version: string) =>
      (await client.get(`/apis/apps/${version}`)).json<{ resources: { storageVersionHash: string }[] }>().resources[0]?.storageVersionHash;
    expect(await hash(old, 'v1')).toBe(await hash(old, 'v1beta2'));
    expect(await hash(old, 'v1')).not.toBe(await hash(current, 'v1'));
  });
});

describe('an update that changes nothing', () => {
  const writes: [string, (server: TestServer, object: KubeObject) => Promise<{ code: number; text: string }>][] = [
    ['PUT', ({ client }, object) => client.put(`${path}/web`, object)],
    ['merge patch', ({ client }) => client.ask('PATCH', `${path}/web`, '{}', patch('merge-patch+json'))],
    ['JSON patch', ({ client }) => client.ask('PATCH', `${path}/web`, '[]', patch('json-patch+json'))],
    [
      'apply of nothing',
      ({ client }) =>
        client.ask('PATCH', `${path}/web?fieldManager=m`, '{"apiVersion":"apps/v1","kind":"StatefulSet"}', patch('apply-patch+yaml')),
    ],
    [
      'patch in the older version',
      ({ client }) => client.ask('PATCH', `${path}/web`.replace('v1', 'v1beta2'), '{}', patch('merge-patch+json')),
    ],
  ];

  it.each(writes)('rewrites what is stored in another version, once: %s', async (_, write) => {
    const backend = new MemoryBackend();
    const old = await start(backend, ['apps/v1beta2']);
    const current = await start(backend, []);
    await old.client.post(path, body('web'));
    const before = await read(current, 'web');
    expect((await write(current, structuredClone(before))).code).toBe(200);
    expect(await storedAs(backend, 'web')).toBe('protobuf apps/v1');
    const after = await read(current, 'web');
    expect(Number(after.metadata.resourceVersion)).toBeGreaterThan(Number(before.metadata.resourceVersion));
    expect({ ...after, metadata: { ...after.metadata, resourceVersion: '' } }).toEqual({
      ...before,
      metadata: { ...before.metadata, resourceVersion: '' },
    });
    expect((await write(current, structuredClone(after))).code).toBe(200);
    expect(await read(current, 'web')).toEqual(after);
  });

  it('rewrites nothing on a dry run', async () => {
    const backend = new MemoryBackend();
    const old = await start(backend, ['apps/v1beta2']);
    const current = await start(backend, []);
    await old.client.post(path, body('web'));
    const answer = await current.client.ask('PATCH', `${path}/web?dryRun=All`, '{}', patch('merge-patch+json'));
    expect(answer.code).toBe(200);
    expect(await storedAs(backend, 'web')).toBe('protobuf apps/v1beta2');
  });

  it.each(formats.flatMap((from) => formats.filter((to) => to !== from).map((to) => [from, to] as const)))(
    'rewrites %s as %s',
    async (from, to) => {
      const backend = new MemoryBackend();
      const old = await start(backend, [], from);
      const current = await start(backend, [], to);
      await old.client.post(path, body('web'));
      await current.client.ask('PATCH', `${path}/web`, '{}', patch('merge-patch+json'));
      expect(await storedAs(backend, 'web')).toBe(`${to} apps/v1`);
    },
  );
});
