import type { KubeObject } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, startBuiltInServer, storedRevisions } from '../testing/built-in-server.js';
import { TokenSecrets } from './token-secrets.js';

const accounts = '/api/v1/namespaces/one/serviceaccounts';
const secrets = '/api/v1/namespaces/one/secrets';
const accountName = 'kubernetes.io/service-account.name';
const accountUid = 'kubernetes.io/service-account.uid';

let server: TestServer;
let controllers: TokenSecrets[];
let issued: string[];

beforeEach(async () => {
  server = await startBuiltInServer();
  controllers = [];
  issued = [];
  await server.client.post('/api/v1/namespaces', { metadata: { name: 'one' } });
});
afterEach(async () => {
  for (const controller of controllers) await controller.stop();
  await stopTestServers();
});

async function start({ api }: TestServer = server): Promise<void> {
  const issuer = {
    async issue(namespace: string, account: { name: string; uid: string }, secretName: string) {
      issued.push(secretName);
      return `${namespace} ${account.name} ${account.uid} ${secretName} ${issued.length}`;
    },
  };
  const controller = new TokenSecrets({ objects: api.objects, client: api.loopback, onFailure: fail }, { issuer, authority: 'PEM' });
  controllers.push(controller);
  await controller.start();
}

async function makeAccount(name: string, more: object = {}): Promise<string> {
  return (await server.client.post(accounts, { metadata: { name }, ...more })).json().metadata.uid ?? '';
}

const makeSecret = (name: string, account: string, more: object = {}) =>
  server.client.post(secrets, {
    type: 'kubernetes.io/service-account-token',
    metadata: { name, annotations: { [accountName]: account } },
    ...more,
  });

/** Its annotations and data, or the code of the answer. */
async function secret(name: string): Promise<unknown> {
  const answer = await server.client.get(`${secrets}/${name}`);
  if (answer.code !== 200) return answer.code;
  const { metadata, data = {} } = answer.json<core.v1.Secret>();
  const texts = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]);
  return { annotations: metadata.annotations, data: Object.fromEntries(texts) };
}

const filled = (name: string, uid: string, token: string) => ({
  annotations: { [accountName]: name, [accountUid]: uid },
  data: { 'ca.crt': 'PEM', namespace: 'one', token },
});

describe('a secret for the token of an account', () => {
  it('is filled, whether it was there before or comes later', async () => {
    const uid = await makeAccount('robot');
    await makeSecret('early', 'robot');
    await start();
    expect(await secret('early')).toEqual(filled('robot', uid, `one robot ${uid} early 1`));
    await makeSecret('late', 'robot');
    await expect.poll(() => secret('late')).toEqual(filled('robot', uid, `one robot ${uid} late 2`));
  });

  it('keeps the token that it has', async () => {
    const uid = await makeAccount('robot');
    const data = { token: Buffer.from('mine').toString('base64'), 'ca.crt': Buffer.from('OLD').toString('base64') };
    await makeSecret('kept', 'robot', { data });
    await start();
    expect(await secret('kept')).toEqual(filled('robot', uid, 'mine'));
    const before = await storedRevisions(server);
    await controllers.pop()?.stop();
    issued = [];
    await start();
    expect(await storedRevisions(server)).toEqual(before);
    expect(issued).toEqual([]);
  });

  it('goes without its account, at the start and later', async () => {
    await makeAccount('robot');
    await makeSecret('homeless', 'nobody');
    await start();
    expect(await secret('homeless')).toBe(404);
    await makeSecret('bound', 'robot');
    await expect.poll(() => secret('bound')).toMatchObject({ data: { namespace: 'one' } });
    await server.client.delete(`${accounts}/robot`);
    await expect.poll(() => secret('bound')).toBe(404);
  });

  it('goes when it is for another account of that name', async () => {
    await makeAccount('robot');
    const annotations = { [accountName]: 'robot', [accountUid]: 'the-one-before' };
    await makeSecret('old', 'robot', { metadata: { name: 'old', annotations } });
    await start();
    expect(await secret('old')).toBe(404);
  });

  it('is not named by the account any more when it is gone', async () => {
    await makeAccount('robot', { secrets: [{ name: 'gone' }, { name: 'other' }] });
    await makeSecret('gone', 'robot');
    await start();
    await server.client.delete(`${secrets}/gone`);
    const named = async () => (await server.client.get(`${accounts}/robot`)).json<core.v1.ServiceAccount>().secrets;
    await expect.poll(named).toEqual([{ name: 'other' }]);
  });
});

it('leaves other secrets alone', async () => {
  const annotations = { [accountName]: 'nobody' };
  await server.client.post(secrets, { metadata: { name: 'plain', annotations } });
  await start();
  expect(await secret('plain')).toEqual({ annotations, data: {} });
});

it('gives a secret one token, however many replicas do this', async () => {
  const second = await startBuiltInServer(server.backend);
  await start();
  await start(second);
  const uid = await makeAccount('robot');
  for (let i = 0; i < 10; i++) await makeSecret(`s-${i}`, 'robot');
  for (let i = 0; i < 10; i++) {
    await expect.poll(() => secret(`s-${i}`)).toMatchObject({ annotations: { [accountUid]: uid }, data: { namespace: 'one' } });
  }
  const tokens = async () => {
    const list = (await server.client.get(secrets)).json<KubeObject & { items: core.v1.Secret[] }>();
    return list.items.map(({ data }) => data?.token);
  };
  const before = await tokens();
  for (const controller of controllers) await controller.stop();
  expect(await tokens()).toEqual(before);
  expect(new Set(before).size).toBe(10);
});
