import { type Answer, WebhookServer } from '@keelson/admission/testing';
import type { Json, KubeObject, Status } from '@keelson/machinery';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApiServer, type Told } from './testing/test-api-server.js';

let server: TestApiServer;
let webhook: WebhookServer;

beforeAll(async () => {
  webhook = await WebhookServer.start();
  server = await TestApiServer.start([]);
});
afterAll(async () => {
  webhook.close();
  await server.stop();
});

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const send = (method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<Told> =>
  server.ask(path, { method, headers: { authorization: 'Bearer admin', ...headers }, ...(body && { body: body as Json }) });
const failure = ({ code, body }: Told) => `${code} ${(body as unknown as Status).reason ?? ''}: ${(body as unknown as Status).message}`;
const object = <T extends object>({ body }: Told) => body as unknown as KubeObject & T;

const free = { schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } };

function definition(group: string, kind: string, spec: object, names: object = {}): KubeObject {
  const plural = `${kind.toLowerCase()}s`;
  return {
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, kind, ...names },
      versions: [{ name: 'v1', served: true, storage: true, ...free }],
      ...spec,
    },
  } as KubeObject;
}

async function until<T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
  }
}

type Conditions = { status: { conditions: { type: string; status: string; reason: string; message: string }[] | null } };

async function condition(name: string, type: string, reason: string): Promise<string> {
  const found = ({ body }: Told) => (body as unknown as Conditions).status.conditions?.find((one) => one.type === type);
  const told = await until(
    () => send('GET', `${definitions}/${name}`),
    (one) => found(one)?.reason === reason,
  );
  return `${found(told)?.status}: ${found(told)?.message}`;
}

async function established(made: KubeObject): Promise<void> {
  expect((await send('POST', definitions, made)).code).toBe(201);
  await condition(made.metadata.name ?? '', 'Established', 'InitialNamesAccepted');
}

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

/** Converts between `spec.host` + `spec.port` of v1 and `spec.address` of v2. */
const converting: Answer = (review, response) => {
  const { request } = review as unknown as {
    request: { uid: string; desiredAPIVersion: string; objects: (KubeObject & { spec: Record<string, string> })[] };
  };
  const convertedObjects = request.objects.map(({ spec, ...rest }) => {
    const [host = '', port = ''] = spec.address?.split(':') ?? [];
    const toV2 = request.desiredAPIVersion.endsWith('/v2');
    return { ...rest, apiVersion: request.desiredAPIVersion, spec: toV2 ? { address: `${spec.host}:${spec.port}` } : { host, port } };
  });
  const { apiVersion, kind } = review as unknown as { apiVersion: string; kind: string };
  response.end(JSON.stringify({ apiVersion, kind, response: { uid: request.uid, result: { status: 'Success' }, convertedObjects } }));
  return undefined;
};

describe('versions that a webhook converts', () => {
  const v1 = '/apis/hook.example.com/v1/namespaces/default/peers';
  const v2 = '/apis/hook.example.com/v2/namespaces/default/peers';
  const text = { type: 'string' };
  const version = (name: string, storage: boolean, properties: object, selectableFields: object[] = []) => ({
    name,
    served: true,
    storage,
    selectableFields,
    schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } } },
  });

  beforeAll(async () => {
    webhook.answer = converting;
    const clientConfig = webhook.clientConfig;
    const spec = {
      versions: [version('v1', true, { host: text, port: text }), version('v2', false, { address: text }, [{ jsonPath: '.spec.address' }])],
      conversion: { strategy: 'Webhook', webhook: { clientConfig, conversionReviewVersions: ['v1'] } },
    };
    await established(definition('hook.example.com', 'Peer', spec));
  });

  const specs = ({ body }: Told) => (body as unknown as { items: { spec: object }[] }).items.map(({ spec }) => spec);

  it('are read and written in each', async () => {
    const peer = (version: string, name: string, spec: object) => ({
      apiVersion: `hook.example.com/${version}`,
      kind: 'Peer',
      metadata: { name },
      spec,
    });
    const made = await send('POST', v2, peer('v2', 'two', { address: 'b:2' }));
    expect(object<{ spec: object }>(made)).toMatchObject({ apiVersion: 'hook.example.com/v2', spec: { address: 'b:2' } });
    expect((await send('POST', v1, peer('v1', 'one', { host: 'a', port: '1' }))).code).toBe(201);
    expect(specs(await send('GET', v1))).toEqual([
      { host: 'a', port: '1' },
      { host: 'b', port: '2' },
    ]);
    webhook.reviews.length = 0;
    expect(specs(await send('GET', v2))).toEqual([{ address: 'a:1' }, { address: 'b:2' }]);
    // Objects are asked for once and together.
    expect(webhook.reviews).toHaveLength(1);
    const merge = { 'content-type': 'application/merge-patch+json' };
    expect((await send('PATCH', `${v2}/one`, { spec: { address: 'c:3' } }, merge)).code).toBe(200);
    expect(object<{ spec: object }>(await send('GET', `${v1}/one`)).spec).toEqual({ host: 'c', port: '3' });
  });

  it('are selected by the fields that they are shown with', async () => {
    expect((await send('POST', '/api/v1/namespaces', { metadata: { name: 'chosen' } })).code).toBe(201);
    const own1 = v1.replace('default', 'chosen');
    const own2 = v2.replace('default', 'chosen');
    const chosen = 'fieldSelector=spec.address%3Ds:1';
    const add = async (name: string, port: string) => {
      const made = await send('POST', own1, {
        apiVersion: 'hook.example.com/v1',
        kind: 'Peer',
        metadata: { name },
        spec: { host: 's', port },
      });
      return object(made).metadata.resourceVersion;
    };
    const change = (name: string, port: string) =>
      send('PATCH', `${own1}/${name}`, { spec: { port } }, { 'content-type': 'application/merge-patch+json' });
    const since = await add('s-other', '2');
    for (const name of ['s-1', 's-2', 's-3']) await add(name, '1');
    await change('s-3', '2');
    await change('s-3', '1');

    const listed = async (query: string) => {
      const { body } = await send('GET', `${own2}?${query}`);
      const { items, metadata } = body as unknown as { items: KubeObject[]; metadata: { continue?: string } };
      return { names: items.map(({ metadata: { name } }) => name), next: metadata.continue };
    };
    expect((await listed(chosen)).names).toEqual(['s-1', 's-2', 's-3']);
    const first = await listed(`${chosen}&limit=2`);
    expect(first.names).toEqual(['s-1', 's-2']);
    expect(await listed(`${chosen}&limit=2&continue=${first.next}`)).toEqual({ names: ['s-3'], next: '' });
    // s-other is no match, but behind the page there is something.
    expect(await listed(`${chosen}&limit=3`)).toEqual({ names: ['s-1', 's-2', 's-3'], next: expect.any(String) });

    const watched = `${own2}?watch=true&resourceVersion=${since}&timeoutSeconds=1&${chosen}`;
    const events = await server.watch(watched, { headers: { authorization: 'Bearer admin' } });
    expect(events.map(({ type, object: { metadata } }) => [type, metadata.name])).toEqual([
      ['ADDED', 's-1'],
      ['ADDED', 's-2'],
      ['ADDED', 's-3'],
      ['DELETED', 's-3'],
      ['ADDED', 's-3'],
    ]);
    expect(events[3]?.object).toMatchObject({ spec: { address: 's:1' } });
    expect((await send('DELETE', `${own2}?${chosen}`)).code).toBe(200);
    expect(specs(await send('GET', own2))).toEqual([{ address: 's:2' }]);
    expect((await send('DELETE', own1)).code).toBe(200);
  });

  it('are compared each in its own when somebody applies to what others have applied in another one', async () => {
    const apply = (version: string, manager: string, spec: object, more = '') =>
      send(
        'PATCH',
        `/apis/hook.example.com/${version}/namespaces/default/peers/owned?fieldManager=${manager}${more}`,
        { apiVersion: `hook.example.com/${version}`, kind: 'Peer', metadata: { name: 'owned' }, spec },
        { 'content-type': 'application/apply-patch+yaml' },
      );
    const owners = (told: Told) =>
      object(told).metadata.managedFields?.map(({ manager, apiVersion, fieldsV1 }) => [manager, apiVersion, JSON.stringify(fieldsV1)]);
    expect((await apply('v1', 'ann', { host: 'h', port: '1' })).code).toBe(201);
    const ann = ['ann', 'hook.example.com/v1', '{"f:spec":{"f:host":{},"f:port":{}}}'];
    const bob = ['bob', 'hook.example.com/v2', '{"f:spec":{"f:address":{}}}'];
    // Who has changed nothing has no time, and so stands first.
    expect(owners(await apply('v2', 'bob', { address: 'h:1' }))).toEqual([bob, ann]);
    expect(failure(await apply('v2', 'bob', { address: 'h:2' }))).toBe(
      '409 Conflict: Apply failed with 1 conflict: conflict with "ann": .spec.port',
    );
    const kept = ['ann', 'hook.example.com/v1', '{"f:spec":{"f:host":{}}}'];
    expect(owners(await apply('v2', 'bob', { address: 'h:2' }, '&force=true'))).toEqual([kept, bob]);
    expect((await send('DELETE', `${v1}/owned`)).code).toBe(200);
  });

  it('are not established with authorities that cannot be read, until these are set right', async () => {
    const clientConfig = { ...webhook.clientConfig, caBundle: 'AAAA' };
    const conversion = { strategy: 'Webhook', webhook: { clientConfig, conversionReviewVersions: ['v1'] } };
    expect((await send('POST', definitions, definition('bundle.example.com', 'Peer', { conversion }))).code).toBe(201);
    const name = 'peers.bundle.example.com';
    expect(await condition(name, 'Established', 'InvalidCABundle')).toBe('False: The conversion webhook CABundle is invalid');
    const merge = { 'content-type': 'application/merge-patch+json' };
    const bundle = (caBundle: string) => ({ spec: { conversion: { webhook: { clientConfig: { caBundle } } } } });
    expect((await send('PATCH', `${definitions}/${name}`, bundle(webhook.clientConfig.caBundle), merge)).code).toBe(200);
    expect(await condition(name, 'Established', 'InitialNamesAccepted')).toBe('True: the initial names have been accepted');
    expect(failure(await send('PATCH', `${definitions}/${name}`, bundle('AAAA'), merge))).toBe(
      `422 Invalid: CustomResourceDefinition.apiextensions.k8s.io "${name}" is invalid: spec.conversion.webhookClientConfig.caBundle: ` +
        'Invalid value: "AAAA": unable to load root certificates: unable to parse bytes as PEM block',
    );
  });

  it('cannot be had while the webhook fails, but for what is stored in them', async () => {
    webhook.answer = (_, response) => {
      response.statusCode = 500;
      response.end('out of order');
      return undefined;
    };
    const merge = { 'content-type': 'application/merge-patch+json' };
    expect((await send('PATCH', `${v1}/one`, { spec: { host: 'd' } }, merge)).code).toBe(200);
    expect(failure(await send('GET', v2))).toBe('500 : conversion webhook for hook.example.com/v1, Kind=Peer failed: out of order');
    expect((await send('GET', v1)).code).toBe(200);
    webhook.answer = converting;
    expect(specs(await send('GET', v2))).toEqual([{ address: 'd:3' }, { address: 'b:2' }]);
  });

  it('are admitted by how much is stored of them', async () => {
    const peer = (name: string) => ({
      apiVersion: 'hook.example.com/v1',
      kind: 'Peer',
      metadata: { name },
      spec: { host: 'x'.repeat(100_000) },
    });
    for (const name of ['w1', 'w2', 'w3']) expect((await send('POST', v1, peer(name))).code).toBe(201);
    const seatsTaken = async () => {
      const text = String((await send('GET', '/metrics')).body);
      return Number(
        /^apiserver_flowcontrol_work_estimated_seats_sum\{priority_level="exempt",flow_schema="exempt"\} (\d+)$/m.exec(text)?.[1],
      );
    };
    const seatsOf = async (path: string) => {
      const before = await seatsTaken();
      expect((await send('GET', path)).code).toBe(200);
      return (await seatsTaken()) - before - 1; // one is taken by whoever reads the metrics
    };
    // 300 kB and a bit; JSON is answered as it is stored.
    expect([await seatsOf(v1), await seatsOf(v2)]).toEqual([4, 4]);
    expect([await seatsOf(`${v1}?limit=2`), await seatsOf(`${v1}?labelSelector=a%3Db`), await seatsOf(`${v1}/w1`)]).toEqual([2, 1, 1]);
    expect(await seatsOf('/apis/hook.example.com/v1/namespaces/elsewhere/peers')).toBe(1);
  });
});
