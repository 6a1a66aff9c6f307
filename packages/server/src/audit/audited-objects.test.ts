import type { Json } from '@keelson/machinery';
import { core, envelopePrefix, wrap } from '@keelson/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stopTestServers } from '../testing/start-test-server.js';
import { type AuditedServer, both, maps, type Send, stagesOf, startAuditedServer } from './testing/audited-server.js';

let server: AuditedServer['server'];
let eventsOf: AuditedServer['eventsOf'];
beforeAll(async () => {
  ({ server, eventsOf } = await startAuditedServer());
});
afterAll(stopTestServers);

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
      requestObject: { kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/__internal', propagationPolicy: 'Background' },
      responseStatus: {
        metadata: {},
        status: 'Success',
        details: { name: 'doomed', kind: 'configmaps', uid: expect.any(String) },
        code: 200,
      },
      responseObject: { kind: 'Status', apiVersion: 'v1', status: 'Success' },
    });
    const named = await doomed((headers) => server.client.delete(path, { kind: 'DeleteOptions', apiVersion: 'v1' }, headers));
    expect(named?.requestObject).toEqual({ kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/__internal' });
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
