import type { rbac } from '@keelson/schema';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClusterRoleAggregation } from './cluster-role-aggregation.js';
import { fail, startBuiltInServer } from './testing/built-in-server.js';

type ClusterRole = rbac.v1.ClusterRole;

const root = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
let server: TestServer;
let controller: ClusterRoleAggregation;

beforeEach(async () => {
  server = await startBuiltInServer();
  controller = new ClusterRoleAggregation({ objects: server.api.objects, client: server.api.loopback, onFailure: fail });
});
afterEach(async () => {
  await controller.stop();
  await stopTestServers();
});

const rule = (resource: string) => ({ verbs: ['get'], apiGroups: [''], resources: [resource] });
const labelled = (name: string, label: string, ...resources: string[]) => ({
  metadata: { name, labels: { [label]: 'true' } },
  rules: resources.map(rule),
});
const aggregating = (name: string, labels: readonly string[], own: Record<string, string> = {}) => ({
  metadata: { name, labels: own },
  aggregationRule: { clusterRoleSelectors: labels.map((label) => ({ matchLabels: { [label]: 'true' } })) },
});

async function create(role: object): Promise<void> {
  expect((await server.client.post(root, role)).code).toBe(201);
}

async function read(name: string): Promise<ClusterRole> {
  return (await server.client.get(`${root}/${name}`)).json<ClusterRole>();
}

/** Resources that the rules of a role name. */
async function resourcesOf(name: string): Promise<string[]> {
  return ((await read(name)).rules ?? []).flatMap(({ resources = [] }) => resources);
}

describe('an aggregated role', () => {
  it('has the rules of those that are chosen, each once, in the order of selectors and names', async () => {
    await create(labelled('b', 'to-view', 'pods', 'services'));
    await create(labelled('a', 'to-view', 'nodes', 'pods'));
    await create(labelled('c', 'to-edit', 'services', 'secrets'));
    await create(labelled('d', 'other', 'events'));
    await create(aggregating('all', ['to-view', 'to-edit'], { 'to-view': 'true' }));
    await controller.start();
    expect(await resourcesOf('all')).toEqual(['nodes', 'pods', 'services', 'secrets']);
    expect((await read('all')).metadata.managedFields?.map(({ manager, operation }) => [manager, operation])).toContainEqual([
      'clusterrole-aggregation-controller',
      'Apply',
    ]);
  });

  it('is a role that another one may be made of', async () => {
    await create(aggregating('admin', ['to-admin']));
    await create(aggregating('edit', ['to-edit'], { 'to-admin': 'true' }));
    await create(labelled('some', 'to-edit', 'pods'));
    await controller.start();
    await expect.poll(() => resourcesOf('admin')).toEqual(['pods']);
  });

  it('follows what becomes of them', async () => {
    await create(aggregating('view', ['to-view']));
    await controller.start();
    expect((await read('view')).rules).toBeNull();
    await create(labelled('some', 'to-view', 'pods'));
    await expect.poll(() => resourcesOf('view')).toEqual(['pods']);
    await server.client.patch(`${root}/some`, 'merge-patch+json', { rules: [rule('nodes')] });
    await expect.poll(() => resourcesOf('view')).toEqual(['nodes']);
    await server.client.patch(`${root}/view`, 'merge-patch+json', { rules: [rule('secrets')] });
    await expect.poll(() => resourcesOf('view')).toEqual(['nodes']);
    await server.client.delete(`${root}/some`);
    await expect.poll(() => resourcesOf('view')).toEqual([]);
  });

  it('is not written when it is as it should be', async () => {
    await create(labelled('some', 'to-view', 'pods'));
    await create(aggregating('view', ['to-view']));
    await controller.start();
    const { resourceVersion } = (await read('view')).metadata;
    const again = new ClusterRoleAggregation({ objects: server.api.objects, client: server.api.loopback, onFailure: fail });
    await again.start();
    await again.stop();
    expect((await read('view')).metadata.resourceVersion).toBe(resourceVersion);
  });
});
