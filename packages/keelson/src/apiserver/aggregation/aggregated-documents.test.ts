import { ExtensionServer } from '@keelson/aggregator/testing';
import type { Json } from '@keelson/machinery';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { API_SERVICES, aggregatedServer, GROUP, MORTAL } from './testing/aggregated-server.js';

const { running, send, get, register } = aggregatedServer();
let extension: ExtensionServer;
let mortal: ExtensionServer;

beforeAll(async () => {
  ({ extension, mortal } = running());
  // It comes back with another certificate.
  await register(mortal.apiService('v1', { caBundle: null, insecureSkipTLSVerify: true }));
});
beforeEach(() => {
  extension.answer = () => false;
});

type Group = {
  metadata: { name: string };
  versions: { version: string; freshness: string; resources: { resource: string; subresources?: object[] }[] }[];
};

const AGGREGATED = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };

/** What discovery tells of a group, all at once. */
async function discovered(group: string): Promise<Group | undefined> {
  const { body } = await get('/apis', AGGREGATED);
  return (body as unknown as { items: Group[] }).items.find(({ metadata }) => metadata.name === group);
}

async function untilDiscovered(group: string, freshness: string): Promise<Group> {
  for (;;) {
    const found = await discovered(group);
    if (found?.versions[0]?.freshness === freshness) return found;
    await new Promise(setImmediate);
  }
}

describe('discovery and OpenAPI', () => {
  const { group } = MORTAL;
  const gadgets = {
    resource: 'gadgets',
    scope: 'Namespaced',
    singularResource: 'gadget',
    verbs: ['create', 'get', 'list', 'watch'],
    shortNames: ['gd'],
  };
  const merge = { 'content-type': 'application/merge-patch+json' };
  const again = (spec: object) => send('PATCH', `${API_SERVICES}/v1.${group}`, { spec }, merge);

  it('tell of what an extension server serves, and go on when it does not answer', async () => {
    const subresources = [{ subresource: 'exec', responseKind: { group: '', version: '', kind: '' }, verbs: ['get'] }];
    const responseKind = { group: '', version: '', kind: 'Gadget' };
    const resources = [{ ...gadgets, responseKind, subresources }];
    expect((await untilDiscovered(group, 'Current')).versions).toEqual([{ version: 'v1', resources, freshness: 'Current' }]);
    await mortal.kill();
    expect((await untilDiscovered(group, 'Stale')).versions).toEqual([{ version: 'v1', resources, freshness: 'Stale' }]);
    const told = await get(`/apis/${group}`);
    expect(told.body).toEqual({
      kind: 'APIGroup',
      apiVersion: 'v1',
      name: group,
      versions: [{ groupVersion: `${group}/v1`, version: 'v1' }],
      preferredVersion: { groupVersion: `${group}/v1`, version: 'v1' },
    });
    expect((await get(`/apis/${group}/v1`)).code).toBe(503);
    mortal = await ExtensionServer.start({ ...MORTAL, port: mortal.port });
    mortal.discovery = 'legacy';
    mortal.openApi = 'v2';
    const current = await untilDiscovered(group, 'Current');
    expect(current.versions).toEqual([{ version: 'v1', resources: [{ ...gadgets, responseKind }], freshness: 'Current' }]);
  });

  it('rank it as its APIService says', async () => {
    const order = async () => ((await get('/apis')).body as unknown as { groups: { name: string }[] }).groups.map(({ name }) => name);
    expect((await order()).at(-1)).toBe(group);
    await again({ groupPriorityMinimum: 20_000 });
    while ((await order())[1] !== group) await new Promise(setImmediate);
    expect((await order())[0]).toBe('apiregistration.k8s.io');
    await again({ groupPriorityMinimum: 100 });
  });

  it('have its documents as it wrote them', async () => {
    await register(extension.apiService());
    const key = `apis/${GROUP}/v1`;
    const index = async () =>
      ((await get('/openapi/v3')).body as unknown as { paths: Record<string, { serverRelativeURL: string }> }).paths;
    while ((await index())[key]?.serverRelativeURL !== `/openapi/v3/${key}?hash=ABC`) await new Promise(setImmediate);
    const document = await get(`/openapi/v3/${key}?hash=ABC`);
    expect(document.body).toMatchObject({
      components: { schemas: { 'com.example.Gadget': { description: 'A gadget of an extension server.' } } },
    });
    expect((await index()).version?.serverRelativeURL).not.toContain('DEF');
    extension.requests.length = 0;
    const protobuf = await get(`/openapi/v3/${key}`, { accept: 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf' });
    expect([protobuf.code, String(protobuf.body).includes('A gadget of an extension server.')]).toEqual([200, true]);
    expect(extension.requests).toEqual([]);
  });

  it('have them beside those of this server, where they differ', async () => {
    const path = `/apis/${GROUP}/v1/gadgets`;
    type Document = {
      paths: Record<string, object>;
      definitions: Record<string, { description?: string; properties?: Record<string, Json> }>;
    };
    const document = async () => (await get('/openapi/v2')).body as unknown as Document;
    while ((await document()).paths[path] === undefined) await new Promise(setImmediate);
    const { definitions, paths } = await document();
    const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
    expect(definitions['com.example.Gadget']?.properties?.metadata).toEqual({ $ref: `#/definitions/${META}_v2` });
    expect(definitions[`${META}_v2`]?.description).toBe('Metadata of another release.');
    expect(definitions[META]?.description).not.toBe('Metadata of another release.');
    expect([definitions['com.example.Unused'], Object.keys(paths['/version/'] ?? {})]).toEqual([undefined, ['get']]);
    await send('DELETE', `${API_SERVICES}/v1.${GROUP}`);
    while ((await document()).paths[path] !== undefined) await new Promise(setImmediate);
  });

  it('are made of what older servers have', async () => {
    const key = `apis/${group}/v1`;
    const schema = async () => {
      const { body } = await get(`/openapi/v3/${key}`);
      return (body as unknown as { components?: { schemas: Record<string, object> } }).components?.schemas['com.example.Gadget'];
    };
    await again({ versionPriority: 11 });
    while ((await schema()) === undefined) await new Promise(setImmediate);
    expect(await schema()).toMatchObject({
      properties: { metadata: { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' } },
    });
  });
});
