import { stopTestServers } from '@keelson/server/testing';
import { afterEach, expect, it } from 'vitest';
import { SystemPriorityClasses } from './system-priority-classes.js';
import { fail, startBuiltInServer, storedRevisions } from './testing/built-in-server.js';

afterEach(stopTestServers);

it('makes the priority classes of the system, as kube-apiserver does', async () => {
  const server = await startBuiltInServer();
  const controller = new SystemPriorityClasses(server.api.loopback, fail);
  await controller.start();
  await controller.stop();
  const made = (await server.client.get('/apis/scheduling.k8s.io/v1/priorityclasses/system-node-critical')).json();
  expect(made).toEqual({
    kind: 'PriorityClass',
    apiVersion: 'scheduling.k8s.io/v1',
    metadata: {
      name: 'system-node-critical',
      uid: expect.any(String),
      resourceVersion: expect.any(String),
      generation: 1,
      creationTimestamp: expect.any(String),
      managedFields: [
        {
          manager: 'kube-apiserver',
          operation: 'Update',
          apiVersion: 'scheduling.k8s.io/v1',
          time: expect.any(String),
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:description': {}, 'f:preemptionPolicy': {}, 'f:value': {} },
        },
      ],
    },
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
    preemptionPolicy: 'PreemptLowerPriority',
  });
  const cluster = await server.client.get('/apis/scheduling.k8s.io/v1/priorityclasses/system-cluster-critical');
  expect(cluster.json()).toMatchObject({ value: 2_000_000_000 });
});

it('changes nothing where they are', async () => {
  const first = await startBuiltInServer();
  const one = new SystemPriorityClasses(first.api.loopback, fail);
  await one.start();
  const before = await storedRevisions(first);
  const second = await startBuiltInServer(first.backend);
  const other = new SystemPriorityClasses(second.api.loopback, fail);
  await other.start();
  expect(await storedRevisions(first)).toEqual(before);
  expect(Object.keys(before)).toEqual([
    '/registry/priorityclasses/system-cluster-critical',
    '/registry/priorityclasses/system-node-critical',
  ]);
  await Promise.all([one.stop(), other.stop()]);
});
