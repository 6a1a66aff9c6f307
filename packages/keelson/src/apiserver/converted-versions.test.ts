import { type Answer, WebhookServer } from '@keelson/admission/testing';
import type { KubeObject } from '@keelson/machinery';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definition, definitionClient, definitions, failure, object } from './testing/definition-client.js';
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

const { send, condition, established } = definitionClient(() => server);

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
