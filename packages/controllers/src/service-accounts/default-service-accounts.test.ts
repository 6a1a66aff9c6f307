import type { KubeObject } from '@keelson/machinery';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, expect, it } from 'vitest';
import { fail, startBuiltInServer } from '../testing/built-in-server.js';
import { DefaultServiceAccounts } from './default-service-accounts.js';

let controllers: DefaultServiceAccounts[] = [];
afterEach(async () => {
  for (const controller of controllers.splice(0)) await controller.stop();
  await stopTestServers();
});

const account = (namespace: string) => `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
const codeOf = async ({ client }: TestServer, namespace: string) => (await client.get(account(namespace))).code;
const makeNamespace = ({ client }: TestServer, name: string) => client.post('/api/v1/namespaces', { metadata: { name } });

async function start(...servers: TestServer[]): Promise<void> {
  controllers = servers.map(({ api }) => new DefaultServiceAccounts({ objects: api.objects, client: api.loopback, onFailure: fail }));
  await Promise.all(controllers.map((controller) => controller.start()));
}

it('makes the default account in every namespace, those that are there and those that come', async () => {
  const server = await startBuiltInServer();
  await makeNamespace(server, 'one');
  await start(server);
  const made = (await server.client.get(account('one'))).json();
  expect(made).toMatchObject({ kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'one' } });
  await makeNamespace(server, 'two');
  await expect.poll(() => codeOf(server, 'two')).toBe(200);
});

it('makes it again when it is gone, and leaves it alone when it is there', async () => {
  const server = await startBuiltInServer();
  await makeNamespace(server, 'one');
  await server.client.post('/api/v1/namespaces/one/serviceaccounts', { metadata: { name: 'default', labels: { mine: 'yes' } } });
  const before = (await server.client.get(account('one'))).json();
  await start(server);
  expect((await server.client.get(account('one'))).json()).toEqual(before);
  await server.client.delete(account('one'));
  await expect.poll(() => codeOf(server, 'one')).toBe(200);
  expect((await server.client.get(account('one'))).json<KubeObject>().metadata.uid).not.toBe(before.metadata.uid);
});

it('leaves namespaces alone that are on their way out', async () => {
  const server = await startBuiltInServer();
  await makeNamespace(server, 'one');
  await server.client.delete('/api/v1/namespaces/one');
  await start(server);
  expect(await codeOf(server, 'one')).toBe(404);
});

it('does not mind another replica that does the same', async () => {
  const first = await startBuiltInServer();
  const second = await startBuiltInServer(first.backend);
  await start(first, second);
  for (let i = 0; i < 20; i++) await makeNamespace(i % 2 === 0 ? first : second, `n-${i}`);
  for (let i = 0; i < 20; i++) await expect.poll(() => codeOf(first, `n-${i}`)).toBe(200);
});
