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
const NOTHING = 'invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable';

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
    [
      'a proxy of another kind',
      { server, 'proxy-url': 'ftp://p' },
      {},
      '',
      'invalid \'proxy-url\' "ftp://p" for cluster "c": unsupported scheme "ftp", must be http, https, or socks5',
    ],
    ['a proxy to what is not secured', { server: 'http://a', 'proxy-url': 'http://p' }, {}, '', 'proxy-url is supported for https only'],
    ['no server', {}, {}, '', 'invalid configuration: no server found for cluster "c"'],
    ['a server of another kind', { server: 'unix:/run/x' }, {}, '', 'server "unix:/run/x" is not an http or https URL'],
    [
      'an unknown context',
      { server },
      {},
      'none',
      'invalid configuration: [context was not found for specified context: none, cluster has no server defined]',
    ],
    ['an unknown cluster', { server }, {}, 'elsewhere', NOTHING],
    [
      'a certificate without a key',
      { server },
      { 'client-certificate-data': 'YQ==' },
      '',
      'invalid configuration: client-key-data or client-key must be specified for u to use the clientCert authentication method.',
    ],
    [
      'files that are not there',
      { server, 'certificate-authority': 'none' },
      { 'client-certificate': 'ca.crt', 'client-key': 'none' },
      '',
      'invalid configuration: [unable to read client-key none for u due to ENOENT',
    ],
    [
      'more than one way',
      { server },
      { token: 't', username: 'me' },
      '',
      'invalid configuration: more than one authentication method found for u; found [token basicAuth], only one is allowed',
    ],
    ['data that is none', { server, 'certificate-authority-data': 'YQ==!' }, {}, '', 'illegal base64 data at input byte 4'],
  ])('refuses %s', async (_, cluster, user, context, message) => {
    await write(cluster, user);
    await expect(readKubeconfig(file, context)).rejects.toThrow(message);
  });

  it('needs a context', async () => {
    await write({ server }, {}, '');
    await expect(readKubeconfig(file)).rejects.toThrow(NOTHING);
    expect((await readKubeconfig(file, 'here')).server).toBe(server);
  });

  it.each([
    ['hello', `error loading config file "FILE": couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value`],
    ['{"apiVersion":"v1","kind":"Pod"}', 'error loading config file "FILE": no kind "Pod" is registered for version "v1" in scheme'],
    ['{"apiVersion":"a/b/c"}', 'error loading config file "FILE": unexpected GroupVersion string: a/b/c'],
    ['', NOTHING],
  ])('refuses files that hold something else: %j', async (written, message) => {
    await writeFile(file, written);
    await expect(readKubeconfig(file)).rejects.toThrow(message.replace('FILE', file));
  });

  it('refuses what is no file', async () => {
    await expect(readKubeconfig('/none')).rejects.toThrow(new Error('stat /none: no such file or directory'));
    await expect(readKubeconfig(dir)).rejects.toThrow(new Error(`error loading config file "${dir}": read ${dir}: is a directory`));
  });

  it('looks where kubectl does', () => {
    expect(defaultKubeconfig({ KUBECONFIG: '/etc/config' })).toBe('/etc/config');
    expect(defaultKubeconfig({})).toMatch(/\/\.kube\/config$/);
  });
});
