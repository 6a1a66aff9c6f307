import type { KubeObject } from '@keelson/machinery';
import { core, type KindSchema, resource, storage } from '@keelson/schema';
import { beforeEach, describe, expect, it } from 'vitest';
import { NodeGraph } from './node-graph.js';

let graph: NodeGraph;
beforeEach(() => {
  graph = new NodeGraph();
});

function object<T extends KubeObject>(kind: KindSchema<T>, json: object): T {
  return kind.codec.fromJson({ metadata: {}, ...json } as never);
}

interface PodForm {
  readonly name?: string;
  readonly node?: string;
  readonly mirror?: boolean;
  readonly spec?: object;
  readonly status?: object;
}

function pod({ name = 'p', node, mirror, spec, status }: PodForm = {}): core.v1.Pod {
  const annotations = mirror ? { 'kubernetes.io/config.mirror': 'x' } : undefined;
  return object(core.v1.Pod, {
    metadata: { name, namespace: 'ns', ...(annotations && { annotations }) },
    spec: { containers: [], ...(node && { nodeName: node }), ...spec },
    ...(status && { status }),
  });
}

function volume(claim: string | undefined, secret: string | undefined): core.v1.PersistentVolume {
  return object(core.v1.PersistentVolume, {
    metadata: { name: 'pv' },
    spec: {
      ...(claim && { claimRef: { namespace: 'ns', name: claim } }),
      csi: { driver: 'd', volumeHandle: 'h', ...(secret && { nodeStageSecretRef: { namespace: 'csi', name: secret } }) },
    },
  });
}

const everything = {
  serviceAccountName: 'sa',
  imagePullSecrets: [{ name: 'pull' }],
  volumes: [
    { name: 'c', configMap: { name: 'config' } },
    { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
  ],
  resourceClaims: [{ name: 'g', resourceClaimName: 'gpu' }],
};
const uses = [
  ['serviceAccount', 'sa'],
  ['secret', 'pull'],
  ['configMap', 'config'],
  ['volumeClaim', 'data'],
  ['resourceClaim', 'gpu'],
  ['pod', 'p'],
] as const;

const relatedTo = (node: string) => uses.filter(([kind, name]) => graph.isRelated(node, kind, 'ns', name)).map(([kind]) => kind);
const all = uses.map(([kind]) => kind);

describe('pods', () => {
  it('relate their node to themselves and what they use, in their namespace', () => {
    graph.pods.set(pod({ node: 'n1', spec: everything }));
    expect([relatedTo('n1'), relatedTo('n2')]).toEqual([all, []]);
    expect(graph.isRelated('n1', 'secret', 'other', 'pull')).toBe(false);
  });

  it('count from when they are bound until the last one is gone', () => {
    graph.pods.set(pod({ spec: everything }));
    expect(relatedTo('n1')).toEqual([]);
    const first = pod({ node: 'n1', spec: everything });
    const second = pod({ name: 'q', node: 'n1', spec: everything });
    graph.pods.set(first);
    graph.pods.set(second);
    graph.pods.delete(first);
    expect(relatedTo('n1')).toEqual(all.filter((kind) => kind !== 'pod'));
    graph.pods.delete(second);
    graph.pods.delete(second);
    expect(relatedTo('n1')).toEqual([]);
  });

  it('share what they use among nodes', () => {
    graph.pods.set(pod({ node: 'n1', spec: everything }));
    graph.pods.set(pod({ name: 'q', node: 'n2', spec: everything }));
    graph.pods.delete(pod({ node: 'n1', spec: everything }));
    expect([relatedTo('n1'), relatedTo('n2')]).toEqual([[], all.filter((kind) => kind !== 'pod')]);
  });

  it('come to use more: containers for debugging, claims made for them', () => {
    const wait = { resourceClaims: [{ name: 'g', resourceClaimTemplateName: 't' }] };
    graph.pods.set(pod({ node: 'n1', spec: wait }));
    const ephemeralContainers = [{ name: 'e', envFrom: [{ secretRef: { name: 'pull' } }] }];
    const resourceClaimStatuses = [{ name: 'g', resourceClaimName: 'gpu' }];
    graph.pods.set(pod({ node: 'n1', spec: { ...wait, ephemeralContainers }, status: { resourceClaimStatuses } }));
    expect(relatedTo('n1')).toEqual(['secret', 'resourceClaim', 'pod']);
  });

  it('that mirror what a node runs give it nothing but themselves', () => {
    graph.pods.set(pod({ node: 'n1', mirror: true, spec: everything }));
    expect(relatedTo('n1')).toEqual(['pod']);
  });
});

describe('volumes', () => {
  const related = () => [graph.isRelated('n1', 'volume', '', 'pv'), graph.isRelated('n1', 'secret', 'csi', 's')];

  it('relate through their claim, and so do the secrets they need', () => {
    graph.volumes.set(volume('data', 's'));
    expect(related()).toEqual([false, false]);
    graph.pods.set(pod({ node: 'n1', spec: everything }));
    expect(related()).toEqual([true, true]);
    expect([graph.isRelated('n2', 'volume', '', 'pv'), graph.isRelated('n2', 'secret', 'csi', 's')]).toEqual([false, false]);
    graph.pods.delete(pod());
    expect(related()).toEqual([false, false]);
  });

  it('relate as they are now', () => {
    graph.pods.set(pod({ node: 'n1', spec: everything }));
    graph.volumes.set(volume('data', 's'));
    graph.volumes.set(volume('data', undefined));
    expect(related()).toEqual([true, false]);
    graph.volumes.set(volume('other', 's'));
    expect(related()).toEqual([false, false]);
    graph.volumes.set(volume('data', 's'));
    graph.volumes.delete(volume('data', 's'));
    graph.volumes.delete(volume('data', 's'));
    expect(related()).toEqual([false, false]);
    graph.volumes.set(volume(undefined, 's'));
    expect(related()).toEqual([false, false]);
    expect(relatedTo('n1')).toEqual(all);
  });
});

it('relates attachments and slices to the node they name', () => {
  const attachment = object(storage.v1.VolumeAttachment, { metadata: { name: 'a' }, spec: { attacher: 'd', nodeName: 'n1', source: {} } });
  const slice = (nodeName?: string) =>
    object(resource.v1.ResourceSlice, {
      metadata: { name: 's' },
      spec: { driver: 'd', pool: { name: 'p', generation: 1, resourceSliceCount: 1 }, ...(nodeName ? { nodeName } : { allNodes: true }) },
    });
  graph.volumeAttachments.set(attachment);
  graph.resourceSlices.set(slice('n1'));
  const related = (node: string) => [graph.isRelated(node, 'volumeAttachment', '', 'a'), graph.isRelated(node, 'resourceSlice', '', 's')];
  expect([related('n1'), related('n2')]).toEqual([
    [true, true],
    [false, false],
  ]);
  graph.resourceSlices.set(slice());
  graph.volumeAttachments.delete(attachment);
  expect(related('n1')).toEqual([false, false]);
});
