import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { KubeClient, type KubeObject } from '@keelson/machinery';
import { type AuthoritySpec, type LeafSpec, newPrivateKey, signCertificate } from '@keelson/pki';
import { defineResource, type ExtensionServer, type ServeOptions, s, serve } from '@keelson/sdk';
import { startTestControlPlane, type TestControlPlane } from 'keelson/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '../support/wait-until.js';

const quiet = { error: () => undefined, warn: () => undefined, info: () => undefined, enabled: () => false };
/** Much longer than a server of this process takes to hear of a change. */
const trustDelayMs = 1_000;

let dir: string;
let plane: TestControlPlane;
const running: ExtensionServer[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-extension-rotation-'));
  plane = await startTestControlPlane();
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});
afterAll(async () => {
  await plane?.stop();
  await rm(dir, { recursive: true });
});

async function start(group: string, options: Partial<ServeOptions> = {}): Promise<ExtensionServer> {
  const things = defineResource({ group, version: 'v1', kind: 'Thing', scope: 'Cluster', spec: s.object({ size: s.int32().default(1) }) });
  const server = await serve({
    resources: [things],
    storage: 'memory',
    port: 0,
    cluster: plane.access,
    trustDelayMs,
    stopOnSignals: false,
    log: quiet,
    ...options,
  });
  running.push(server);
  await server.whenAvailable();
  await plane.client.post<KubeObject>(`/apis/${group}/v1/things`, { apiVersion: `${group}/v1`, kind: 'Thing', metadata: { name: 'a' } });
  return server;
}

/** The certificate that a server shows now. */
async function shown({ url }: ExtensionServer): Promise<X509Certificate> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerX509Certificate();
  socket.destroy();
  if (certificate === undefined) throw new Error('it shows no certificate');
  return certificate;
}

/** The fingerprint of the authority in a Secret, when it has signed what a server shows now; authorities of one second share a name. */
async function authorityInUse(server: ExtensionServer, secret: string): Promise<string | undefined> {
  const kept = await plane.client.find<KubeObject & { data: Record<string, string> }>(secret);
  if (kept === undefined) return undefined;
  const authority = new X509Certificate(Buffer.from(kept.data['tls.crt'] ?? '', 'base64'));
  return (await shown(server)).verify(authority.publicKey) ? authority.fingerprint256 : undefined;
}

/** Reads through the aggregator all the time while `work` is under way; gives what went wrong. */
async function readDuring(group: string, work: () => Promise<void>): Promise<{ reads: number; failures: unknown[] }> {
  const failures: unknown[] = [];
  let reads = 0;
  let over = false;
  const read = async () => {
    while (!over) {
      await plane.client.get(`/apis/${group}/v1/things/a`).catch((error: unknown) => failures.push(error));
      reads++;
    }
  };
  const readers = [read(), read()];
  await work().finally(() => {
    over = true;
  });
  await Promise.all(readers);
  return { reads, failures };
}

describe('readers through the aggregator notice nothing', { timeout: 240_000 }, () => {
  it('of the authority of an extension being replaced', async () => {
    const group = 'signed.example.com';
    const server = await start(group);
    const secret = '/api/v1/namespaces/default/secrets/signed-example-com-serving-ca';
    const used = [await authorityInUse(server, secret)];
    const { reads, failures } = await readDuring(group, async () => {
      for (let round = 0; round < 3; round++) {
        await plane.client.delete(secret);
        used.push(await waitUntil('the new authority to be used', () => authorityInUse(server, secret)));
      }
    });
    expect(failures).toEqual([]);
    expect(reads).toBeGreaterThan(10);
    expect(new Set(used).size).toBe(4);
    // Whoever has the bundle of now trusts what is shown now.
    const client = new KubeClient({ server: server.url, insecureSkipTlsVerify: false, certificateAuthority: server.bundle });
    expect(await client.isReady()).toBe(true);
    client.close();
  });

  it('of files being replaced, the certificate alone or with its authority', async () => {
    const group = 'filed.example.com';
    const files = { certFile: join(dir, 'tls.crt'), keyFile: join(dir, 'tls.key'), caFile: join(dir, 'ca.crt') };
    let authority = await newAuthority('first');
    await writeFiles(authority);
    const server = await start(group, { certificates: files });
    const seen = [await shown(server)];
    const { failures } = await readDuring(group, async () => {
      for (const next of ['first', 'second', 'third']) {
        if (next !== authority.name) authority = await newAuthority(next);
        await writeFiles(authority);
        const last = seen.at(-1)?.serialNumber;
        seen.push(
          await waitUntil('the new certificate to be used', async () => {
            const now = await shown(server);
            return now.serialNumber === last ? undefined : now;
          }),
        );
      }
    });
    expect(failures).toEqual([]);
    expect(seen.map(({ issuer }) => issuer)).toEqual(['CN=first', 'CN=first', 'CN=second', 'CN=third']);
  });
});

interface NamedAuthority {
  readonly name: string;
  readonly certificate: string;
  readonly privateKey: string;
}

async function newAuthority(name: string): Promise<NamedAuthority> {
  const spec: AuthoritySpec = { kind: 'authority', path: 'ca', commonName: name };
  const privateKey = await newPrivateKey();
  return { name, privateKey, certificate: await signCertificate({ spec, privateKey, now: new Date() }) };
}

/** As cert-manager does: all of them, beside each other and then at once. */
async function writeFiles(issuer: NamedAuthority): Promise<void> {
  const dns = ['filed-example-com.default.svc', 'localhost'];
  const spec: LeafSpec = {
    kind: 'leaf',
    path: 'tls',
    issuer: 'ca',
    commonName: 'filed',
    usages: ['serverAuth'],
    altNames: { dns, ips: ['127.0.0.1'] },
  };
  const privateKey = await newPrivateKey();
  const texts = {
    'ca.crt': issuer.certificate,
    'tls.key': privateKey,
    'tls.crt': await signCertificate({ spec, privateKey, issuer, now: new Date() }),
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(dir, `${name}.new`), text);
  for (const name of Object.keys(texts)) await copyFile(join(dir, `${name}.new`), join(dir, name));
  expect(await readFile(join(dir, 'tls.key'), 'utf8')).toBe(privateKey);
}
