import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultKubeconfig, readKubeconfig } from './read-kubeconfig.js';
import { renderKubeconfig } from './render-kubeconfig.js';

let dir: string;
let file: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-read-kubeconfig-'));
  file = join(dir, 'config');
  await writeFile(join(dir, 'ca.crt'), 'authority');
  await writeFile(join(dir, 'token'), 'from-a-file\n');
});

afterAll(() => rm(dir, { recursive: true }));

/** A config of one cluster and one user. */
async function write(cluster: object, user: object | undefined, currentContext = 'here'): Promise<void> {
  const config = {
    clusters: [{ name: 'c', cluster }],
    users: user && [{ name: 'u', user }],
    contexts: [
      { name: 'here', context: { cluster: 'c', user: user && 'u' } },
      { name: 'elsewhere', context: { cluster: 'other', user: 'u' } },
    ],
    'current-context': currentContext,
  };
  await writeFile(file, JSON.stringify(config));
}

const server = 'https://10.0.0.1:6443';

describe('readKubeconfig', () => {
  it('reads what keelson writes', async () => {
    const pem = { certificateAuthority: 'ca', clientCertificate: 'cert', clientKey: 'key' };
    await writeFile(file, renderKubeconfig({ cluster: 'keelson', user: 'admin', server, ...pem }));
    expect(await readKubeconfig(file)).toEqual({ server, insecureSkipTlsVerify: false, ...pem });
  });

  it.each<[string, object, object | undefined, object]>([
    [
      'files beside it',
      { 'certificate-authority': 'ca.crt' },
      { tokenFile: 'token' },
      { certificateAuthority: 'authority', authorization: 'Bearer from-a-file' },
    ],
    ['a proxy', { 'proxy-url': 'http://p:3128' }, {}, { proxy: new URL('http://p:3128') }],
    ['a token', {}, { token: 't' }, { authorization: 'Bearer t' }],
    ['a password', {}, { username: 'me', password: 'p:w' }, { authorization: `Basic ${Buffer.from('me:p:w').toString('base64')}` }],
    [
      'names and exceptions',
      { 'tls-server-name': 'kube', 'insecure-skip-tls-verify': true },
      {},
      { tlsServerName: 'kube', insecureSkipTlsVerify: true },
    ],
    ['a program that is not needed', {}, { token: 't', exec: { command: 'login' } }, { authorization: 'Bearer t' }],
    ['nobody', {}, undefined, {}],
  ])('takes %s', async (_, cluster, user, expected) => {
    await write({ server, ...cluster }, user);
    expect(await readKubeconfig(file)).toEqual({ server, insecureSkipTlsVerify: false, ...expected });
  });

  it.each<[string, object, object, string, string]>([
    [
      'a program',
      { server },
      { exec: { command: 'login' } },
      '',
      'user "u" has exec only, which is not supported: a token or a client certificate is needed',
    ],
    ['a proxy of another kind', { server, 'proxy-url': 'ftp://p' }, {}, '', 'invalid proxy address "ftp://p"'],
    ['a proxy to what is not secured', { server: 'http://a', 'proxy-url': 'http://p' }, {}, '', 'proxy-url is supported for https only'],
    ['no server', {}, {}, '', 'server undefined is not an http or https URL'],
    ['a server of another kind', { server: 'unix:/run/x' }, {}, '', 'server "unix:/run/x" is not an http or https URL'],
    ['an unknown context', { server }, {}, 'none', 'has no context "none"'],
    ['an unknown cluster', { server }, {}, 'elsewhere', 'has no cluster "other"'],
  ])('refuses %s', async (_, cluster, user, context, message) => {
    await write(cluster, user);
    await expect(readKubeconfig(file, context)).rejects.toThrow(message);
  });

  it('needs a context', async () => {
    await write({ server }, {}, '');
    await expect(readKubeconfig(file)).rejects.toThrow('has no current context');
    expect((await readKubeconfig(file, 'here')).server).toBe(server);
  });

  it('looks where kubectl does', () => {
    expect(defaultKubeconfig({ KUBECONFIG: '/etc/config' })).toBe('/etc/config');
    expect(defaultKubeconfig({})).toMatch(/\/\.kube\/config$/);
  });
});
