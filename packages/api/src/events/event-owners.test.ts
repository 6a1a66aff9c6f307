import type { ManagedFieldsEntry } from '@keelson/machinery';
import { type Answer, startTestServer, stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allBuiltInGroups } from '../testing/all-built-in-groups.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ groups: allBuiltInGroups() });
});
afterAll(stopTestServers);

const core = '/api/v1/namespaces/default/events';
const newer = '/apis/events.k8s.io/v1/namespaces/default/events';
const label = { metadata: { labels: { a: 'b' } } };

function owners(answer: Answer): string[] {
  const entries = (answer.json().metadata.managedFields ?? []) as ManagedFieldsEntry[];
  return entries.map(({ manager, apiVersion }) => `${manager} ${apiVersion}`);
}

it('keeps the owners of an event as long as it is written in one group', async () => {
  const involvedObject = { kind: 'Pod', namespace: 'default', name: 'p' };
  await server.client.post(`${core}?fieldManager=maker`, { metadata: { name: 'one' }, involvedObject });
  const again = await server.client.patch(`${core}/one?fieldManager=other`, 'merge-patch+json', label);
  expect(owners(again)).toEqual(['maker v1', 'other v1']);
});

it('forgets the owners that the other group has named', async () => {
  const involvedObject = { kind: 'Pod', namespace: 'default', name: 'p' };
  await server.client.post(`${core}?fieldManager=maker`, { metadata: { name: 'two' }, involvedObject });
  const inNewer = await server.client.patch(`${newer}/two?fieldManager=other`, 'merge-patch+json', label);
  expect(owners(inNewer)).toEqual(['other events.k8s.io/v1']);
  const inCore = await server.client.patch(`${core}/two?fieldManager=maker`, 'merge-patch+json', { metadata: { labels: { a: 'c' } } });
  expect(owners(inCore)).toEqual(['maker v1']);
});
