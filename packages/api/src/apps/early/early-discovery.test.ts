import type { KubeObject } from '@keelson/machinery';
import { startTestServer, stopTestServers } from '@keelson/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allBuiltInGroups } from '../../testing/all-built-in-groups.js';
import { startLegacyServer } from '../../testing/legacy-server.js';
import { WorkloadClient } from '../testing/workload-client.js';

let workloads: WorkloadClient;
beforeAll(async () => {
  workloads = new WorkloadClient(await startLegacyServer());
});
afterAll(stopTestServers);

describe('discovery', () => {
  interface Listed {
    readonly resources: readonly {
      readonly name: string;
      readonly kind: string;
      readonly group?: string;
      readonly shortNames?: string[];
      readonly categories?: string[];
    }[];
  }

  it('tells of the versions that are switched on', async () => {
    const listed = async (apiVersion: string) => {
      const { resources } = (await workloads.server.client.get(`/apis/${apiVersion}`)).json<KubeObject & Listed>();
      return resources
        .filter(({ name }) => name.startsWith('deployments'))
        .map(({ name, kind, group, shortNames, categories }) => [name, kind, group, shortNames, categories]);
    };
    const own = (name: string, kind = 'Deployment') => [name, kind, undefined, undefined, undefined];
    expect(await listed('extensions/v1beta1')).toEqual([
      own('deployments'),
      own('deployments/rollback', 'DeploymentRollback'),
      own('deployments/scale', 'Scale'),
      own('deployments/status'),
    ]);
    expect(await listed('apps/v1beta2')).toEqual([own('deployments'), own('deployments/scale', 'Scale'), own('deployments/status')]);
    expect(await listed('apps/v1')).toEqual([
      ['deployments', 'Deployment', undefined, ['deploy'], ['all']],
      ['deployments/scale', 'Scale', 'autoscaling', undefined, undefined],
      own('deployments/status'),
    ]);
  });

  it('prefers apps/v1', async () => {
    const { groups } = (await workloads.server.client.get('/apis')).json<
      KubeObject & { groups: { name: string; versions: { version: string }[] }[] }
    >();
    const apps = groups.find(({ name }) => name === 'apps');
    expect(apps?.versions.map(({ version }) => version)).toEqual(['v1', 'v1beta2', 'v1beta1']);
    const names = groups.map(({ name }) => name);
    expect(names.indexOf('apps')).toBeLessThan(names.indexOf('extensions'));
  });

  it('publishes schemas', async () => {
    const { paths, components } = (await workloads.server.client.get('/openapi/v3/apis/extensions/v1beta1')).json<
      KubeObject & { paths: object; components: { schemas: Record<string, { properties: object }> } }
    >();
    expect(Object.keys(paths)).toContain('/apis/extensions/v1beta1/namespaces/{namespace}/deployments/{name}/rollback');
    expect(Object.keys(components.schemas['io.k8s.api.extensions.v1beta1.DeploymentSpec']?.properties ?? {})).toContain('rollbackTo');
  });

  it('knows nothing of them unless they are switched on', async () => {
    const { client } = await startTestServer({ groups: allBuiltInGroups() });
    for (const path of ['/apis/extensions', '/apis/extensions/v1beta1/deployments', '/apis/apps/v1beta1', '/apis/apps/v1beta2/deployments'])
      expect((await client.get(path)).code).toBe(404);
  });
});

describe('answers warn', () => {
  const warningOf = async (path: string) => (await workloads.server.client.get(`/apis/${path}`)).headers.warning;
  const since = (release: string, kind: string, replacement = '') =>
    `299 - "${kind} is deprecated in v${release}+, unavailable in v1.16+${replacement && `; use ${replacement}`}"`;

  it.each([
    ['extensions/v1beta1', '1.8', ['Deployment', 'DaemonSet', 'ReplicaSet']],
    ['apps/v1beta1', '1.8', ['Deployment', 'StatefulSet', 'ControllerRevision']],
    ['apps/v1beta2', '1.9', ['Deployment', 'DaemonSet', 'ReplicaSet', 'StatefulSet', 'ControllerRevision']],
  ])('of %s since v%s', async (apiVersion, release, kinds) => {
    for (const kind of kinds)
      expect(await warningOf(`${apiVersion}/${kind.toLowerCase()}s`)).toBe(since(release, `${apiVersion} ${kind}`, `apps/v1 ${kind}`));
  });

  it.each([
    ['extensions/v1beta1', '1.2', ''],
    ['apps/v1beta1', '1.8', 'autoscaling/v1 Scale'],
    ['apps/v1beta2', '1.9', 'autoscaling/v1 Scale'],
  ])('of the scale of %s since v%s', async (apiVersion, release, replacement) => {
    expect(await warningOf(`${apiVersion}/namespaces/a/deployments/x/scale`)).toBe(since(release, `${apiVersion} Scale`, replacement));
  });

  it('of nothing in apps/v1', async () => {
    expect(await warningOf('apps/v1/deployments')).toBeUndefined();
  });
});
