import { defaultFeatures } from '@keelson/machinery';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, startBuiltInServer } from '../testing/built-in-server.js';
import { CoordinatedElections } from './coordinated-elections.js';
import type { Lease, LeaseCandidate } from './election.js';
import { ExpiredCandidates } from './expired-candidates.js';

const features = new Map([...defaultFeatures, ['CoordinatedLeaderElection', true]]);
const candidates = '/apis/coordination.k8s.io/v1beta1/namespaces/default/leasecandidates';
const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
const patience = { timeout: 30_000 };
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString().replace('Z', '000Z');

let server: TestServer;
let elections: CoordinatedElections;

beforeEach(async () => {
  server = await startBuiltInServer(undefined, { features, enabled: () => true });
  elections = new CoordinatedElections({ objects: server.api.objects, client: server.api.loopback, onFailure: fail });
});
afterEach(async () => {
  await elections.stop();
  await stopTestServers();
});

async function stand(name: string, emulationVersion: string, renewTime: string, more: object = {}): Promise<void> {
  const spec = { leaseName: 'work', binaryVersion: '1.34.0', emulationVersion, renewTime, strategy: 'OldestEmulationVersion', ...more };
  expect((await server.client.post(candidates, { metadata: { name }, spec })).code).toBe(201);
}

async function read(): Promise<Lease['spec'] | undefined> {
  const answer = await server.client.get(`${leases}/work`);
  return answer.code === 200 ? answer.json<Lease>().spec : undefined;
}

async function candidate(name: string): Promise<LeaseCandidate> {
  return (await server.client.get(`${candidates}/${name}`)).json<LeaseCandidate>();
}

const held = (holderIdentity: string, renewTime: string) => ({
  metadata: { name: 'work' },
  spec: { holderIdentity, renewTime, leaseDurationSeconds: 15, strategy: 'OldestEmulationVersion', acquireTime: renewTime },
});

describe('a lease that candidates stand for', () => {
  it('is made for the best of them', async () => {
    await stand('new', '1.34.0', ago(0));
    await stand('old', '1.33.0', ago(0));
    await elections.start();
    expect(await read()).toEqual({
      strategy: 'OldestEmulationVersion',
      holderIdentity: 'old',
      leaseDurationSeconds: 5,
      renewTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z$/),
    });
  });

  it('is made without a holder where the strategy is not known', async () => {
    await stand('one', '1.34.0', ago(0), { strategy: 'mine/own' });
    await elections.start();
    expect(await read()).toMatchObject({ strategy: 'mine/own' });
    expect((await read())?.holderIdentity).toBeUndefined();
  });

  it('is given to another one when its holder has let it expire', async () => {
    await server.client.post(leases, held('gone', ago(60)));
    await stand('here', '1.34.0', ago(0));
    await elections.start();
    const spec = await read();
    expect([spec?.holderIdentity, spec?.leaseDurationSeconds, spec?.acquireTime]).toEqual(['here', 5, undefined]);
  });

  it('stays with its holder, who is asked to give it to a better one', async () => {
    await server.client.post(leases, held('new', ago(0)));
    await stand('new', '1.34.0', ago(0));
    await elections.start();
    expect((await read())?.preferredHolder).toBeUndefined();
    await stand('old', '1.33.0', ago(0));
    await expect.poll(async () => (await read())?.preferredHolder, patience).toBe('old');
    expect((await read())?.holderIdentity).toBe('new');
  });

  it('is not made before silent candidates were asked; the next who answers gets it', async () => {
    await stand('silent', '1.33.0', ago(60));
    await elections.start();
    const asked = (await candidate('silent')).spec.pingTime as string;
    expect([Date.parse(asked) > Date.now() - 60_000, await read()]).toEqual([true, undefined]);
    const answer = { spec: { renewTime: new Date(Date.parse(asked) + 1).toISOString().replace('Z', '000Z') } };
    expect((await server.client.patch(`${candidates}/silent`, 'merge-patch+json', answer)).code).toBe(200);
    await expect.poll(async () => (await read())?.holderIdentity, patience).toBe('silent');
  });

  it('is not made for who has not been heard of for half an hour', async () => {
    await stand('lost', '1.33.0', ago(1_801));
    await elections.start();
    expect([await read(), (await candidate('lost')).spec.pingTime]).toEqual([undefined, undefined]);
  });
});

it('removes candidates that have not been heard of for half an hour', async () => {
  await stand('lost', '1.33.0', ago(1_801));
  await stand('here', '1.33.0', ago(1_700));
  const collector = new ExpiredCandidates(server.api.loopback, fail);
  await collector.start();
  await collector.stop();
  const { items } = (await server.client.get(candidates)).json<{ items: LeaseCandidate[] }>();
  expect(items.map(({ metadata }) => metadata.name)).toEqual(['here']);
});
