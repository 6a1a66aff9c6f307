import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { ApiError, type KubeClient, type KubeObject } from '@keelson/machinery';
import { type EtcdCluster, freePorts, startEtcd } from '@keelson/storage/testing/etcd';
import { startTestControlPlane, type TestControlPlane } from 'keelson/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestProcess } from '../support/child-process.js';
import { waitUntil } from '../support/wait-until.js';

const program = fileURLToPath(new URL('./replica.mjs', import.meta.url));
const things = '/apis/shared.example.com/v1/things';
const apiService = '/apis/apiregistration.k8s.io/v1/apiservices/v1.shared.example.com';
const slices = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io/service-name=things';
const startMs = 60_000;

interface Slice extends KubeObject {
  readonly endpoints: readonly { readonly addresses: readonly string[] }[];
}

let dir: string;
let etcd: EtcdCluster;
let plane: TestControlPlane;
let client: KubeClient;
let ports: readonly number[];
const replicas: TestProcess[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-replicas-'));
  [etcd, ports] = await Promise.all([startEtcd(), freePorts(3)]);
  const endpoints = ports.map((port) => `127.0.0.1:${port}`).join('|');
  plane = await startTestControlPlane({ flags: { 'service-dial-override': `default/things=${endpoints}` } });
  client = plane.client;
  await writeFile(join(dir, 'kubeconfig'), plane.kubeconfig);
  for (const at of ports.keys()) startReplica(at);
  await waitUntilServed([0, 1, 2]);
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  await plane?.stop();
  await etcd?.stop();
  await rm(dir, { recursive: true });
});

const addressOf = (at: number) => `192.0.2.${at + 1}`;

function startReplica(at: number): void {
  replicas[at] = new TestProcess([process.execPath, program], join(dir, `replica-${at}.log`), {
    ...process.env,
    KUBECONFIG: join(dir, 'kubeconfig'),
    ETCD: etcd.endpoints.join(','),
    PORT: String(ports[at]),
    ADDRESS: addressOf(at),
  });
}

/** What the cluster knows of where to find them. */
async function addresses(): Promise<string[]> {
  const { items } = await client.get<{ readonly items: readonly Slice[] }>(slices);
  return items.flatMap(({ endpoints }) => endpoints.flatMap((endpoint) => endpoint.addresses)).sort();
}

async function waitUntilServed(expected: readonly number[]): Promise<void> {
  for (const at of expected) await (replicas[at] as TestProcess).ready(async () => (await addresses()).includes(addressOf(at)), startMs);
  await waitUntil(
    'the extension to be available',
    async () => (await client.get(`${things}?limit=1`).catch(() => undefined)) !== undefined,
  );
}

/** The certificate that a replica shows now. */
async function shown(at: number): Promise<X509Certificate> {
  const socket = connect({ host: '127.0.0.1', port: ports[at] as number, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const certificate = new X509Certificate(socket.getPeerCertificate().raw);
  socket.destroy();
  return certificate;
}

const issuers = async (which: readonly number[]) => new Set(await Promise.all(which.map(async (at) => (await shown(at)).issuer)));

interface Use {
  /** Names of the things that were made, as the server has confirmed. */
  readonly made: readonly string[];
  readonly readFailures: readonly unknown[];
  readonly writeFailures: readonly unknown[];
}

/** Reads and writes all the time while `work` is under way: one reader, one writer. */
async function useDuring(prefix: string, work: () => Promise<void>): Promise<Use> {
  const use = { made: [] as string[], readFailures: [] as unknown[], writeFailures: [] as unknown[] };
  let over = false;
  const read = async () => {
    while (!over) await client.get(`${things}?limit=1`).catch((error: unknown) => use.readFailures.push(error));
  };
  const write = async () => {
    for (let at = 0; !over; at++) {
      const name = `${prefix}-${at}`;
      const thing = { apiVersion: 'shared.example.com/v1', kind: 'Thing', metadata: { name } };
      await client.post<KubeObject>(things, thing).then(
        () => use.made.push(name),
        (error: unknown) => use.writeFailures.push(error),
      );
    }
  };
  const users = [read(), write()];
  await work().finally(() => {
    over = true;
  });
  await Promise.all(users);
  return use;
}

/** A client that watches, and goes on from where its watch has ended, as informers do. */
async function watchInto(seen: string[], from: string, signal: AbortSignal): Promise<void> {
  for (let revision = from; !signal.aborted; ) {
    try {
      for await (const { type, object } of client.watch<KubeObject>(`${things}?watch=true&resourceVersion=${revision}`, signal)) {
        if (type === 'ADDED') seen.push(object.metadata.name ?? '');
        revision = object.metadata.resourceVersion ?? revision;
      }
    } catch (error) {
      // A watch that is cut off is begun anew; one that is refused is a failure.
      if (!signal.aborted && error instanceof ApiError && error.code !== 503) throw error;
    }
  }
}

describe('several replicas of an extension', () => {
  it('are one: what one is told all know, and one authority signs for all', async () => {
    const { spec } = await client.get<KubeObject & { spec: { caBundle: string } }>(apiService);
    const authority = new X509Certificate(Buffer.from(spec.caBundle, 'base64'));
    const certificates = await Promise.all([0, 1, 2].map(shown));
    expect(certificates.map((certificate) => certificate.verify(authority.publicKey))).toEqual([true, true, true]);
    expect(new Set(certificates.map(({ serialNumber }) => serialNumber)).size).toBe(3);
    expect(await addresses()).toEqual([0, 1, 2].map(addressOf));
    await client.post<KubeObject>(things, { apiVersion: 'shared.example.com/v1', kind: 'Thing', metadata: { name: 'known' } });
    const kinds = await Promise.all(Array.from({ length: 12 }, () => client.get<KubeObject & { kind: string }>(`${things}/known`)));
    expect(new Set(kinds.map(({ kind, metadata }) => `${kind} ${metadata.resourceVersion}`)).size).toBe(1);
  });

  it('go on when one of them dies, and lose nothing that was confirmed', async () => {
    const { metadata } = await client.get<KubeObject>(things);
    const watching = new AbortController();
    const seen: string[] = [];
    const watch = watchInto(seen, metadata.resourceVersion ?? '', watching.signal);
    const { made, readFailures, writeFailures } = await useDuring('during', async () => {
      await waitUntil('some writes', () => seen.length > 5);
      replicas[1]?.signal('SIGKILL');
      await replicas[1]?.ended();
      await waitUntil('its address to be taken away', async () => (await addresses()).join() === [0, 2].map(addressOf).join());
    });
    await waitUntil('the last write to be seen', () => seen.includes(made.at(-1) ?? ''));
    watching.abort();
    await watch;
    // What was under way when it died may have failed, and nothing else.
    expect([readFailures.length <= 1, writeFailures.length <= 1]).toEqual([true, true]);
    expect(made.length).toBeGreaterThan(5);
    expect(made.filter((name) => !seen.includes(name))).toEqual([]);
    expect(new Set(seen).size).toBe(seen.length);
    const { items } = await client.get<{ readonly items: readonly KubeObject[] }>(things);
    const stored = new Set(items.map((thing) => thing.metadata.name));
    expect(made.filter((name) => !stored.has(name))).toEqual([]);
  });

  it('take one back that is started again', async () => {
    startReplica(1);
    await waitUntilServed([0, 1, 2]);
    expect(await addresses()).toEqual([0, 1, 2].map(addressOf));
  });

  it('change to another authority together, and nobody notices', async () => {
    const [before] = await issuers([0, 1, 2]);
    const { readFailures, writeFailures } = await useDuring('rotated', async () => {
      await client.delete('/api/v1/namespaces/default/secrets/things-serving-ca');
      await waitUntil('all to show certificates of another authority', async () => {
        const now = await issuers([0, 1, 2]);
        return now.size === 1 && !now.has(before as string);
      });
    });
    expect([readFailures, writeFailures]).toEqual([[], []]);
  });
});
