import type { Json, KubeObject } from '@keelson/machinery';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definition, definitionClient, definitions, failure, free, object, until } from './testing/definition-client.js';
import { TestApiServer } from './testing/test-api-server.js';

let server: TestApiServer;

beforeAll(async () => {
  server = await TestApiServer.start([]);
});
afterAll(() => server.stop());

const { send, condition, established } = definitionClient(() => server);

describe('controllers that know no kind', () => {
  const accept = 'application/vnd.kubernetes.protobuf,application/json';

  it('find custom resources as kube-apiserver tells of them', async () => {
    await established(definition('found.example.com', 'Bolt', {}, { shortNames: ['bo'] }));
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const groups = object<{ items: (KubeObject & { versions: { version: string; resources: object[] }[] })[] }>(
      await send('GET', '/apis', undefined, { accept }),
    ).items;
    const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
    expect(groups.find(({ metadata }) => metadata.name === 'found.example.com')?.versions).toEqual([
      {
        version: 'v1',
        freshness: 'Current',
        resources: [
          {
            resource: 'bolts',
            responseKind: { group: 'found.example.com', version: 'v1', kind: 'Bolt' },
            scope: 'Namespaced',
            singularResource: 'bolt',
            verbs,
            shortNames: ['bo'],
          },
        ],
      },
    ]);
  });

  it('empty a namespace of objects though they like protobuf better, and get JSON', async () => {
    await established(definition('emptied.example.com', 'Cog', {}));
    const cogs = '/apis/emptied.example.com/v1/namespaces/default/cogs';
    for (const name of ['one', 'two'])
      expect((await send('POST', cogs, { apiVersion: 'emptied.example.com/v1', kind: 'Cog', metadata: { name } })).code).toBe(201);
    const options = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' };
    const told = await send('DELETE', cogs, options, { accept });
    const { kind, items } = told.body as unknown as { kind: string; items: KubeObject[] };
    expect([told.code, kind, items.map(({ metadata }) => metadata.name)]).toEqual([200, 'CogList', ['one', 'two']]);
    expect(object<{ items: unknown[] }>(await send('GET', cogs, undefined, { accept })).items).toEqual([]);
  });
});

describe('names of definitions', () => {
  it('say what lists of its objects are', async () => {
    await established(definition('listed.example.com', 'Cog', {}, { listKind: 'CogWheels' }));
    const list = await send('GET', '/apis/listed.example.com/v1/cogs');
    expect(list.body).toMatchObject({ apiVersion: 'listed.example.com/v1', kind: 'CogWheels', items: [] });
  });

  it('tell of versions that are not to be used any more, and of the best one that is better', async () => {
    const version = (name: string, more: object = {}) => ({ name, served: true, storage: false, ...free, ...more });
    const versions = [
      version('v1alpha1', { deprecated: true }),
      version('v1beta1', { deprecated: true, deprecationWarning: 'no more' }),
      version('v1beta2', { deprecated: true }),
      version('v1beta3', { storage: true }),
      version('v1beta1x', { deprecated: true }),
      version('v1', { served: false }),
      version('v2', { deprecated: true }),
    ];
    await established(definition('old.example.com', 'Dep', { versions }));
    const warning = async (version: string) => (await send('GET', `/apis/old.example.com/${version}/deps`)).headers.warning;
    const better = '; use old.example.com/v1beta3 Dep';
    expect(await warning('v1alpha1')).toBe(`299 - "old.example.com/v1alpha1 Dep is deprecated${better}"`);
    expect(await warning('v1beta1')).toBe('299 - "no more"');
    expect(await warning('v1beta2')).toBe(`299 - "old.example.com/v1beta2 Dep is deprecated${better}"`);
    expect(await warning('v1beta3')).toBeUndefined();
    expect(await warning('v1beta1x')).toBe(`299 - "old.example.com/v1beta1x Dep is deprecated${better}"`);
    expect(await warning('v2')).toBe('299 - "old.example.com/v2 Dep is deprecated"');
  });

  it('belong to who has them first, until they are given up', async () => {
    await established(definition('names.example.com', 'Gear', {}, { shortNames: ['ge'] }));
    const second = definition('names.example.com', 'Gadget', {}, { shortNames: ['ge'] });
    expect((await send('POST', definitions, second)).code).toBe(201);
    expect(await condition('gadgets.names.example.com', 'NamesAccepted', 'ShortNamesConflict')).toBe('False: "ge" is already in use');
    expect((await send('GET', '/apis/names.example.com/v1/gadgets')).code).toBe(404);
    await send('DELETE', `${definitions}/gears.names.example.com`);
    expect(await condition('gadgets.names.example.com', 'Established', 'InitialNamesAccepted')).toBe(
      'True: the initial names have been accepted',
    );
    expect((await send('GET', '/apis/names.example.com/v1/gadgets')).code).toBe(200);
  });

  it('of protected groups are approved', async () => {
    const made = definition('things.k8s.io', 'Thing', {});
    made.metadata.annotations = { 'api-approved.kubernetes.io': 'unapproved, for a test' };
    await established(made);
    expect(await condition('things.things.k8s.io', 'KubernetesAPIApprovalPolicyConformant', 'UnapprovedAnnotation')).toBe(
      'False: not approved: "unapproved, for a test"',
    );
  });
});

describe('the end of a definition', () => {
  it('is the end of its objects, which finalizers may delay', async () => {
    await established(definition('end.example.com', 'Leaf', {}));
    const leaves = '/apis/end.example.com/v1/namespaces/default/leafs';
    const metadata = { name: 'held', finalizers: ['example.com/hold'] };
    expect((await send('POST', leaves, { apiVersion: 'end.example.com/v1', kind: 'Leaf', metadata })).code).toBe(201);
    await send('DELETE', `${definitions}/leafs.end.example.com`);
    await condition('leafs.end.example.com', 'Terminating', 'InstanceDeletionCheck');
    expect(failure(await send('POST', leaves, { apiVersion: 'end.example.com/v1', kind: 'Leaf', metadata: { name: 'late' } }))).toBe(
      '405 MethodNotAllowed: create not allowed while custom resource definition is terminating',
    );
    const { resources } = (await send('GET', '/apis/end.example.com/v1')).body as unknown as {
      resources: { name: string; verbs: string[] }[];
    };
    expect(resources.find(({ name }) => name === 'leafs')?.verbs).toEqual(['delete', 'deletecollection', 'get', 'list', 'watch']);
    const merge = { 'content-type': 'application/merge-patch+json' };
    expect((await send('PATCH', `${leaves}/held`, { metadata: { finalizers: null } }, merge)).code).toBe(200);
    await until(
      () => send('GET', `${definitions}/leafs.end.example.com`),
      ({ code }) => code === 404,
    );
    await until(
      () => send('GET', leaves),
      ({ code }) => code === 404,
    );
    expect(JSON.stringify((await send('GET', '/apis')).body)).not.toContain('end.example.com');
  });
});

describe('a custom resource', () => {
  it('keeps large integers, prints its members by name, and takes no protobuf', async () => {
    await established(definition('plain.example.com', 'Pebble', {}));
    const pebbles = '/apis/plain.example.com/v1/namespaces/default/pebbles';
    const made = await send('POST', pebbles, {
      apiVersion: 'plain.example.com/v1',
      kind: 'Pebble',
      metadata: { name: 'p' },
      b: 1,
      a: { z: 1, y: 2 },
    });
    expect(Object.keys(made.body as object)).toEqual(['a', 'apiVersion', 'b', 'kind', 'metadata']);
    expect(Object.keys(object<{ a: object }>(made).a)).toEqual(['y', 'z']);
    const protobuf = { accept: 'application/vnd.kubernetes.protobuf' };
    expect((await send('GET', `${pebbles}/p`, undefined, protobuf)).code).toBe(406);
    expect(failure(await send('PATCH', `${pebbles}/p`, {}, { 'content-type': 'application/strategic-merge-patch+json' }))).toBe(
      '415 UnsupportedMediaType: the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    );
    const partial = { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' };
    const { body } = await send('GET', `${pebbles}/p`, undefined, partial);
    expect(body).toMatchObject({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { name: 'p', generation: 1 } });
    expect(body).not.toHaveProperty('a');
  });

  it('is scaled where it has replicas, to what its schema allows', async () => {
    const replicas = { type: 'integer', maximum: 5 };
    const openAPIV3Schema = { type: 'object', properties: { spec: { type: 'object', properties: { replicas } } } };
    const scale = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' };
    const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema }, subresources: { scale } }];
    await established(definition('scaled.example.com', 'Herd', { versions }));
    const herds = '/apis/scaled.example.com/v1/namespaces/default/herds';
    await send('POST', herds, { apiVersion: 'scaled.example.com/v1', kind: 'Herd', metadata: { name: 'h' }, spec: {} });
    const view = async () => send('GET', `${herds}/h/scale`);
    expect(failure(await view())).toBe(
      '500 InternalError: Internal error occurred: the spec replicas field ".spec.replicas" does not exist',
    );
    const scaled = (replicas: number) =>
      send('PUT', `${herds}/h/scale`, {
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: { name: 'h' },
        spec: { replicas },
      } as object);
    expect(failure(await scaled(-1))).toBe(
      '422 Invalid: Herd.scaled.example.com "h" is invalid: .spec.replicas: Invalid value: -1: should be a non-negative integer',
    );
    expect(failure(await scaled(6))).toBe(
      '422 Invalid: Herd.scaled.example.com "h" is invalid: spec.replicas: Invalid value: 6: spec.replicas in body should be less than or equal to 5',
    );
    expect((await scaled(5)).code).toBe(200);
    expect((await view()).body).toMatchObject({ kind: 'Scale', spec: { replicas: 5 } });
  });

  it('is another generation with each null and each empty list', async () => {
    await established(definition('counted.example.com', 'Grain', {}));
    const grains = '/apis/counted.example.com/v1/namespaces/default/grains';
    await send('POST', grains, { apiVersion: 'counted.example.com/v1', kind: 'Grain', metadata: { name: 'g' }, spec: { kept: null } });
    const patched = async (op: string, path: string, value: Json) => {
      const patch = [{ op, path, value }] as unknown as object;
      const told = await send('PATCH', `${grains}/g`, patch, { 'content-type': 'application/json-patch+json' });
      return [told.code, object(told).metadata.generation];
    };
    expect(await patched('add', '/spec/added', null)).toEqual([200, 2]);
    expect(await patched('replace', '/spec/added', [])).toEqual([200, 3]);
    expect(await patched('replace', '/spec/kept', null)).toEqual([200, 3]);
    expect(await patched('add', '/metadata/labels', { a: 'b' })).toEqual([200, 3]);
  });
});
