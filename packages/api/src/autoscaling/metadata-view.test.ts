import type { KubeObject } from '@keelson/machinery';
import { meta, unwrap } from '@keelson/schema';
import { startTestServer, stopTestServers } from '@keelson/server/testing';
import { afterAll, expect, it } from 'vitest';
import { allBuiltInGroups } from '../testing/all-built-in-groups.js';

afterAll(stopTestServers);

const protobuf = 'application/vnd.kubernetes.protobuf';
const partial = 'as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

it('shows the same metadata in every version, without the annotations by which one shows what it has no fields for', async () => {
  const { client } = await startTestServer({ groups: allBuiltInGroups() });
  const one = (version: string) => `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers/web`;
  const made = await client.post('/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers', {
    metadata: { name: 'web', annotations: { mine: 'kept' } },
    spec: {
      maxReplicas: 3,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      metrics: [{ type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 50 } } }],
    },
  });
  expect(made.code).toBe(201);
  const annotation = 'autoscaling.alpha.kubernetes.io/metrics';
  expect(Object.keys((await client.get(one('v1'))).json<KubeObject>().metadata.annotations ?? {})).toContain(annotation);

  const { metadata } = (await client.get(one('v2'))).json<KubeObject>();
  const view = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
  expect(metadata.annotations).toEqual({ mine: 'kept' });
  for (const version of ['v1', 'v2']) {
    expect((await client.get(one(version), { accept: `application/json;${partial}` })).json()).toEqual(view);
    const { bytes } = await client.get(one(version), { accept: `${protobuf};${partial}` });
    const { message } = unwrap(bytes);
    expect(meta.v1.PartialObjectMetadata.codec.decode(message).metadata).toEqual(metadata);
  }
});
