import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type DialAddress, type Dialer, directDialer } from '@keelson/machinery';
import { Etcd3 } from 'etcd3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EtcdCluster, type EtcdTlsFiles, startEtcd } from '../testing/etcd/index.js';
import { WatchReader } from '../testing/kv/watch-reader.js';
import { EtcdBackend } from './etcd-backend.js';
import type { EtcdOptions } from './etcd-options.js';

const run = promisify(execFile);
const backends: EtcdBackend[] = [];

afterEach(async () => {
  await Promise.all(backends.splice(0).map((backend) => backend.close()));
});

function connect(options: EtcdOptions): EtcdBackend {
  const backend = new EtcdBackend({ requestTimeoutMs: 1500, ...options });
  backends.push(backend);
  return backend;
}

describe('TLS with client certificates', () => {
  let directory: string;
  let files: EtcdTlsFiles;
  let cluster: EtcdCluster;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'etcd-tls-'));
    files = await makeCertificates(directory);
    cluster = await startEtcd({ tls: files });
  });

  afterAll(async () => {
    await cluster?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const tls = async () => ({ ca: await readFile(files.caFile), cert: await readFile(files.certFile), key: await readFile(files.keyFile) });

  it('reads, writes and watches', async () => {
    const backend = connect({ endpoints: cluster.endpoints, tls: await tls() });
    const { revision } = await backend.put('/tls', Buffer.from('1'), 0);
    const watch = new WatchReader(backend, '/tls', revision);
    expect(await watch.next(1)).toMatchObject([{ key: '/tls', modRevision: revision }]);
    watch.cancel();
  });

  it('is refused without a certificate, and does not talk to a server that it cannot verify', async () => {
    const { ca, cert, key } = await tls();
    await expect(connect({ endpoints: cluster.endpoints, tls: { ca } }).currentRevision()).rejects.toMatchObject({ code: 'unreachable' });
    await expect(connect({ endpoints: cluster.endpoints, tls: { cert, key } }).currentRevision()).rejects.toMatchObject({
      code: 'unreachable',
    });
  });

  it('is reached by another way, to which the certificates are all the same', async () => {
    const asked: DialAddress[] = [];
    let refuses = false;
    const dialer: Dialer = {
      dial(address, signal) {
        asked.push(address);
        if (refuses) return Promise.reject(new Error('the proxy is closed'));
        return directDialer.dial(address, signal);
      },
    };
    const backend = connect({ endpoints: cluster.endpoints, tls: await tls(), dialer, requestTimeoutMs: 20_000 });
    const { revision } = await backend.put('/way', Buffer.alloc(1 << 20), 0);
    const watch = new WatchReader(backend, '/way', revision);
    expect(await watch.next(1)).toMatchObject([{ key: '/way', modRevision: revision }]);
    watch.cancel();
    const { hostname: host, port } = new URL(cluster.endpoints[0] ?? '');
    expect(new Set(asked.map((address) => JSON.stringify(address)))).toEqual(new Set([JSON.stringify({ host, port: Number(port) })]));
    refuses = true;
    const other = connect({ endpoints: cluster.endpoints, tls: await tls(), dialer });
    await expect(other.currentRevision()).rejects.toThrow('the proxy is closed');
  });

  it('takes new certificates for new connections', async () => {
    const good = await tls();
    let current: EtcdOptions['tls'] = { ca: good.ca };
    const backend = connect({ endpoints: cluster.endpoints, tls: () => current as typeof good, requestTimeoutMs: 20_000 });
    const reading = backend.currentRevision();
    current = good;
    expect(await reading).toBeGreaterThan(0);
  });
});

describe('user names and passwords', () => {
  const auth = { username: 'root', password: 'secret' };
  let cluster: EtcdCluster;

  beforeAll(async () => {
    cluster = await startEtcd();
    const admin = new Etcd3({ hosts: [...cluster.endpoints] });
    await admin.role('root').create();
    const root = await admin.user(auth.username).create(auth.password);
    await root.addRole('root');
    await admin.auth.authEnable();
    admin.close();
  });

  afterAll(() => cluster?.stop());

  it('logs in, and again when the member has forgotten', async () => {
    const backend = connect({ endpoints: cluster.endpoints, auth, requestTimeoutMs: 10_000 });
    const { revision } = await backend.put('/auth', Buffer.from('1'), 0);
    const watch = new WatchReader(backend, '/auth', revision);
    await watch.next(1);
    // Tokens live in the member's memory.
    await cluster.members[0]?.restart();
    expect(await backend.put('/auth', Buffer.from('2'), revision)).toMatchObject({ ok: true });
    expect(await watch.next(1)).toMatchObject([{ key: '/auth', modRevision: revision + 1 }]);
    watch.cancel();
  });

  it('is refused with a wrong password, and without one', async () => {
    const { endpoints } = cluster;
    await expect(connect({ endpoints, auth: { ...auth, password: 'wrong' } }).get('/auth')).rejects.toMatchObject({ code: 'unreachable' });
    await expect(connect({ endpoints }).get('/auth')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(new WatchReader(connect({ endpoints }), '/auth', 1).nextBatch()).rejects.toMatchObject({ code: 'unavailable' });
  });
});

async function makeCertificates(directory: string): Promise<EtcdTlsFiles> {
  const file = (name: string) => join(directory, name);
  const openssl = (...args: string[]) => run('openssl', args);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl('req', '-x509', ...newKey, '-keyout', file('ca.key'), '-out', file('ca.crt'), '-subj', '/CN=test-ca', '-days', '2');
  await openssl('req', ...newKey, '-keyout', file('etcd.key'), '-out', file('etcd.csr'), '-subj', '/CN=etcd');
  await writeFile(file('ext'), 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n');
  const authority = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial'];
  await openssl('x509', '-req', '-in', file('etcd.csr'), ...authority, '-out', file('etcd.crt'), '-days', '2', '-extfile', file('ext'));
  return { caFile: file('ca.crt'), certFile: file('etcd.crt'), keyFile: file('etcd.key') };
}
