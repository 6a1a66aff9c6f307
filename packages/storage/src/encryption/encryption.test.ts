import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SamplePlugin } from '../testing/kms/index.js';
import { Encryption } from './encryption.js';

const key = '/registry/secrets/default/web';
const secret = (bytes: number) => randomBytes(bytes).toString('base64');
const log = { error: (message: string) => logged.push(message), warn: () => undefined, info: () => undefined, enabled: () => false };
let logged: string[] = [];
let dir: string;
let file: string;
let open: Encryption | undefined;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'encryption-'));
  file = join(dir, 'encryption.yaml');
});
afterEach(async () => {
  await open?.close();
  open = undefined;
  logged = [];
});
afterAll(() => rm(dir, { recursive: true }));

async function configure(...entries: object[]): Promise<void> {
  await writeFile(file, JSON.stringify({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'EncryptionConfiguration', resources: entries }));
}

async function opened(reload = false): Promise<Encryption> {
  open = await Encryption.open({ file, reload, log });
  return open;
}

const keyed = (name: string, bytes = 32) => ({ keys: [{ name, secret: secret(bytes) }] });

async function sealedAs(encryption: Encryption, group: string, resource: string): Promise<string | undefined> {
  const sealed = await encryption.cipherOf({ group, resource })?.seal(Buffer.from('v'), key);
  return sealed && (/^k8s:enc:\w+:v\d:\w+:/.exec(Buffer.from(sealed).toString('latin1'))?.[0] ?? 'open');
}

describe('Encryption', () => {
  it('finds the rule of each resource: its own, that of its group, that of all', async () => {
    await configure(
      { resources: ['secrets', 'widgets.example.com'], providers: [{ aesgcm: keyed('a') }] },
      { resources: ['events'], providers: [{ identity: {} }] },
      { resources: ['*.apps'], providers: [{ secretbox: keyed('b') }, { identity: {} }] },
      { resources: ['*.*'], providers: [{ aescbc: keyed('c', 16) }] },
    );
    const encryption = await opened();
    const wanted = { secrets: '', events: '', pods: '', deployments: 'apps', widgets: 'example.com', gadgets: 'example.com' };
    const found = Object.entries(wanted).map(async ([resource, group]) => [resource, await sealedAs(encryption, group, resource)]);
    expect(Object.fromEntries(await Promise.all(found))).toEqual({
      secrets: 'k8s:enc:aesgcm:v1:a:',
      events: 'open',
      pods: 'k8s:enc:aescbc:v1:c:',
      deployments: 'k8s:enc:secretbox:v1:b:',
      widgets: 'k8s:enc:aesgcm:v1:a:',
      gadgets: 'k8s:enc:aescbc:v1:c:',
    });
    expect(encryption.hasProviders).toBe(false);
  });

  it('leaves what no rule is for', async () => {
    await configure({ resources: ['*.'], providers: [{ aesgcm: keyed('a') }] });
    const encryption = await opened();
    expect([await sealedAs(encryption, '', 'pods'), await sealedAs(encryption, 'apps', 'deployments')]).toEqual([
      'k8s:enc:aesgcm:v1:a:',
      undefined,
    ]);
  });

  it('uses a new content of its file, unless that is bad', async () => {
    await configure({ resources: ['secrets'], providers: [{ aesgcm: keyed('a') }] });
    const encryption = await opened(true);
    expect(await sealedAs(encryption, '', 'secrets')).toBe('k8s:enc:aesgcm:v1:a:');
    await configure({ resources: ['secrets'], providers: [{ aesgcm: keyed('b') }] });
    await expect.poll(() => sealedAs(encryption, '', 'secrets')).toBe('k8s:enc:aesgcm:v1:b:');
    await writeFile(file, 'nothing of use');
    await encryption.reload();
    expect([await sealedAs(encryption, '', 'secrets'), logged]).toEqual([
      'k8s:enc:aesgcm:v1:b:',
      ['cannot reload the encryption configuration'],
    ]);
  });

  it('asks a key management plugin, and tells of its health', async () => {
    const plugin = new SamplePlugin();
    await plugin.listen(join(dir, 'kms.sock'));
    try {
      const kms = { apiVersion: 'v2', name: 'vault', endpoint: `unix://${join(dir, 'kms.sock')}`, timeout: '2s' };
      await configure({ resources: ['secrets'], providers: [{ kms }] });
      const encryption = await opened();
      expect([await sealedAs(encryption, '', 'secrets'), encryption.hasProviders]).toEqual(['k8s:enc:kms:v2:vault:', true]);
      await encryption.check();
    } finally {
      plugin.stop();
    }
  });

  it('does not take a content whose plugin does not answer for one that does', async () => {
    await configure({ resources: ['secrets'], providers: [{ aesgcm: keyed('a') }] });
    const encryption = await opened(true);
    const kms = { apiVersion: 'v2', name: 'vault', endpoint: `unix://${join(dir, 'none.sock')}`, timeout: '50ms' };
    await configure({ resources: ['secrets'], providers: [{ kms }] });
    await encryption.reload();
    expect(await sealedAs(encryption, '', 'secrets')).toBe('k8s:enc:aesgcm:v1:a:');
  });
});

const provider = { aesgcm: keyed('a') };
const kms = (more: object) => ({ kms: { apiVersion: 'v2', name: 'vault', endpoint: 'unix:///kms.sock', ...more } });
const of = (...providers: object[]) => [{ resources: ['secrets'], providers }];
const resources = (...names: string[]) => [{ resources: names, providers: [provider] }];
const at = 'resources[0].providers[0]';

describe('a configuration that cannot be used', () => {
  it.each<[string, object[], string]>([
    ['nothing', [], 'resources: Required value: at least one resources is required'],
    [
      'no resources',
      [{ providers: [provider] }],
      'resources[0].resources: Required value: at least one resources[0].resources is required',
    ],
    ['no providers', [{ resources: ['a'] }], 'resources[0].providers: Required value: at least one resources[0].providers is required'],
    [
      'no kind of provider',
      of({}),
      `${at}: Invalid value: []: provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity`,
    ],
    [
      'two kinds in one',
      of({ ...provider, identity: {} }),
      `${at}: Invalid value: ["aesgcm","identity"]: more than one provider specified in a single element, should split into different list elements`,
    ],
    ['no keys', of({ aesgcm: { keys: [] } }), `${at}.aesgcm.keys: Required value: at least one keys is required`],
    [
      'a key without a name',
      of({ aescbc: { keys: [{ secret: secret(16) }] } }),
      `${at}.aescbc.keys[0].name: Required value: name is a mandatory field for a key`,
    ],
    [
      'a key without a secret',
      of({ aescbc: { keys: [{ name: 'a' }] } }),
      `${at}.aescbc.keys[0].secret: Required value: secret is a mandatory field for a key`,
    ],
    [
      'a secret that is not base64',
      of({ aesgcm: { keys: [{ name: 'a', secret: '*' }] } }),
      `${at}.aesgcm.keys[0].secret: Invalid value: "REDACTED": secrets must be base64 encoded`,
    ],
    [
      'a short secret',
      of({ aesgcm: keyed('a', 8) }),
      `${at}.aesgcm.keys[0].secret: Invalid value: "REDACTED": secret is not of the expected length, got 8, expected one of [16 24 32]`,
    ],
    [
      'a secretbox key of 16 bytes',
      of({ secretbox: keyed('a', 16) }),
      `${at}.secretbox.keys[0].secret: Invalid value: "REDACTED": secret is not of the expected length, got 16, expected one of [32]`,
    ],
    [
      'capitals',
      resources('Secrets'),
      'resources[0].resources[0]: Invalid value: "Secrets": resource name should not contain capital letters',
    ],
    [
      'a star',
      resources('*'),
      `resources[0].resources[0]: Invalid value: "*": use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources`,
    ],
    [
      'what has no API',
      resources('serviceipallocations'),
      'resources[0].resources[0]: Invalid value: "serviceipallocations": resources which do not have REST API/s cannot be encrypted',
    ],
    [
      'a resource in any group',
      resources('pods.*'),
      'resources[0].resources[0]: Invalid value: "pods.*": encrypting the same resource across groups is not supported',
    ],
    [
      'extensions',
      resources('ingresses.extensions'),
      `resources[0].resources[0]: Invalid value: "ingresses.extensions": 'extensions' group has been removed and cannot be used for encryption`,
    ],
    [
      'the same twice',
      resources('a', 'a'),
      'resources[0].resources: Invalid value: ["a","a"]: the same resource cannot be specified multiple times',
    ],
    [
      'one that masks another',
      resources('a', '*.'),
      `resources[0].resources: Invalid value: ["a","*."]: using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked`,
    ],
    ['a plugin without a name', of(kms({ name: '' })), `${at}.kms.name: Required value: name is a mandatory field for a provider`],
    [
      'a plugin with a colon in its name',
      of(kms({ name: 'a:b' })),
      `${at}.kms.name: Invalid value: "a:b": invalid KMS provider name a:b, must not contain ':'`,
    ],
    [
      'two plugins of one name',
      of(kms({}), kms({})),
      'resources[0].providers[1].kms.name: Invalid value: "vault": duplicate KMS provider name vault, names must be unique',
    ],
    [
      'a plugin on the network',
      of(kms({ endpoint: 'tcp://x' })),
      `${at}.kms.endpoint: Invalid value: "tcp://x": unsupported scheme "tcp" for KMS provider, only unix is supported`,
    ],
    ['a plugin nowhere', of(kms({ endpoint: '' })), `${at}.kms.endpoint: Invalid value: "": endpoint is a mandatory field for a kms`],
    ['a plugin without time', of(kms({ timeout: '0s' })), `${at}.kms.timeout: Invalid value: "0s": timeout should be a positive value`],
    [
      'a cache that version 2 does not have',
      of(kms({ cachesize: 5 })),
      `${at}.kms.cachesize: Invalid value: 5: cachesize is not supported in v2`,
    ],
    [
      'a version that there is not',
      of(kms({ apiVersion: 'v3' })),
      `${at}.kms.apiVersion: Invalid value: "v3": unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported`,
    ],
  ])('%s', async (_, entries, problem) => {
    await configure(...entries);
    await expect(opened()).rejects.toThrow(new Error(`error while parsing file: ${problem}`));
  });

  it.each<[string, object[], string]>([
    [
      'a rule after one for its group',
      [...resources('*.apps'), ...resources('deployments.apps')],
      'resource "deployments.apps" is masked by earlier rule "*.apps"',
    ],
    ['a rule after one for all', [...resources('*.*'), ...resources('secrets')], 'resource "secrets" is masked by earlier rule "*.*"'],
    [
      'version 1 of plugins',
      of({ kms: { name: 'a', endpoint: 'unix:///a' } }),
      'KMSv1 is deprecated and will only receive security updates going forward. Use KMSv2 instead.  Set --feature-gates=KMSv1=true to use the deprecated KMSv1 feature.',
    ],
  ])('%s', async (_, entries, problem) => {
    await configure(...entries);
    await expect(opened()).rejects.toThrow(new Error(`error while building transformers: ${problem}`));
  });

  it('is one of another kind', async () => {
    await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'EncryptionConfig', resources: [] }));
    const why = 'no kind "EncryptionConfig" is registered for version "v1"';
    await expect(opened()).rejects.toThrow(
      new Error(`error while parsing file: error decoding encryption provider configuration file ${JSON.stringify(file)}: ${why}`),
    );
  });

  it('is one that is not there, or empty', async () => {
    await writeFile(file, '');
    await expect(opened()).rejects.toThrow(`encryption provider configuration file ${JSON.stringify(file)} is empty`);
    await rm(file);
    await expect(opened()).rejects.toThrow(/^error while parsing file: error while loading file: error reading encryption/);
  });
});
