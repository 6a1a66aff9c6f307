import { stopTestServers } from '@keelson/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLegacyServer } from '../../testing/legacy-server.js';
import { labels, selector, template, type Workload, WorkloadClient } from '../testing/workload-client.js';

let workloads: WorkloadClient;
beforeAll(async () => {
  workloads = new WorkloadClient(await startLegacyServer());
});
afterAll(stopTestServers);

describe('scale', () => {
  it.each([
    ['extensions/v1beta1', 'deployments'],
    ['extensions/v1beta1', 'replicasets'],
    ['apps/v1beta1', 'deployments'],
    ['apps/v1beta1', 'statefulsets'],
    ['apps/v1beta2', 'deployments'],
    ['apps/v1beta2', 'replicasets'],
    ['apps/v1beta2', 'statefulsets'],
  ])('of %s %s is of that version', async (apiVersion, plural) => {
    const name = `scaled-${apiVersion.replace('/', '-')}`;
    await workloads.create(apiVersion, plural, name, { template, selector, serviceName: 'web', replicas: 2 });
    const path = `${workloads.path(apiVersion, plural)}/${name}/scale`;
    const scale = (await workloads.server.client.get(path)).json<Workload>();
    expect(scale).toMatchObject({
      kind: 'Scale',
      apiVersion,
      spec: { replicas: 2 },
      status: { replicas: 0, selector: labels, targetSelector: 'app=web' },
    });
    const written = await workloads.server.client.put(path, { ...scale, spec: { replicas: 5 } });
    expect([written.code, written.json()]).toMatchObject([200, { kind: 'Scale', apiVersion, spec: { replicas: 5 } }]);
    const patched = await workloads.server.client.patch(path, 'merge-patch+json', { spec: { replicas: 6 } });
    expect(patched.json()).toMatchObject({ apiVersion, spec: { replicas: 6 } });
    expect((await workloads.read('apps/v1', plural, name)).spec.replicas).toBe(6);
  });

  it('tells a selector that is more than labels as text only', async () => {
    const spec = { template, selector: { ...selector, matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] } };
    await workloads.create('apps/v1', 'deployments', 'expressive', spec);
    const { status } = (
      await workloads.server.client.get(`${workloads.path('apps/v1beta1', 'deployments')}/expressive/scale`)
    ).json<Workload>();
    expect(status).toEqual({ replicas: 0, targetSelector: 'app=web,!zone' });
  });

  it('is applied, and its manager owns the replicas of the deployment', async () => {
    await workloads.create('extensions/v1beta1', 'deployments', 'applied-scale', { template });
    const path = `${workloads.path('extensions/v1beta1', 'deployments')}/applied-scale`;
    const scale = { apiVersion: 'extensions/v1beta1', kind: 'Scale', metadata: { name: 'applied-scale' }, spec: { replicas: 3 } };
    const refused = await workloads.server.client.patch(`${path}/scale?fieldManager=hpa`, 'apply-patch+yaml', scale);
    expect(refused.failure).toBe(
      '409 Conflict: Apply failed with 1 conflict: conflict with "tester" using extensions/v1beta1: .spec.replicas',
    );
    const answer = await workloads.server.client.patch(`${path}/scale?fieldManager=hpa&force=true`, 'apply-patch+yaml', scale);
    expect(answer.json()).toMatchObject({ apiVersion: 'extensions/v1beta1', spec: { replicas: 3 } });
    const { managedFields } = (await workloads.read('apps/v1', 'deployments', 'applied-scale')).metadata;
    expect(managedFields).toContainEqual({
      manager: 'hpa',
      operation: 'Apply',
      apiVersion: 'extensions/v1beta1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
      subresource: 'scale',
    });
  });
});
