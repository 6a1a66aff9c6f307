import type { coordination } from '@keelson/schema';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { fail, startBuiltInServer } from '../testing/built-in-server.js';
import { ExpiredIdentities } from './expired-identities.js';
import { IdentityLease, leases } from './identity-lease.js';
import { replicaName } from './replica-name.js';

type Lease = coordination.v1.Lease;

afterEach(stopTestServers);

const path = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
const identity = { name: replicaName('node-a', 6443), hostname: 'node-a' };

/** One round of a replica. */
async function renew({ api }: TestServer, of = identity): Promise<void> {
  const lease = new IdentityLease(api.loopback, of, fail);
  await lease.start();
  await lease.stop();
}

async function collect({ api }: TestServer, nowMs: number): Promise<void> {
  const collector = new ExpiredIdentities(api.loopback, fail, () => nowMs);
  await collector.start();
  await collector.stop();
}

async function stored({ client }: TestServer): Promise<Lease[]> {
  return (await client.get(path)).json<{ items: Lease[] }>().items;
}

describe('replicaName', () => {
  it('is the same for a host at every start, and as kube-apiserver makes it', () => {
    expect(replicaName('kind-control-plane', 6443)).toBe('apiserver-c7uylvfxlbqccnk6myfkwetzze');
  });

  it('tells replicas on one host apart', () => {
    expect(new Set([6443, 6444, 6445].map((port) => replicaName('node-a', port))).size).toBe(3);
  });
});

describe('the lease of a replica', () => {
  it('is made at its start', async () => {
    const server = await startBuiltInServer();
    await renew(server);
    expect(await stored(server)).toEqual([
      {
        metadata: expect.objectContaining({
          name: identity.name,
          namespace: 'kube-system',
          labels: { 'apiserver.kubernetes.io/identity': 'kube-apiserver', 'kubernetes.io/hostname': 'node-a' },
        }),
        spec: {
          holderIdentity: expect.stringMatching(new RegExp(`^${identity.name}_[0-9a-f-]{36}$`)),
          leaseDurationSeconds: 3600,
          renewTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
        },
      },
    ]);
  });

  it('is taken over by the next process on the same host', async () => {
    const server = await startBuiltInServer();
    await renew(server);
    const [before] = await stored(server);
    await renew(server);
    const [after, ...others] = await stored(server);
    expect([others, after?.metadata.uid, after?.spec.holderIdentity === before?.spec.holderIdentity]).toEqual([
      [],
      before?.metadata.uid,
      false,
    ]);
  });

  it('goes an hour after its replica, and no other lease does', async () => {
    const server = await startBuiltInServer();
    await renew(server);
    await server.api.loopback.create(leases, {
      metadata: { name: 'other', namespace: 'kube-system' },
      spec: { leaseDurationSeconds: 1, renewTime: '2020-01-01T00:00:00.000000Z' },
    } as Lease);
    const nowMs = Date.now();
    await collect(server, nowMs + 3_500_000);
    expect((await stored(server)).map(({ metadata }) => metadata.name)).toEqual([identity.name, 'other']);
    await collect(server, nowMs + 3_700_000);
    expect((await stored(server)).map(({ metadata }) => metadata.name)).toEqual(['other']);
  });
});
