import type { LoopbackClient } from '@keelson/server';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, startBuiltInServer } from '../testing/built-in-server.js';
import type { Lease } from './election.js';
import { Leadership, type LeadershipOptions } from './leadership.js';

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

async function replica(identity: string, more: Partial<LeadershipOptions> = {}): Promise<Leadership> {
  const led = { start: async () => void running.add(identity), stop: async () => void running.delete(identity) };
  const leadership = new Leadership({
    client: server.api.loopback,
    namespace: 'kube-system',
    name: 'work',
    identity,
    times,
    controllers: () => [led],
    onFailure: fail,
    ...more,
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
    await replica('b', { times: { ...times, leaseMs: 1_000 } });
    await expect.poll(() => [...running], patience).toEqual(['b']);
    expect([patient.leads, (await spec()).holderIdentity]).toEqual([false, 'b']);
  });

  it('lead no more when another one holds it', async () => {
    const first = await replica('a');
    const taken = { spec: { holderIdentity: 'b', leaseDurationSeconds: 60 } };
    expect((await server.client.patch(path, 'merge-patch+json', taken)).code).toBe(200);
    await expect.poll(() => [first.leads, running.size], patience).toEqual([false, 0]);
  });

  it('lead no more when nobody answers to a renewal in time', async () => {
    const { loopback } = server.api;
    let answer: () => void = () => undefined;
    let unanswered: Promise<void> | undefined;
    const update: LoopbackClient['update'] = async (...asked) => {
      await unanswered;
      return loopback.update(...asked);
    };
    const client = { get: (...asked) => loopback.get(...asked), ensure: (...asked) => loopback.ensure(...asked), update } as LoopbackClient;
    const first = await replica('a', { client, times: { ...times, renewDeadlineMs: 1_000 } });
    expect([first.leads, [...running]]).toEqual([true, ['a']]);
    unanswered = new Promise((resolve) => {
      answer = resolve;
    });
    await expect.poll(() => [first.leads, running.size], patience).toEqual([false, 0]);
    answer();
    await expect.poll(() => [first.leads, [...running]], patience).toEqual([true, ['a']]);
  });

  it('renew the lease while what they run begins, and begin it again when that fails', async () => {
    const failures: unknown[] = [];
    let begin: (begun: Promise<void>) => void = () => undefined;
    let beginnings = 0;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const led = {
      start: () => (++beginnings === 1 ? begun : Promise.resolve()),
      stop: () => Promise.resolve(),
    };
    await replica('a', { controllers: () => [led], onFailure: (error) => failures.push(error) });
    const { renewTime } = await spec();
    await expect.poll(async () => (await spec()).renewTime !== renewTime, patience).toBe(true);
    expect(beginnings).toBe(1);
    begin(Promise.reject(new Error('not yet')));
    await expect.poll(() => beginnings, patience).toBe(2);
    expect(failures).toEqual([new Error('not yet')]);
  });
});
