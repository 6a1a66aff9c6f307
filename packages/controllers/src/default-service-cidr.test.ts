import type { core, networking } from '@keelson/schema';
import { stopTestServers, type TestServer } from '@keelson/server/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { DefaultServiceCidr } from './default-service-cidr.js';
import { fail, startBuiltInServer, storedRevisions } from './testing/built-in-server.js';

type ServiceCIDR = networking.v1.ServiceCIDR;

afterEach(stopTestServers);

const path = '/apis/networking.k8s.io/v1/servicecidrs/kubernetes';

/** One round of the controller of a server with these flags. */
async function reconcile({ api }: TestServer, ...ranges: string[]): Promise<void> {
  const controller = new DefaultServiceCidr(api.loopback, ranges, fail);
  await controller.start();
  await controller.stop();
}

async function stored({ client }: TestServer): Promise<ServiceCIDR> {
  return (await client.get(path)).json<ServiceCIDR>();
}

async function warnings({ client }: TestServer): Promise<core.v1.Event[]> {
  return (await client.get('/api/v1/namespaces/default/events')).json<core.v1.EventList>().items ?? [];
}

const ready = {
  type: 'Ready',
  status: 'True',
  lastTransitionTime: expect.any(String),
  reason: '',
  message: 'Kubernetes default Service CIDR is ready',
};

describe('the default ServiceCIDR', () => {
  it('is made of the flag, and ready', async () => {
    const server = await startBuiltInServer();
    await reconcile(server, '10.96.7.1/12', 'fd00:10::/112');
    const { metadata, spec, status } = await stored(server);
    expect({ spec, status }).toEqual({ spec: { cidrs: ['10.96.0.0/12', 'fd00:10::/112'] }, status: { conditions: [ready] } });
    expect(metadata.managedFields).toEqual([
      {
        manager: 'kubernetes-service-cidr-controller',
        operation: 'Apply',
        apiVersion: 'networking.k8s.io/v1',
        time: expect.any(String),
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:status': {
            'f:conditions': {
              'k:{"type":"Ready"}': { '.': {}, 'f:lastTransitionTime': {}, 'f:message': {}, 'f:status': {}, 'f:type': {} },
            },
          },
        },
        subresource: 'status',
      },
      {
        manager: 'kube-apiserver',
        operation: 'Update',
        apiVersion: 'networking.k8s.io/v1',
        time: expect.any(String),
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': { 'f:cidrs': {} } },
      },
    ]);
  });

  it('is not changed by another replica of the same flags', async () => {
    const first = await startBuiltInServer();
    await reconcile(first, '10.0.0.0/24');
    const before = await storedRevisions(first);
    const second = await startBuiltInServer(first.backend);
    await reconcile(second, '10.0.0.0/24');
    expect(await storedRevisions(first)).toEqual(before);
    expect(Object.keys(before)).toEqual(['/registry/servicecidrs/kubernetes']);
  });

  it('stays as it is when the flag says something else, and users are told once', async () => {
    const server = await startBuiltInServer();
    await reconcile(server, '10.0.0.0/24', 'fd00:10::/112');
    const before = await stored(server);
    await reconcile(server, '10.1.0.0/24');
    expect(await stored(server)).toEqual(before);
    expect(await warnings(server)).toMatchObject([
      {
        metadata: { name: expect.stringMatching(/^kubernetes\.[0-9a-f]{16}$/), namespace: 'default' },
        involvedObject: {
          kind: 'ServiceCIDR',
          apiVersion: 'networking.k8s.io/v1',
          name: 'kubernetes',
          uid: before.metadata.uid,
          resourceVersion: before.metadata.resourceVersion,
        },
        reason: 'KubernetesDefaultServiceCIDRInconsistent',
        message: 'The default ServiceCIDR [10.0.0.0/24 fd00:10::/112] does not match the controller flag configurations [10.1.0.0/24]',
        source: { component: 'kubernetes-service-cidr-controller' },
        count: 1,
        type: 'Warning',
        eventTime: null,
        reportingComponent: 'kubernetes-service-cidr-controller',
        reportingInstance: '',
      },
    ]);
  });

  it('gets a second family when the flag does', async () => {
    const server = await startBuiltInServer();
    await reconcile(server, '10.0.0.0/24');
    await reconcile(server, '10.0.0.0/24', 'fd00:10::/112');
    const { spec, status } = await stored(server);
    expect({ spec, status }).toEqual({ spec: { cidrs: ['10.0.0.0/24', 'fd00:10::/112'] }, status: { conditions: [ready] } });
    expect(await warnings(server)).toEqual([]);
  });

  it('is not declared ready against somebody who says that it is not', async () => {
    const server = await startBuiltInServer();
    await reconcile(server, '10.0.0.0/24');
    const notReady = {
      ...ready,
      status: 'False',
      lastTransitionTime: '2026-01-01T00:00:00Z',
      reason: 'Terminating',
      message: 'a router is down',
    };
    const patch = { status: { conditions: [notReady] } };
    await server.client.patch(`${path}/status`, 'merge-patch+json', patch);
    await reconcile(server, '10.0.0.0/24');
    expect((await stored(server)).status.conditions).toEqual([notReady]);
    expect(await warnings(server)).toMatchObject([{ reason: 'Terminating', message: 'Configuration matches, but a router is down' }]);
  });

  it('is declared ready where nothing is known of it', async () => {
    const server = await startBuiltInServer();
    await server.client.post('/apis/networking.k8s.io/v1/servicecidrs', {
      metadata: { name: 'kubernetes' },
      spec: { cidrs: ['10.0.0.0/24'] },
    });
    await reconcile(server, '10.0.0.0/24');
    expect((await stored(server)).status.conditions).toEqual([ready]);
  });
});
