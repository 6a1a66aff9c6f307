import { describe, expect, it } from 'vitest';
import { core } from '../gen/index.js';
import { isMirrorPod, podConfigMapNames, podResourceClaimNames, podSecretNames, podVolumeClaimNames } from './pod-references.js';

function pod(spec: object, status: object = {}): core.v1.Pod {
  return core.v1.Pod.codec.fromJson({ metadata: { name: 'p', namespace: 'ns' }, spec: { containers: [], ...spec }, status } as never);
}

const secretKey = (name: string) => ({ name: 'E', valueFrom: { secretKeyRef: { name, key: 'k' } } });
const configMapKey = (name: string) => ({ name: 'E', valueFrom: { configMapKeyRef: { name, key: 'k' } } });

describe('what a pod refers to', () => {
  it('are secrets to pull images with, and in the environment of every kind of container', () => {
    const found = podSecretNames(
      pod({
        imagePullSecrets: [{ name: 'pull' }, {}],
        initContainers: [{ name: 'i', env: [secretKey('init')] }],
        containers: [
          { name: 'c', envFrom: [{ secretRef: { name: 'from' } }, { configMapRef: { name: 'not' } }], env: [secretKey('from')] },
        ],
        ephemeralContainers: [{ name: 'e', env: [secretKey('ephemeral'), configMapKey('not')] }],
      }),
    );
    expect([...found]).toEqual(['pull', 'init', 'from', 'ephemeral']);
  });

  it.each<[string, object]>([
    ['azureFile', { secretName: 's', shareName: 'x' }],
    ['cephfs', { monitors: [], secretRef: { name: 's' } }],
    ['cinder', { volumeID: 'v', secretRef: { name: 's' } }],
    ['flexVolume', { driver: 'd', secretRef: { name: 's' } }],
    ['projected', { sources: [{ downwardAPI: {} }, { secret: { name: 's' } }] }],
    ['rbd', { monitors: [], image: 'i', secretRef: { name: 's' } }],
    ['secret', { secretName: 's' }],
    ['scaleIO', { gateway: 'g', system: 'y', secretRef: { name: 's' } }],
    ['iscsi', { targetPortal: 't', iqn: 'i', lun: 0, secretRef: { name: 's' } }],
    ['storageos', { secretRef: { name: 's' } }],
    ['csi', { driver: 'd', nodePublishSecretRef: { name: 's' } }],
  ])('are secrets of volumes: %s', (kind, source) => {
    const volumes = [
      { name: 'v', [kind]: source },
      { name: 'e', emptyDir: {} },
    ];
    expect([...podSecretNames(pod({ volumes }))]).toEqual(['s']);
  });

  it('are config maps in environments and volumes', () => {
    const found = podConfigMapNames(
      pod({
        containers: [{ name: 'c', envFrom: [{ configMapRef: { name: 'from' } }], env: [configMapKey('key'), secretKey('not')] }],
        volumes: [
          { name: 'v', configMap: { name: 'volume' } },
          { name: 'p', projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }, { serviceAccountToken: { path: 't' } }] } },
        ],
      }),
    );
    expect([...found]).toEqual(['from', 'key', 'volume', 'kube-root-ca.crt']);
  });

  it('are claims, and those that are made for it', () => {
    const volumes = [
      { name: 'a', persistentVolumeClaim: { claimName: 'data' } },
      { name: 'scratch', ephemeral: { volumeClaimTemplate: {} } },
      { name: 'b', emptyDir: {} },
    ];
    expect([...podVolumeClaimNames(pod({ volumes }))]).toEqual(['data', 'p-scratch']);
  });

  it('are resource claims, those of templates as soon as they are made', () => {
    const resourceClaims = [
      { name: 'a', resourceClaimName: 'gpu' },
      { name: 'b', resourceClaimTemplateName: 't' },
      { name: 'c', resourceClaimTemplateName: 't' },
    ];
    const made = {
      resourceClaimStatuses: [{ name: 'b', resourceClaimName: 'p-b-x' }, { name: 'c' }],
      extendedResourceClaimStatus: { requestMappings: [], resourceClaimName: 'p-extended' },
    };
    expect([...podResourceClaimNames(pod({ resourceClaims }))]).toEqual(['gpu']);
    expect([...podResourceClaimNames(pod({ resourceClaims }, made))]).toEqual(['gpu', 'p-b-x', 'p-extended']);
  });
});

it('is a mirror of what a node runs by its annotation, whatever that says', () => {
  const shown = pod({});
  shown.metadata.annotations = { 'kubernetes.io/config.mirror': '' };
  expect([isMirrorPod(shown), isMirrorPod(pod({}))]).toEqual([true, false]);
});
