import type { flowcontrol } from '@keelson/schema';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FlowSchemaStatus } from './flow-schema-status.js';
import { fail, startBuiltInServer } from './testing/built-in-server.js';

type FlowSchema = flowcontrol.v1.FlowSchema;

const root = '/apis/flowcontrol.apiserver.k8s.io/v1';
let server: TestServer;
let controller: FlowSchemaStatus;

beforeEach(async () => {
  server = await startBuiltInServer();
  controller = new FlowSchemaStatus(server.api.loopback, fail);
});
afterEach(async () => {
  await controller.stop();
  await stopTestServers();
});

async function create(resource: string, name: string, spec: object): Promise<void> {
  expect((await server.client.post(`${root}/${resource}`, { metadata: { name }, spec })).code).toBe(201);
}

const createSchema = (name: string, level: string) => create('flowschemas', name, { priorityLevelConfiguration: { name: level } });
const createLevel = (name: string) =>
  create('prioritylevelconfigurations', name, { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } });

async function read(name: string): Promise<FlowSchema> {
  return (await server.client.get(`${root}/flowschemas/${name}`)).json<FlowSchema>();
}

async function conditions(name: string) {
  return ((await read(name)).status?.conditions ?? []).map(({ type, status, reason, message }) => [type, status, reason, message]);
}

const found = ['Dangling', 'False', 'Found', 'This FlowSchema references the PriorityLevelConfiguration object named "own" and it exists'];
const missing = [
  'Dangling',
  'True',
  'NotFound',
  'This FlowSchema references the PriorityLevelConfiguration object named "own" but there is no such object',
];

it('tells by the first round whether the level is there', async () => {
  await createSchema('early', 'own');
  await controller.start();
  expect(await conditions('early')).toEqual([missing]);
});

it('follows what becomes of schemas and levels', async () => {
  await controller.start();
  await createSchema('mine', 'own');
  await expect.poll(() => conditions('mine')).toEqual([missing]);
  await createLevel('own');
  await expect.poll(() => conditions('mine')).toEqual([found]);
  const { lastTransitionTime } = (await read('mine')).status?.conditions?.[0] ?? {};
  expect(lastTransitionTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  await server.client.delete(`${root}/prioritylevelconfigurations/own`);
  await expect.poll(() => conditions('mine')).toEqual([missing]);
});

it('writes as kube-apiserver does', async () => {
  await createLevel('own');
  await createSchema('mine', 'own');
  await controller.start();
  const { metadata } = await read('mine');
  expect(metadata.managedFields?.map(({ manager, operation, subresource }) => [manager, operation, subresource])).toContainEqual([
    'api-priority-and-fairness-config-consumer-v1',
    'Apply',
    'status',
  ]);
  expect(metadata.generation).toBe(1);
});

it('gives up for a while where somebody else tells otherwise', async () => {
  await createSchema('mine', 'own');
  await controller.start();
  const contradict = () =>
    server.client.patch(`${root}/flowschemas/mine/status`, 'merge-patch+json', {
      status: { conditions: [{ type: 'Dangling', status: 'False' }] },
    });
  // It was told once already.
  for (let time = 0; time < 5; time++) {
    await contradict();
    await expect.poll(() => conditions('mine')).toEqual([missing]);
  }
  await contradict();
  await createSchema('other', 'own');
  await expect.poll(() => conditions('other')).toEqual([missing]);
  expect((await conditions('mine')).map(([, status]) => status)).toEqual(['False']);
});
