import { stopTestServers } from '@keelson/server/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLegacyServer } from '../../testing/legacy-server.js';
import { labels, selector, template, type Workload, WorkloadClient } from '../testing/workload-client.js';

let workloads: WorkloadClient;
beforeAll(async () => {
  workloads = new WorkloadClient(await startLegacyServer());
});
afterAll(stopTestServers);

/** Without the template, whose defaults are those of apps/v1. */
function specOf({ spec: { template: _template, ...spec } }: Workload): object {
  return spec;
}

const sts = { updateStrategy: { type: 'OnDelete' }, podManagementPolicy: 'OrderedReady', serviceName: 'web' };
const retain = { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' } };
const quarter = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } } };
const oneByOne = { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } } };

describe('each version fills in what it did', () => {
  it.each([
    [
      'extensions/v1beta1',
      'deployments',
      {},
      {
        replicas: 1,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } },
        revisionHistoryLimit: 2147483647,
        progressDeadlineSeconds: 2147483647,
      },
    ],
    ['apps/v1beta1', 'deployments', {}, { replicas: 1, ...quarter, revisionHistoryLimit: 2, progressDeadlineSeconds: 600 }],
    ['apps/v1beta2', 'deployments', { selector }, { replicas: 1, ...quarter, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }],
    ['extensions/v1beta1', 'daemonsets', {}, { updateStrategy: { type: 'OnDelete' }, revisionHistoryLimit: 10 }],
    ['apps/v1beta2', 'daemonsets', { selector }, { ...oneByOne, revisionHistoryLimit: 10 }],
    ['extensions/v1beta1', 'replicasets', {}, { replicas: 1 }],
    ['apps/v1beta2', 'replicasets', { selector }, { replicas: 1 }],
    ['apps/v1beta1', 'statefulsets', { serviceName: 'web' }, { replicas: 1, ...sts, ...retain, revisionHistoryLimit: 10 }],
    [
      'apps/v1beta2',
      'statefulsets',
      { serviceName: 'web', selector },
      {
        replicas: 1,
        ...sts,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        ...retain,
        revisionHistoryLimit: 10,
      },
    ],
  ])('%s %s', async (apiVersion, plural, spec, expected) => {
    const name = `filled-${apiVersion.replace('/', '-')}`;
    const made = await workloads.create(apiVersion, plural, name, { ...spec, template });
    const followsTemplate = !('selector' in spec);
    expect([made.apiVersion, made.metadata.labels]).toEqual([apiVersion, followsTemplate ? labels : undefined]);
    const current = await workloads.read('apps/v1', plural, name);
    expect(specOf(current)).toEqual({ ...expected, selector });
    expect(current.metadata.labels).toEqual(made.metadata.labels);
    // The number of the template is a field here and an annotation there.
    const generation = plural === 'daemonsets' && apiVersion === 'extensions/v1beta1' ? { templateGeneration: 1 } : {};
    expect(specOf(await workloads.read(apiVersion, plural, name))).toEqual({ ...expected, selector, ...generation });
    expect((await workloads.read(apiVersion, plural, name)).spec.template).toEqual(current.spec.template);
  });

  it('wants a selector since apps/v1beta2', async () => {
    const answer = await workloads.server.client.post(workloads.path('apps/v1beta2', 'deployments'), {
      metadata: { name: 'x' },
      spec: { template },
    });
    expect(answer.failure).toContain('422 Invalid: Deployment.apps "x" is invalid: [spec.selector: Required value, ');
  });

  it('completes the steps of a rolling update of extensions/v1beta1 by whole pods', async () => {
    const strategy = { rollingUpdate: { maxSurge: '50%' } };
    const { spec } = await workloads.create('extensions/v1beta1', 'deployments', 'stepped', { template, strategy });
    expect(spec.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: '50%' } });
  });
});
