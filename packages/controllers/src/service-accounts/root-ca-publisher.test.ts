import type { core } from '@keelson/schema';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fail, startBuiltInServer, storedRevisions } from '../testing/built-in-server.js';
import { RootCaPublisher } from './root-ca-publisher.js';

const path = '/api/v1/namespaces/one/configmaps/kube-root-ca.crt';
const description = expect.stringMatching(/^Contains a CA bundle that can be used to verify the kube-apiserver /);
const right = { annotations: { 'kubernetes.io/description': description }, data: { 'ca.crt': 'PEM' } };

let server: TestServer;
let publisher: RootCaPublisher;

beforeEach(async () => {
  server = await startBuiltInServer();
  await server.client.post('/api/v1/namespaces', { metadata: { name: 'one' } });
  publisher = newPublisher();
});
afterEach(async () => {
  await publisher.stop();
  await stopTestServers();
});

function newPublisher(): RootCaPublisher {
  const { objects, loopback } = server.api;
  return new RootCaPublisher({ objects, client: loopback, onFailure: fail }, 'PEM');
}

async function published(): Promise<unknown> {
  const answer = await server.client.get(path);
  if (answer.code !== 200) return answer.code;
  const { metadata, data } = answer.json<core.v1.ConfigMap>();
  return { annotations: metadata.annotations, data };
}

it('publishes the authority in every namespace', async () => {
  await publisher.start();
  expect(await published()).toEqual(right);
});

it('puts right what others have changed, and writes nothing when all is right', async () => {
  const wrong = { metadata: { name: 'kube-root-ca.crt', annotations: { mine: 'stays' } }, data: { 'ca.crt': 'OLD', other: 'goes' } };
  await server.client.post('/api/v1/namespaces/one/configmaps', wrong);
  await publisher.start();
  const corrected = { ...right, annotations: { ...right.annotations, mine: 'stays' } };
  expect(await published()).toEqual(corrected);
  await server.client.patch(path, 'merge-patch+json', { data: { 'ca.crt': 'MINE' } });
  await expect.poll(published).toEqual(corrected);
  await publisher.stop();
  const before = await storedRevisions(server);
  publisher = newPublisher();
  await publisher.start();
  expect(await storedRevisions(server)).toEqual(before);
});

it('publishes it again when it is gone, but not in a namespace that goes', async () => {
  await publisher.start();
  await server.client.delete(path);
  await expect.poll(published).toEqual(right);
  await server.client.delete('/api/v1/namespaces/one');
  await publisher.stop();
  await server.client.delete(path);
  publisher = newPublisher();
  await publisher.start();
  expect(await published()).toBe(404);
});
