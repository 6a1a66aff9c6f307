import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Credential, issue } from '@keelson/auth/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlagError } from '../../flags/flag-error.js';
import { TestApiServer } from '../testing/test-api-server.js';

const flags = [
  '--client-ca-file={dir}/ca.crt',
  '--requestheader-client-ca-file={dir}/proxy-ca.crt',
  '--requestheader-username-headers=X-Remote-User,X-Custom-User',
  '--requestheader-uid-headers=X-Remote-Uid',
  '--requestheader-group-headers=X-Remote-Group',
  '--requestheader-extra-headers-prefix=X-Remote-Extra-',
];
const asAdmin = { authorization: 'Bearer admin' };
const admin = { username: 'admin', uid: 'admin-uid', groups: ['system:masters', 'system:authenticated'] };
const claims = {
  'X-Remote-User': 'alice',
  'X-Remote-Uid': 'u-1',
  'X-Remote-Group': ['devs', 'a, b'],
  'X-Remote-Extra-Acme.com%2FProject': 'p',
};
const alice = {
  username: 'alice',
  uid: 'u-1',
  groups: ['devs', 'a, b', 'system:authenticated'],
  extra: { 'acme.com/project': ['p'] },
};

let clientRoot: Credential;
let proxyRoot: Credential;
let proxy: Credential;
let user: Credential;
let server: TestApiServer;

beforeAll(async () => {
  clientRoot = await issue([{ CN: ['clients'] }], undefined, 'ca');
  proxyRoot = await issue([{ CN: ['proxies'] }], undefined, 'ca');
  proxy = await issue([{ CN: ['front-proxy'] }], proxyRoot);
  user = await issue([{ O: ['devs'] }, { CN: ['bob'] }], clientRoot);
  const files = { 'ca.crt': clientRoot.cert, 'proxy-ca.crt': proxyRoot.cert };
  server = await TestApiServer.start([...flags, '--requestheader-allowed-names=front-proxy'], files);
});
afterAll(() => server.stop());

const pem = (...credentials: Credential[]) => credentials.map(({ cert }) => `${cert.trim()}\n`).join('');

async function published(): Promise<unknown> {
  const { body } = await server.ask('/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication', { headers: asAdmin });
  return (body as { data?: unknown }).data;
}

describe('a front proxy', () => {
  it('tells users by headers', async () => {
    expect(await server.whoAmI({ credential: proxy, headers: claims })).toEqual(alice);
    expect(await server.whoAmI({ credential: proxy, headers: { 'X-Custom-User': 'carol' } })).toEqual({
      username: 'carol',
      groups: ['system:authenticated'],
    });
  });

  it('is believed before the bearer token that comes along', async () => {
    expect(await server.whoAmI({ credential: proxy, headers: { ...claims, ...asAdmin } })).toEqual(alice);
  });

  it('is nobody by itself', async () => {
    expect(await server.whoAmI({ credential: proxy })).toBe(401);
    expect(await server.whoAmI({ credential: proxy, headers: asAdmin })).toEqual(admin);
  });
});

describe('headers of others', () => {
  const smuggled = { 'X-Remote-User': 'root', 'X-Remote-Group': 'system:masters' };

  it('change nobody', async () => {
    expect(await server.whoAmI({ headers: { ...smuggled, ...asAdmin } })).toEqual(admin);
    expect(await server.whoAmI({ credential: user, headers: smuggled })).toMatchObject({
      username: 'bob',
      groups: ['devs', 'system:authenticated'],
    });
    // Anonymous users may not ask who they are.
    expect(await server.whoAmI({ headers: smuggled })).toBe(403);
    expect((await server.ask('/api/v1/nodes', { headers: smuggled })).body).toMatchObject({
      message: 'nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" at the cluster scope',
    });
  });

  it('are not believed with a certificate for another purpose or of another name', async () => {
    const namesake = await issue([{ CN: ['front-proxy'] }], clientRoot);
    expect(await server.whoAmI({ credential: namesake, headers: smuggled })).toMatchObject({ username: 'front-proxy' });
    const stranger = await issue([{ CN: ['stranger'] }], proxyRoot);
    expect(await server.whoAmI({ credential: stranger, headers: smuggled })).toBe(401);
  });
});

describe('the authorities', () => {
  it('are published, as are the headers', async () => {
    await expect.poll(published).toEqual({
      'client-ca-file': pem(clientRoot),
      'requestheader-allowed-names': '["front-proxy"]',
      'requestheader-client-ca-file': pem(proxyRoot),
      'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
      'requestheader-group-headers': '["X-Remote-Group"]',
      'requestheader-uid-headers': '["X-Remote-Uid"]',
      'requestheader-username-headers': '["X-Remote-User","X-Custom-User"]',
    });
  });

  it('can be replaced while the server runs', async () => {
    const newRoot = await issue([{ CN: ['new proxies'] }], undefined, 'ca');
    const newProxy = await issue([{ CN: ['front-proxy'] }], newRoot);
    expect(await server.whoAmI({ credential: newProxy, headers: claims })).toBe(401);
    await writeFile(join(server.dir, 'proxy-ca.crt'), newRoot.cert);
    await expect.poll(() => server.whoAmI({ credential: newProxy, headers: claims }), { timeout: 10_000 }).toEqual(alice);
    expect(await server.whoAmI({ credential: proxy, headers: claims })).toBe(401);
    await expect.poll(published).toMatchObject({ 'requestheader-client-ca-file': pem(proxyRoot, newRoot) });
  });
});

it('needs names of proxies where users have certificates of the same authority', async () => {
  const files = { 'ca.crt': pem(clientRoot, proxyRoot), 'proxy-ca.crt': proxyRoot.cert };
  await expect(TestApiServer.start(flags, files)).rejects.toThrow(
    new FlagError(
      '--requestheader-client-ca-file and --client-ca-file contain overlapping certificates; --requestheader-allowed-names must be specified to ensure regular client certificates cannot set authenticating proxy headers for arbitrary users',
    ),
  );
});
