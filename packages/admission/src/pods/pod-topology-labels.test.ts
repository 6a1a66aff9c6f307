import type { KubeObject } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { attributes, pods, readerOf } from '../testing/attributes.js';
import { PodTopologyLabels } from './pod-topology-labels.js';

const zone = { 'topology.kubernetes.io/zone': 'z1', 'topology.kubernetes.io/region': 'r1' };
const nodes = [
  { metadata: { name: 'placed', labels: { ...zone, 'kubernetes.io/hostname': 'placed' } } },
  { metadata: { name: 'bare', labels: { other: 'x' } } },
];

async function labelsOf(object: object, subresource = '') {
  const given = { metadata: { name: 'web', namespace: 'a' }, ...object } as KubeObject;
  await new PodTopologyLabels(readerOf(nodes), true).admit(attributes(pods, 'CREATE', given, { subresource }));
  return given.metadata.labels;
}

describe('PodTopologyLabels', () => {
  it.each([true, false])('has to do with new pods where it is on: %s', (isOn) => {
    const { handles } = new PodTopologyLabels(readerOf(nodes), isOn);
    expect([handles('CREATE'), handles('UPDATE')]).toEqual([isOn, false]);
  });

  it.each<[string, object, string, object | undefined]>([
    ['a pod that comes with a node', { spec: { nodeName: 'placed' } }, '', zone],
    [
      'a pod that says otherwise',
      { metadata: { labels: { app: 'web', 'topology.kubernetes.io/zone': 'z9' } }, spec: { nodeName: 'placed' } },
      '',
      { app: 'web', ...zone },
    ],
    ['a pod without a node', { spec: {} }, '', undefined],
    ['a pod of a node that says nothing', { spec: { nodeName: 'bare' } }, '', undefined],
    ['a pod of a node that is not there', { spec: { nodeName: 'gone' } }, '', undefined],
    ['a binding', { target: { kind: 'Node', name: 'placed' } }, 'binding', zone],
    ['a binding to something else', { target: { kind: 'Other', name: 'placed' } }, 'binding', undefined],
    ['another part of a pod', { spec: { nodeName: 'placed' } }, 'ephemeralcontainers', undefined],
  ])('gives %s the labels of its node', async (_, object, subresource, expected) => {
    expect(await labelsOf(object, subresource)).toEqual(expected);
  });
});
