import type { ManagedFieldsEntry } from '@keelson/machinery';
import { stopTestServers, type Table } from '@keelson/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLegacyServer } from '../../testing/legacy-server.js';
import { selector, template, type Workload, WorkloadClient } from '../testing/workload-client.js';

let workloads: WorkloadClient;
beforeAll(async () => {
  workloads = new WorkloadClient(await startLegacyServer());
});
afterAll(stopTestServers);

describe('one stored object', () => {
  it('is written in any version and watched in every other', async () => {
    const { client } = workloads.server;
    const [early, current] = [workloads.path('extensions/v1beta1', 'deployments'), workloads.path('apps/v1', 'deployments')];
    const inEarly = await client.watch(`${early}?watch=true&fieldSelector=metadata.name=watched`);
    const inCurrent = await client.watch(`${current}?watch=true&fieldSelector=metadata.name=watched`);
    await workloads.create('extensions/v1beta1', 'deployments', 'watched', { template });
    await client.patch(`${current}/watched`, 'merge-patch+json', { spec: { replicas: 4 } });
    await client.put(`${early}/watched`, {
      ...(await workloads.read('extensions/v1beta1', 'deployments', 'watched')),
      spec: { template, rollbackTo: {} },
    });
    await client.delete(`${early}/watched?propagationPolicy=Background`);
    const seen = async (watch: typeof inEarly) => {
      const events = [];
      for (let left = 4; left > 0; left--) {
        const { type, object } = (await watch.next<Workload>()) ?? {};
        events.push([type, object?.apiVersion, object?.spec.replicas, object?.spec.rollbackTo, object?.metadata.annotations]);
      }
      return events;
    };
    const kept = { 'deprecated.deployment.rollback.to': '0' };
    expect(await seen(inEarly)).toEqual([
      ['ADDED', 'extensions/v1beta1', 1, undefined, undefined],
      ['MODIFIED', 'extensions/v1beta1', 4, undefined, undefined],
      ['MODIFIED', 'extensions/v1beta1', 1, {}, undefined],
      ['DELETED', 'extensions/v1beta1', 1, {}, undefined],
    ]);
    expect(await seen(inCurrent)).toEqual([
      ['ADDED', 'apps/v1', 1, undefined, undefined],
      ['MODIFIED', 'apps/v1', 4, undefined, undefined],
      ['MODIFIED', 'apps/v1', 1, undefined, kept],
      ['DELETED', 'apps/v1', 1, undefined, kept],
    ]);
  });

  it('is printed the same in every version', async () => {
    await workloads.create('apps/v1', 'daemonsets', 'printed', { template, selector });
    const printed = async (apiVersion: string) => {
      const Accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
      const { columnDefinitions, rows } = (
        await workloads.server.client.get(`${workloads.path(apiVersion, 'daemonsets', 'printed')}`, { Accept })
      ).json<Table>();
      return [columnDefinitions, rows[0]?.cells];
    };
    const current = await printed('apps/v1');
    expect(current[1]).toEqual(['printed', 0, 0, 0, 0, 0, '<none>', expect.any(String), 'c', 'web:1', 'app=web']);
    expect((await printed('extensions/v1beta1'))[0]).toEqual(current[0]);
    expect((await printed('extensions/v1beta1'))[1]?.toSpliced(7, 1)).toEqual(current[1]?.toSpliced(7, 1));
  });

  it('is counted by its template, whichever version changes it', async () => {
    await workloads.create('extensions/v1beta1', 'daemonsets', 'counted', { template, templateGeneration: 7 });
    const path = workloads.path('extensions/v1beta1', 'daemonsets', 'counted');
    const image = { spec: { template: { spec: { containers: [{ name: 'c', image: 'web:2' }] } }, templateGeneration: 70 } };
    const patched = await workloads.server.client.patch(path, 'strategic-merge-patch+json', image);
    expect(patched.json<Workload>().spec.templateGeneration).toBe(8);
    const { metadata } = await workloads.read('apps/v1', 'daemonsets', 'counted');
    expect(metadata.annotations).toEqual({ 'deprecated.daemonset.template.generation': '8' });
  });

  it('shows in extensions/v1beta1 what was asked for in apps/v1', async () => {
    await workloads.create('apps/v1', 'statefulsets', 'shown', { template, selector, serviceName: 'web' });
    const { apiVersion, spec, status } = await workloads.read('apps/v1beta1', 'statefulsets', 'shown');
    expect([apiVersion, spec.updateStrategy, status]).toEqual([
      'apps/v1beta1',
      { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      { observedGeneration: 0, replicas: 0, availableReplicas: 0 },
    ]);
  });

  it('has its status written in every version', async () => {
    await workloads.create('apps/v1', 'deployments', 'reported', { template, selector });
    const path = `${workloads.path('apps/v1beta1', 'deployments', 'reported')}/status`;
    const answer = await workloads.server.client.patch(path, 'merge-patch+json', {
      spec: { replicas: 9, rollbackTo: { revision: 3 } },
      status: { replicas: 1 },
    });
    expect(answer.json()).toMatchObject({ kind: 'Deployment', apiVersion: 'apps/v1beta1', status: { replicas: 1 } });
    const { metadata, spec, status } = await workloads.read('apps/v1', 'deployments', 'reported');
    expect([metadata.annotations, spec.replicas, status]).toEqual([undefined, 1, { replicas: 1 }]);
  });

  it.each([
    ['extensions/v1beta1', ['orphan']],
    ['apps/v1beta2', ['orphan']],
    ['apps/v1', undefined],
  ])('waits for its pods to be orphaned when %s deletes it without a policy: %j', async (apiVersion, finalizers) => {
    const name = `deleted-${apiVersion.replace('/', '-')}`;
    await workloads.create(apiVersion, 'replicasets', name, { template, selector });
    await workloads.server.client.delete(workloads.path(apiVersion, 'replicasets', name));
    expect((await workloads.read('apps/v1', 'replicasets', name)).metadata?.finalizers).toEqual(finalizers);
  });
});

describe('the selector', () => {
  const other = { app: 'other' };
  const change = { spec: { selector: { matchLabels: other }, template: { metadata: { labels: other } } } };
  const allowed = [
    ['extensions/v1beta1', 'deployments', 200],
    ['extensions/v1beta1', 'daemonsets', 200],
    ['extensions/v1beta1', 'replicasets', 200],
    ['apps/v1beta1', 'deployments', 200],
    ['apps/v1beta1', 'statefulsets', 422],
    ['apps/v1beta2', 'deployments', 422],
    ['apps/v1beta2', 'daemonsets', 422],
    ['apps/v1beta2', 'replicasets', 422],
    ['apps/v1', 'deployments', 422],
  ] as const;

  it.each(allowed)('may change in %s %s: %i', async (apiVersion, plural, code) => {
    const name = `moved-${apiVersion.replace('/', '-')}`;
    await workloads.create(apiVersion, plural, name, { template, selector, serviceName: 'web' });
    const answer = await workloads.server.client.patch(workloads.path(apiVersion, plural, name), 'merge-patch+json', change);
    expect(answer.code).toBe(code);
  });
});

describe('managers', () => {
  const early = (spec: object) => ({ apiVersion: 'extensions/v1beta1', kind: 'Deployment', metadata: { name: 'owned' }, spec });
  const apply = (apiVersion: string, manager: string, body: object) =>
    workloads.server.client.patch(
      `${workloads.path(apiVersion, 'deployments', 'owned')}?fieldManager=${manager}`,
      'apply-patch+yaml',
      body,
    );

  it('own fields by the names of the version they write in, and are asked in every other', async () => {
    expect((await apply('extensions/v1beta1', 'old', early({ replicas: 2, rollbackTo: { revision: 3 }, template }))).code).toBe(201);
    const entries = (await workloads.read('apps/v1', 'deployments', 'owned')).metadata.managedFields as ManagedFieldsEntry[];
    expect(entries.map(({ manager, operation, apiVersion }) => [manager, operation, apiVersion])).toEqual([
      ['old', 'Apply', 'extensions/v1beta1'],
    ]);
    expect(entries[0]?.fieldsV1).toMatchObject({ 'f:spec': { 'f:replicas': {}, 'f:rollbackTo': { 'f:revision': {} } } });
    const current = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'owned' }, spec: { replicas: 3 } };
    expect((await apply('apps/v1', 'new', current)).failure).toBe(
      '409 Conflict: Apply failed with 1 conflict: conflict with "old": .spec.replicas',
    );
    expect((await apply('extensions/v1beta1', 'old', early({ template }))).code).toBe(200);
    expect((await apply('apps/v1', 'new', current)).code).toBe(200);
    const { metadata, spec } = await workloads.read('apps/v1', 'deployments', 'owned');
    expect([metadata.annotations, spec.replicas]).toEqual([undefined, 3]);
  });
});
