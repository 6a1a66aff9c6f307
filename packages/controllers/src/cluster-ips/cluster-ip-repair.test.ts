import type { networking } from '@keelson/schema';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DefaultServiceCidr } from '../default-service-cidr.js';
import {
  addresses,
  createService,
  eventTexts,
  fail,
  serviceRange,
  startBuiltInServer,
  storedRevisions,
} from '../testing/built-in-server.js';
import { ClusterIpRepair } from './cluster-ip-repair.js';

const path = '/apis/networking.k8s.io/v1/ipaddresses';
const labels = {
  'ipaddress.kubernetes.io/ip-family': 'IPv4',
  'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
};

let server: TestServer;
let repair: ClusterIpRepair;

beforeEach(async () => {
  server = await startBuiltInServer();
  repair = new ClusterIpRepair(server.api.loopback, fail);
  const cidr = new DefaultServiceCidr(server.api.loopback, [serviceRange], fail);
  await cidr.start();
  await cidr.stop();
});

afterEach(async () => {
  vi.useRealTimers();
  await stopTestServers();
});

/** Addresses with what they refer to. */
async function book(): Promise<Record<string, string>> {
  return Object.fromEntries((await addresses(server)).map(({ metadata, spec }) => [metadata.name, reference(spec)]));
}

function reference({ parentRef }: networking.v1.IPAddressSpec): string {
  return [parentRef?.resource, parentRef?.namespace, parentRef?.name].filter(Boolean).join('/');
}

async function addAddress(ip: string, parentRef: networking.v1.ParentReference, ownLabels: Record<string, string> = labels): Promise<void> {
  await server.client.post(path, { metadata: { name: ip, labels: ownLabels }, spec: { parentRef } });
}

async function removeAddress(ip: string): Promise<void> {
  await server.client.delete(`${path}/${ip}`);
}

/** Young addresses are left alone: their service may be about to be written. */
function passGracePeriod(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 62_000 });
}

const web = { resource: 'services', namespace: 'default', name: 'web' };

describe('addresses of services', () => {
  it('changes nothing when all is right, on any replica', async () => {
    await createService(server, 'web');
    await createService(server, 'none', { clusterIP: 'None' });
    await repair.start();
    const before = await storedRevisions(server);
    const second = await startBuiltInServer(server.backend);
    const other = new ClusterIpRepair(second.api.loopback, fail);
    await other.start();
    await Promise.all([repair.repair(), other.repair()]);
    expect(await storedRevisions(server)).toEqual(before);
    await Promise.all([repair.stop(), other.stop()]);
  });

  it('makes the address that a service has and that is missing', async () => {
    await createService(server, 'web', { clusterIP: '10.0.0.10' });
    await removeAddress('10.0.0.10');
    await repair.repair();
    const [made] = await addresses(server);
    expect(made).toMatchObject({ metadata: { name: '10.0.0.10', labels }, spec: { parentRef: web } });
    expect(await eventTexts(server)).toEqual(['ClusterIPNotAllocated: Cluster IP [IPv4]: 10.0.0.10 is not allocated; repairing']);
  });

  it('lets one of several replicas make it', async () => {
    const second = await startBuiltInServer(server.backend);
    await createService(server, 'web', { clusterIP: '10.0.0.10' });
    await removeAddress('10.0.0.10');
    await Promise.all([repair.repair(), new ClusterIpRepair(second.api.loopback, fail).repair()]);
    expect(await book()).toEqual({ '10.0.0.10': 'services/default/web' });
  });

  it.each([
    ['something else', { group: 'gateway.networking.k8s.io', resource: 'gateways', namespace: 'default', name: 'web' }],
    ['a service that is not there', { ...web, name: 'gone' }],
  ])('makes an address anew that refers to %s', async (_what, parentRef) => {
    await createService(server, 'web', { clusterIP: '10.0.0.10' });
    await removeAddress('10.0.0.10');
    await addAddress('10.0.0.10', parentRef);
    await repair.repair();
    expect(await book()).toEqual({ '10.0.0.10': 'services/default/web' });
    expect(await eventTexts(server)).toEqual([
      'ClusterIPNotAllocated: the ClusterIP [IPv4]: 10.0.0.10 for Service default/web has a wrong reference; repairing',
    ]);
  });

  it('makes an address anew that has lost its labels', async () => {
    await createService(server, 'web', { clusterIP: '10.0.0.10' });
    await removeAddress('10.0.0.10');
    await addAddress('10.0.0.10', web, {});
    await repair.repair();
    expect((await addresses(server))[0]).toMatchObject({ metadata: { labels }, spec: { parentRef: web } });
    expect(await eventTexts(server)).toEqual([]);
  });

  it('leaves an address to the first of two services that have it', async () => {
    await createService(server, 'a', { clusterIP: '10.0.0.10' });
    await removeAddress('10.0.0.10');
    await createService(server, 'b', { clusterIP: '10.0.0.10' });
    passGracePeriod();
    await repair.repair();
    expect(await book()).toEqual({ '10.0.0.10': 'services/default/b' });
    expect(await eventTexts(server)).toEqual([
      'ClusterIPAlreadyAllocated: Cluster IP [IPv4]:10.0.0.10 was assigned to multiple services; please recreate service',
    ]);
  });

  it('tells of addresses that are of no range', async () => {
    await createService(server, 'web', { clusterIP: '10.0.0.10' });
    await removeAddress('10.0.0.10');
    await server.client.delete('/apis/networking.k8s.io/v1/servicecidrs/kubernetes');
    await repair.repair();
    expect(await book()).toEqual({});
    expect(await eventTexts(server)).toEqual([
      'ClusterIPOutOfRange: Cluster IP [IPv4]: 10.0.0.10 is not within any configured Service CIDR; please recreate service',
    ]);
  });

  it('takes no service for broken that comes or goes while it looks', async () => {
    const change = async () => {
      for (let i = 0; i < 30; i++) {
        await createService(server, `s${i}`);
        if (i % 2 === 1) await server.client.delete(`/api/v1/namespaces/default/services/s${i}`);
      }
    };
    const look = async () => {
      for (let i = 0; i < 30; i++) await repair.repair();
    };
    await Promise.all([change(), look()]);
    expect(Object.keys(await book())).toHaveLength(15);
    expect(await eventTexts(server)).toEqual([]);
  });
});

describe('addresses without a service', () => {
  it('goes when it was made for a service that was never written, but not at once', async () => {
    await addAddress('10.0.0.10', { ...web, name: 'never' });
    await repair.repair();
    expect(await book()).toEqual({ '10.0.0.10': 'services/default/never' });
    passGracePeriod();
    await repair.repair();
    expect(await book()).toEqual({});
    expect(await eventTexts(server)).toEqual([
      'IPAddressNotAllocated: IPAddress: 10.0.0.10 for Service default/never appears to have leaked: cleaning up',
    ]);
    const { metadata } = await createService(server, 'next', { clusterIP: '10.0.0.10' });
    expect(metadata.name).toBe('next');
  });

  it('is looked at again as soon as it may go', async () => {
    await addAddress('10.0.0.10', { ...web, name: 'never' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 58_000 });
    await repair.start();
    expect(Object.keys(await book())).toEqual(['10.0.0.10']);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 4_000 });
    await vi.waitFor(async () => expect(await book()).toEqual({}), { timeout: 5_000 });
    await repair.stop();
  });

  it('goes when its service has another one', async () => {
    await createService(server, 'web', { clusterIP: '10.0.0.10' });
    await addAddress('10.0.0.11', web);
    await repair.repair();
    expect(Object.keys(await book())).toEqual(['10.0.0.10', '10.0.0.11']);
    passGracePeriod();
    await repair.repair();
    expect(await book()).toEqual({ '10.0.0.10': 'services/default/web' });
    expect(await eventTexts(server)).toEqual([
      'IPAddressWrongReference: IPAddress: 10.0.0.11 for Service default/web has a wrong reference; cleaning up',
    ]);
  });

  it('goes at once when it refers to no service at all', async () => {
    await addAddress('10.0.0.10', { resource: 'nodes', name: 'n' });
    await repair.repair();
    expect(await book()).toEqual({});
    expect(await eventTexts(server)).toEqual([
      'IPAddressNotAllocated: IPAddress 10.0.0.10 appears to have been modified, not referencing a Service ' +
        '&ParentReference{Group:,Resource:nodes,Namespace:,Name:n,}: cleaning up',
    ]);
  });

  it('stays when somebody else has made it', async () => {
    await addAddress('10.0.0.10', { ...web, name: 'gone' }, {});
    await addAddress('10.0.0.11', { resource: 'gateways', name: 'g' }, { 'ipaddress.kubernetes.io/managed-by': 'me' });
    passGracePeriod();
    await repair.repair();
    expect(Object.keys(await book())).toEqual(['10.0.0.10', '10.0.0.11']);
    expect(await eventTexts(server)).toEqual([]);
  });
});
