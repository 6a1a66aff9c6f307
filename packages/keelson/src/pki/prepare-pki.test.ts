import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterCertificates } from './cluster-certificates.js';
import { ensureCertificates } from './ensure-certificates.js';
import { preparePki } from './prepare-pki.js';

const dayMs = 86_400_000;

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-pki-'));
});

afterEach(() => rm(dir, { recursive: true }));

const request = { serverHosts: ['lb.example', '10.1.2.3'], clusterIpRanges: ['10.0.0.0/24', 'fd00:10::/112'], etcdHosts: ['etcd-0'] };
const prepare = () => preparePki({ dir, ...request });
const certificate = async (path: string) => new X509Certificate(await readFile(join(dir, `${path}.crt`)));

const leaves: readonly [path: string, authority: string, subject: string, usages: string[]][] = [
  ['apiserver', 'ca', 'CN=kube-apiserver', ['1.3.6.1.5.5.7.3.1']],
  ['apiserver-kubelet-client', 'ca', 'O=system:masters\nCN=kube-apiserver-kubelet-client', ['1.3.6.1.5.5.7.3.2']],
  ['admin', 'ca', 'O=system:masters\nCN=kubernetes-admin', ['1.3.6.1.5.5.7.3.2']],
  ['healthcheck-client', 'ca', 'O=system:monitoring\nCN=healthcheck-client', ['1.3.6.1.5.5.7.3.2']],
  ['front-proxy-client', 'front-proxy-ca', 'CN=front-proxy-client', ['1.3.6.1.5.5.7.3.2']],
  ['etcd/server', 'etcd/ca', 'CN=etcd-server', ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']],
  ['etcd/peer', 'etcd/ca', 'CN=etcd-peer', ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']],
  ['etcd/healthcheck-client', 'etcd/ca', 'CN=kube-etcd-healthcheck-client', ['1.3.6.1.5.5.7.3.2']],
  ['apiserver-etcd-client', 'etcd/ca', 'CN=kube-apiserver-etcd-client', ['1.3.6.1.5.5.7.3.2']],
];

describe('preparePki', () => {
  it('makes chains that verify', async () => {
    await prepare();
    for (const [path, authorityPath, subject, usages] of leaves) {
      const [leaf, authority] = await Promise.all([certificate(path), certificate(authorityPath)]);
      expect({ path, subject: leaf.subject, usages: leaf.keyUsage, ca: leaf.ca }).toEqual({ path, subject, usages, ca: false });
      expect([leaf.checkIssued(authority), leaf.verify(authority.publicKey), authority.ca]).toEqual([true, true, true]);
      expect(leaf.checkPrivateKey(createPrivateKey(await readFile(join(dir, `${path}.key`))))).toBe(true);
    }
  });

  it('names everything the server is called', async () => {
    await prepare();
    const server = await certificate('apiserver');
    const names = [
      'localhost',
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
      'lb.example',
    ];
    const ips = ['127.0.0.1', '::1', '10.0.0.1', 'fd00:10::1', '10.1.2.3'];
    expect(names.map((name) => server.checkHost(name, { subject: 'never' }))).toEqual(names);
    expect(ips.map((ip) => server.checkIP(ip))).toEqual(ips);
    expect(server.checkHost('elsewhere.example')).toBeUndefined();
  });

  it('keeps keys to their owner', async () => {
    await prepare();
    const files = await readdir(dir, { recursive: true });
    const secret = files.filter((file) => /\.(key|pem)$/.test(file));
    expect(secret).toHaveLength(14);
    const modes = await Promise.all(secret.map(async (file) => (await stat(join(dir, file))).mode & 0o777));
    expect(new Set(modes)).toEqual(new Set([0o600]));
    expect(files.filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });

  it('makes the service account key pair', async () => {
    await prepare();
    const [key, pub] = await Promise.all([readFile(join(dir, 'sa.key'), 'utf8'), readFile(join(dir, 'sa.pub'), 'utf8')]);
    expect(createPublicKey(createPrivateKey(key)).equals(createPublicKey(pub))).toBe(true);
  });

  it('joins certificate and key for HAProxy', async () => {
    await prepare();
    const [pem, crt, key] = await Promise.all(
      ['pem', 'crt', 'key'].map((extension) => readFile(join(dir, `healthcheck-client.${extension}`), 'utf8')),
    );
    expect(pem).toBe(`${crt}${key}`);
  });

  it('changes nothing the second time', async () => {
    expect(await prepare()).toHaveLength(12);
    const before = await (await certificate('apiserver')).serialNumber;
    expect(await prepare()).toEqual([]);
    expect((await certificate('apiserver')).serialNumber).toBe(before);
  });

  it('makes the serving certificate anew when a name is added', async () => {
    await prepare();
    const issued = await preparePki({ dir, ...request, serverHosts: [...request.serverHosts, 'new.example'] });
    expect(issued).toEqual([{ path: 'apiserver', reason: 'lacks new.example' }]);
    expect((await certificate('apiserver')).checkHost('new.example')).toBe('new.example');
  });

  it('replaces what is broken', async () => {
    await prepare();
    await writeFile(join(dir, 'admin.crt'), 'nonsense');
    await unlink(join(dir, 'front-proxy-client.key'));
    await writeFile(join(dir, 'etcd/peer.key'), await readFile(join(dir, 'etcd/server.key')));
    expect(await prepare()).toEqual([
      { path: 'admin', reason: 'cannot be read' },
      { path: 'front-proxy-client', reason: 'has no key' },
      { path: 'etcd/peer', reason: 'does not fit its key' },
    ]);
    expect(await prepare()).toEqual([]);
  });

  it('makes everything below a replaced authority anew', async () => {
    await prepare();
    await Promise.all(['front-proxy-ca.crt', 'front-proxy-ca.key'].map((file) => unlink(join(dir, file))));
    expect(await prepare()).toEqual([
      { path: 'front-proxy-ca', reason: 'does not exist' },
      { path: 'front-proxy-client', reason: 'is not signed by front-proxy-ca' },
    ]);
  });

  it('lives without the key of an authority until something has to be signed', async () => {
    await prepare();
    await unlink(join(dir, 'ca.key'));
    expect(await prepare()).toEqual([]);
    await unlink(join(dir, 'admin.crt'));
    await expect(prepare()).rejects.toThrow(
      `${join(dir, 'ca.key')} is missing, so that no certificate can be signed: restore it, or remove ${dir} to start with a new PKI`,
    );
  });
});

describe('ensureCertificates over time', () => {
  const specs = clusterCertificates({ server: { dns: [], ips: [] }, serviceIps: [] });
  const start = new Date('2030-01-01T00:00:00Z');
  const after = (days: number) => new Date(start.getTime() + days * dayMs);
  const issuedPaths = async (now: Date) => (await ensureCertificates(dir, specs, now)).map(({ path }) => path);

  it('renews leaves in their last month', async () => {
    await issuedPaths(start);
    expect(await issuedPaths(after(334))).toEqual([]);
    expect(await issuedPaths(after(336))).toEqual([
      'apiserver',
      'apiserver-kubelet-client',
      'admin',
      'healthcheck-client',
      'front-proxy-client',
    ]);
    expect(await issuedPaths(after(337))).toEqual([]);
  });

  it('renews an authority with its key, so that what it signed stays good', async () => {
    await issuedPaths(start);
    const before = await certificate('ca');
    const leafStart = after(3650 - 396);
    await issuedPaths(after(3650 - 396));
    expect((await certificate('ca')).serialNumber).toBe(before.serialNumber);
    const renewed = await issuedPaths(new Date(leafStart.getTime() + 2 * dayMs));
    expect(renewed).toEqual(['ca', 'front-proxy-ca']);
    const renewedAuthority = await certificate('ca');
    expect(renewedAuthority.serialNumber).not.toBe(before.serialNumber);
    expect((await certificate('admin')).verify(renewedAuthority.publicKey)).toBe(true);
    expect((await certificate('admin')).verify(before.publicKey)).toBe(true);
  });
});
