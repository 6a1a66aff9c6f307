import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, startBuiltInServer } from '../testing/built-in-server.js';
import type { Lease } from './election.js';
import { Leadership } from './leadership.js';

const path = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/work';
const patience = { timeout: 30_000 };
const times = { leaseMs: 60_000, renewDeadlineMs: 30_000, retryMs: 20 };

let server: TestServer;
/** What runs, by replica. */
let running: Set<string>;
let started: Leadership[];

beforeEach(async () => {
  server = await startBuiltInServer();
  running = new Set();
  started = [];
});
afterEach(async () => {
  for (const leadership of started) await leadership.stop();
  await stopTestServers();
});

async function replica(identity: string, leaseMs = times.leaseMs): Promise<Leadership> {
  const led = { start: async () => void running.add(identity), stop: async () => void running.delete(identity) };
  const leadership = new Leadership({
    client: server.api.loopback,
    namespace: 'kube-system',
    name: 'work',
    identity,
    times: { ...times, leaseMs },
    controllers: () => [led],
    onFailure: fail,
  });
  started.push(leadership);
  await leadership.start();
  return leadership;
}

async function spec(): Promise<Lease['spec']> {
  return (await server.client.get(path)).json<Lease>().spec;
}

describe('replicas that one lease lets lead', () => {
  it('run what only one may run, one after the other', async () => {
    const first = await replica('a');
    const second = await replica('b');
    expect([first.leads, second.leads, [...running]]).toEqual([true, false, ['a']]);
    expect(await spec()).toMatchObject({ holderIdentity: 'a', leaseDurationSeconds: 60, leaseTransitions: 0 });
    await first.stop();
    await expect.poll(() => [...running], patience).toEqual(['b']);
    expect(await spec()).toMatchObject({ holderIdentity: 'b', leaseDurationSeconds: 60, leaseTransitions: 1 });
  });

  it('give the lease back when they end', async () => {
    await (await replica('a')).stop();
    expect([await spec(), [...running]]).toMatchObject([{ holderIdentity: '', leaseDurationSeconds: 1 }, []]);
  });

  it('take it from one that is gone, once it has not been renewed for as long as it lasts', async () => {
    const renewTime = '2020-01-01T00:00:00.000000Z';
    const lease = { metadata: { name: 'work' }, spec: { holderIdentity: 'gone', leaseDurationSeconds: 60, renewTime } };
    await server.client.post(path.slice(0, path.lastIndexOf('/')), lease);
    const patient = await replica('a');
    await replica('b', 1_000);
    await expect.poll(() => [...running], patience).toEqual(['b']);
    expect([patient.leads, (await spec()).holderIdentity]).toEqual([false, 'b']);
  });

  it('lead no more when another one holds it', async () => {
    const first = await replica('a');
    const taken = { spec: { holderIdentity: 'b', leaseDurationSeconds: 60 } };
    expect((await server.client.patch(path, 'merge-patch+json', taken)).code).toBe(200);
    await expect.poll(() => [first.leads, running.size], patience).toEqual([false, 0]);
  });
});
