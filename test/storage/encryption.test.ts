import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SamplePlugin } from '../../packages/storage/src/testing/kms/index.js';
import { ApiClient } from '../golden/api-client.js';
import { readKey } from '../golden/etcd-gateway.js';
import { TestProcess } from '../support/child-process.js';
import { keelsonProgram } from '../support/keelson-program.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';
import { type RunningEtcd, startEtcd } from '../support/start-etcd.js';
import { waitUntil } from '../support/wait-until.js';

const secrets = '/api/v1/namespaces/default/secrets';
const password = randomBytes(12).toString('hex');
const keyed = (name: string) => ({ keys: [{ name, secret: randomBytes(32).toString('base64') }] });
const [gcm, box] = [{ aesgcm: keyed('a') }, { secretbox: keyed('b') }];

let dir: string;
let file: string;
let etcd: RunningEtcd;
let plugin: SamplePlugin;
let server: RunningKeelson;
let client: ApiClient;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-encryption-'));
  file = join(dir, 'encryption.json');
  etcd = await startEtcd(dir);
  plugin = new SamplePlugin();
  await plugin.listen(join(dir, 'kms.sock'));
  await configure(gcm);
  await start();
});

afterAll(async () => {
  client?.close();
  await server?.stop();
  plugin?.stop();
  await etcd?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  const flags = { 'encryption-provider-config': file, 'encryption-provider-config-automatic-reload': 'true' };
  server = await startApiServer({ backend: 'etcd', etcdUrl: etcd.url, flags });
  client = new ApiClient(server, 4);
}

async function restart(): Promise<void> {
  client.close();
  await server.stop();
  await start();
}

function configure(...providers: object[]): Promise<void> {
  const resources = [{ resources: ['secrets'], providers }];
  return writeFile(file, JSON.stringify({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'EncryptionConfiguration', resources }));
}

async function send(method: string, path: string, body?: object) {
  const headers = { Authorization: `Bearer ${server.adminToken}`, 'Content-Type': 'application/json' };
  const { code, body: answer } = await client.send({ method, path, headers, body: body && Buffer.from(JSON.stringify(body)) });
  return { code, text: answer.toString() };
}

async function passwordIn(name: string): Promise<string> {
  const { text } = await send('GET', `${secrets}/${name}`);
  return Buffer.from(JSON.parse(text).data.password, 'base64').toString();
}

function create(name: string) {
  return send('POST', secrets, { metadata: { name }, stringData: { password } });
}

/** What a secret begins with in etcd. */
async function sealedWith(name: string): Promise<string | undefined> {
  const stored = await readKey({ url: etcd.url }, `/registry/secrets/default/${name}`);
  expect(stored?.value.includes(password)).toBe(false);
  return /^k8s:enc:\w+:v\d:\w+:/.exec(stored?.value.toString('latin1') ?? '')?.[0];
}

/** The file is followed: writes go by it soon. */
async function follows(prefix: string): Promise<void> {
  await waitUntil(`a secret sealed with ${prefix}`, async () => {
    const name = `probe-${randomBytes(4).toString('hex')}`;
    await create(name);
    return (await sealedWith(name)) === prefix ? true : undefined;
  });
}

let runs = 0;

async function migrate(): Promise<string> {
  const args = ['storage', 'migrate', `--kubeconfig=${server.kubeconfig}`, '--resource=secrets'];
  const run = new TestProcess([process.execPath, keelsonProgram, ...args], join(dir, `migrate-${runs++}.log`));
  expect(await run.ended()).toBe(0);
  return run.log();
}

it('keeps secrets sealed in etcd, and serves them', async () => {
  expect((await create('web')).code).toBe(201);
  expect([await sealedWith('web'), await passwordIn('web')]).toEqual(['k8s:enc:aesgcm:v1:a:', password]);
});

it('rotates keys while it serves: a new one by the file, old secrets by migration', async () => {
  await configure(box, gcm);
  await follows('k8s:enc:secretbox:v1:b:');
  expect([await sealedWith('web'), await passwordIn('web')]).toEqual(['k8s:enc:aesgcm:v1:a:', password]);
  expect(await migrate()).toMatch(/^secrets: \d+ rewritten, \d+ unchanged\n/);
  expect([await sealedWith('web'), await passwordIn('web')]).toEqual(['k8s:enc:secretbox:v1:b:', password]);
  expect(await migrate()).toMatch(/^secrets: 0 rewritten, \d+ unchanged\n/);
});

it('uses a key management plugin, follows its keys, and is no healthier than it', async () => {
  const kms = { apiVersion: 'v2', name: 'vault', endpoint: `unix://${join(dir, 'kms.sock')}` };
  await configure({ kms }, box);
  await follows('k8s:enc:kms:v2:vault:');
  await migrate();
  await restart();
  expect([await sealedWith('web'), await passwordIn('web')]).toEqual(['k8s:enc:kms:v2:vault:', password]);
  expect((await send('GET', '/readyz/kms-providers')).text).toBe('ok');
});

it('says what it cannot read, and serves the rest', async () => {
  await configure(gcm);
  await restart();
  const { code, text } = await send('GET', `${secrets}/web`);
  expect([code, JSON.parse(text).message]).toEqual([500, 'Internal error occurred: no matching prefix found']);
  const list = await send('GET', secrets);
  expect([list.code, JSON.parse(list.text).message]).toEqual([
    500,
    expect.stringMatching(
      /^Internal error occurred: unable to transform key "\/registry\/secrets\/default\/[\w-]+": no matching prefix found$/,
    ),
  ]);
  expect((await send('GET', '/api/v1/namespaces/kube-system/secrets')).code).toBe(200);
  expect((await create('later')).code).toBe(201);
  expect(await passwordIn('later')).toBe(password);
});
