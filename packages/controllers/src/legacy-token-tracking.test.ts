import type { core } from '@keelson/schema';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LegacyTokenTracking } from './legacy-token-tracking.js';
import { fail, startBuiltInServer } from './testing/built-in-server.js';

const configMaps = '/api/v1/namespaces/kube-system/configmaps';
const name = 'kube-apiserver-legacy-service-account-token-tracking';
const today = () => new Date().toISOString().slice(0, 10);

let server: TestServer;
let tracking: LegacyTokenTracking;

beforeEach(async () => {
  server = await startBuiltInServer();
  await server.client.post('/api/v1/namespaces', { metadata: { name: 'kube-system' } });
  tracking = new LegacyTokenTracking(server.api.loopback, fail);
});
afterEach(async () => {
  await tracking.stop();
  await stopTestServers();
});

const data = async () => (await server.client.get(`${configMaps}/${name}`)).json<core.v1.ConfigMap>().data;

it('says since when the use of legacy tokens is noted', async () => {
  const before = today();
  await tracking.start();
  expect([before, today()]).toContain((await data())?.since);
});

it('leaves the day that is there', async () => {
  await server.client.post(configMaps, { metadata: { name }, data: { since: '2024-02-29' } });
  await tracking.start();
  expect(await data()).toEqual({ since: '2024-02-29' });
});

it('begins anew where no day is there', async () => {
  await server.client.post(configMaps, { metadata: { name }, data: { since: 'yesterday', other: 'stays' } });
  const before = today();
  await tracking.start();
  const { since, other } = (await data()) ?? {};
  expect([before, today()]).toContain(since);
  expect(other).toBe('stays');
});
