import { stopTestServers } from '@keelson/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLegacyServer } from '../testing/legacy-server.js';
import { template, WorkloadClient } from './testing/workload-client.js';

let workloads: WorkloadClient;
beforeAll(async () => {
  workloads = new WorkloadClient(await startLegacyServer());
});
afterAll(stopTestServers);

describe('a rollback', () => {
  const ask = (apiVersion: string, name: string, body: object) =>
    workloads.server.client.post(`${workloads.path(apiVersion, 'deployments', name)}/rollback`, body);

  it.each([
    ['extensions/v1beta1', ''],
    ['apps/v1beta1', '; use apps/v1 DeploymentRollback'],
  ])('is asked for in %s', async (apiVersion, replacement) => {
    const name = `back-${apiVersion.replace('/', '-')}`;
    await workloads.create(apiVersion, 'deployments', name, { template });
    const answer = await ask(apiVersion, name, { name, updatedAnnotations: { why: 'broken' }, rollbackTo: { revision: 2 } });
    expect(answer.json()).toMatchObject({ status: 'Success', message: `rollback request for deployment "${name}" succeeded`, code: 200 });
    expect(answer.headers.warning).toBe(
      `299 - "${apiVersion} DeploymentRollback is deprecated in v1.8+, unavailable in v1.16+${replacement}"`,
    );
    expect(await workloads.read(apiVersion, 'deployments', name)).toMatchObject({
      metadata: { annotations: { why: 'broken' }, generation: 2 },
      spec: { rollbackTo: { revision: 2 } },
    });
    expect((await workloads.read('apps/v1', 'deployments', name)).metadata.annotations).toEqual({
      why: 'broken',
      'deprecated.deployment.rollback.to': '2',
    });
  });

  it('names its deployment, and a revision that can be', async () => {
    const failures = async (body: object) => (await ask('extensions/v1beta1', 'x', body)).failure;
    expect(await failures({ name: 'y' })).toBe('400 BadRequest: name in URL does not match name in DeploymentRollback object');
    expect(await failures({ name: 'x' })).toBe('404 NotFound: deployments.extensions "x" not found');
    expect(await failures({ name: '', rollbackTo: { revision: -1 } })).toBe(
      '422 Invalid: DeploymentRollback.apps "" is invalid: [name: Required value: name is required, ' +
        'rollback.version: Invalid value: -1: must be greater than or equal to 0]',
    );
  });

  it('is nothing that apps/v1beta2 has', async () => {
    expect((await ask('apps/v1beta2', 'x', { name: 'x' })).code).toBe(404);
  });

  it('may not go to before the first', async () => {
    const answer = await workloads.server.client.post(workloads.path('extensions/v1beta1', 'deployments'), {
      metadata: { name: 'x' },
      spec: { template, rollbackTo: { revision: -1 } },
    });
    expect(answer.failure).toBe(
      '422 Invalid: Deployment.apps "x" is invalid: spec.rollback.version: Invalid value: -1: must be greater than or equal to 0',
    );
  });
});
