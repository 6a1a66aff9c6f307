import type { AdmissionPlugin } from '@keelson/machinery';
import { reviveField } from '@keelson/schema';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, stopTestServers, type TestServer } from '../testing/start-test-server.js';

reviveField('meta.v1.ObjectMeta', 'initializers');

const wait: AdmissionPlugin = {
  name: 'Wait',
  handles: (operation) => operation === 'CREATE',
  admit({ object }) {
    if (object !== undefined) object.metadata.initializers = { pending: [{ name: 'a.b.c' }] };
  },
};

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ admissionPlugins: [wait], initializers: { waitMs: 20 } });
});
afterAll(stopTestServers);

const maps = '/api/v1/namespaces/a/configmaps';

it('gives up waiting for initializers that do nothing', async () => {
  const answer = await server.client.post(maps, { metadata: { name: 'one' } });
  expect(answer.failure).toBe('504 Timeout: Timeout: request did not complete within requested timeout 0.02s');
  expect((await server.client.get(`${maps}/one`)).code).toBe(404);
  expect((await server.client.get(`${maps}/one?includeUninitialized=true`)).code).toBe(200);
});

it('hides what is not initialized in every form, and from parts of it, but deletes it with the rest', async () => {
  const deployments = '/apis/apps/v1/namespaces/a/deployments';
  const spec = { selector: {}, template: { metadata: {}, spec: { containers: [] } } };
  expect((await server.client.post(`${deployments}?includeUninitialized=true`, { metadata: { name: 'web' }, spec })).code).toBe(202);
  expect((await server.client.get(`${deployments}/web/scale`)).code).toBe(404);
  expect((await server.client.get(`${deployments}/web/scale?includeUninitialized=true`)).code).toBe(200);
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  const rows = async (query: string) => (await server.client.get(`${deployments}?${query}`, { accept })).json<{ rows: unknown[] }>().rows;
  expect([await rows(''), (await rows('includeUninitialized=true')).length]).toEqual([[], 1]);
  expect((await server.client.delete(deployments)).code).toBe(200);
  expect(await rows('includeUninitialized=true')).toEqual([]);
});
