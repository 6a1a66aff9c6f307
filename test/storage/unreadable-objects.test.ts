import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../golden/api-client.js';
import { putKey, readKey } from '../golden/etcd-gateway.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';
import { type RunningEtcd, startEtcd } from '../support/start-etcd.js';

const secrets = '/api/v1/namespaces/default/secrets';
const unread = 'ignoreStoreReadErrorWithClusterBreakingPotential';
const policy = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata', omitStages: ['RequestReceived'] }] };
/** Sealed with a key that the server was not given. */
const sealed = Buffer.from('k8s:enc:aesgcm:v1:lost:0123456789abcdef0123456789abcdef');
const why = 'identity transformer tried to read encrypted data';
const corrupt = (key: string) =>
  `StorageError: corrupt object, Code: 7, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: data from the storage is not transformable revision=0: ${why}`;

let dir: string;
let etcd: RunningEtcd;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-unreadable-'));
  etcd = await startEtcd(dir);
});
afterAll(async () => {
  await etcd?.stop();
  await rm(dir, { recursive: true, force: true });
});

const keyOf = (name: string) => `/registry/secrets/default/${name}`;
const isStored = async (name: string) => (await readKey(etcd, keyOf(name))) !== undefined;

/** A server to which somebody has left what it cannot read: sealed, and no object at all. */
function servedWith(flags: Record<string, string>) {
  let server: RunningKeelson;
  let client: ApiClient;
  beforeAll(async () => {
    for (const name of ['one', 'two']) await putKey(etcd, keyOf(name), sealed);
    await putKey(etcd, keyOf('three'), Buffer.from('neither'));
    server = await startApiServer({ backend: 'etcd', etcdUrl: etcd.url, flags, files: { 'policy.json': JSON.stringify(policy) } });
    client = new ApiClient(server, 2);
  });
  afterAll(async () => {
    client?.close();
    await server?.stop();
  });
  return {
    async send(method: string, path: string, body?: object, as: 'adminToken' | 'aliceToken' = 'adminToken') {
      const headers = { Authorization: `Bearer ${server[as]}`, 'Content-Type': 'application/json' };
      const { code, body: answer } = await client.send({ method, path, headers, body: body && Buffer.from(JSON.stringify(body)) });
      const told = JSON.parse(answer.toString());
      return { code, told, outcome: [code, told.message] };
    },
    audited: async (text: string) =>
      (await readFile(join(server.dir, 'audit.log'), 'utf8'))
        .split('\n')
        .filter((line) => line.includes(text))
        .map((line) => JSON.parse(line).annotations),
  };
}

describe('a server without AllowUnsafeMalformedObjectDeletion', () => {
  const { send } = servedWith({});

  it('deletes nothing that it cannot read, whatever it is asked to ignore', async () => {
    expect((await send('GET', `${secrets}/one`)).outcome).toEqual([500, `Internal error occurred: ${why}`]);
    for (const asked of [undefined, { [unread]: true }, { [unread]: true, dryRun: ['All'] }])
      expect((await send('DELETE', `${secrets}/one`, asked)).outcome).toEqual([500, `Internal error occurred: ${why}`]);
    expect(await isStored('one')).toBe(true);
  });
});

describe('a server with AllowUnsafeMalformedObjectDeletion', () => {
  const { send, audited } = servedWith({
    'feature-gates': 'AllowUnsafeMalformedObjectDeletion=true',
    'audit-policy-file': '{dir}/policy.json',
    'audit-log-path': '{dir}/audit.log',
  });

  it('names what it cannot read', async () => {
    expect((await send('GET', `${secrets}/one`)).outcome).toEqual([500, `Internal error occurred: ${corrupt('/secrets/default/one')}`]);
    await putKey(etcd, keyOf('three'), sealed);
    const { code, told } = await send('GET', secrets);
    expect([code, told]).toEqual([
      500,
      {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'failed to read one or more secrets from the storage',
        reason: 'StorageReadError',
        details: {
          name: 'list',
          kind: 'secrets',
          causes: ['one', 'three', 'two'].map((name) => ({
            reason: 'UnexpectedServerResponse',
            message: corrupt(keyOf(name)),
            field: keyOf(name),
          })),
        },
        code: 500,
      },
    ]);
    expect((await send('GET', '/api/v1/namespaces/kube-system/secrets')).code).toBe(200);
  });

  it('deletes it neither without being asked to, nor for somebody who may only delete', async () => {
    expect((await send('DELETE', `${secrets}/one`)).outcome).toEqual([500, `Internal error occurred: ${corrupt('/secrets/default/one')}`]);
    const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['delete'] }];
    await send('POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles', { metadata: { name: 'deletes' }, rules });
    await send('POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings', {
      metadata: { name: 'deletes' },
      subjects: [{ kind: 'User', name: 'alice' }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'deletes' },
    });
    await expect
      .poll(async () => (await send('DELETE', `${secrets}/one`, { [unread]: true }, 'aliceToken')).outcome, { timeout: 30_000 })
      .toEqual([403, 'secrets "one" is forbidden: not permitted to do "unsafe-delete-ignore-read-errors", reason: ']);
    expect(await isStored('one')).toBe(true);
  });

  it('refuses the option where it cannot be meant', async () => {
    await send('POST', secrets, { metadata: { name: 'sound' } });
    const invalid = (what: string) => `${what} is invalid: ${unread}: Invalid value: true: `;
    expect((await send('DELETE', `${secrets}/sound?${unread}=true`)).outcome).toEqual([
      422,
      `${invalid('secrets "sound"')}is exclusively used to delete corrupt object(s), try again by removing this option`,
    ]);
    expect((await send('DELETE', `${secrets}/nothing`, { [unread]: true })).outcome).toEqual([
      422,
      `${invalid('secrets "nothing"')}is exclusively used to delete corrupt object(s), try again by removing this option`,
    ]);
    expect((await send('DELETE', secrets, { [unread]: true })).outcome).toEqual([
      422,
      `${invalid('DeleteOptions.meta.k8s.io ""')}is not allowed with DELETECOLLECTION, try again after removing the option`,
    ]);
    const others = { dryRun: ['All'], propagationPolicy: 'Orphan', gracePeriodSeconds: 0, preconditions: { uid: 'u' } };
    const faults = ['dryRun', 'propagationPolicy', 'gracePeriodSeconds', 'preconditions'].map(
      (name) => `${unread}: Invalid value: true: cannot be set together with .${name}`,
    );
    expect((await send('DELETE', `${secrets}/one`, { [unread]: true, ...others })).outcome).toEqual([
      422,
      `DeleteOptions.meta.k8s.io "" is invalid: [${faults.join(', ')}]`,
    ]);
    expect([await isStored('sound'), await isStored('one')]).toEqual([true, true]);
  });

  it('deletes it unread, and lists again', async () => {
    for (const name of ['one', 'two', 'three']) {
      const { code, told } = await send('DELETE', `${secrets}/${name}`, { [unread]: true });
      expect([code, told]).toEqual([
        200,
        { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: { name, kind: 'Secret' }, code: 200 },
      ]);
      expect(await isStored(name)).toBe(false);
    }
    const { code, told } = await send('GET', secrets);
    expect([code, told.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)]).toEqual([200, ['sound']]);
    expect(await audited('/secrets/two')).toEqual([
      {
        'apiserver.k8s.io/unsafe-delete-ignore-read-error': '',
        'authorization.k8s.io/decision': 'allow',
        'authorization.k8s.io/reason': '',
      },
    ]);
  });
});
