import { expect, it } from 'vitest';
import { core } from '../gen/index.js';
import { nodeSecretsOfVolume } from './volume-references.js';

const claimRef = { kind: 'PersistentVolumeClaim', namespace: 'claims', name: 'c' };

function secretsOf(source: object): string[] {
  const volume = core.v1.PersistentVolume.codec.fromJson({ metadata: { name: 'v' }, spec: { claimRef, ...source } } as never);
  return nodeSecretsOfVolume(volume).map(({ namespace, name }) => `${namespace}/${name}`);
}

it.each<[object, string[]]>([
  [{ azureFile: { secretName: 's', shareName: 'x' } }, ['claims/s']],
  [{ azureFile: { secretName: 's', shareName: 'x', secretNamespace: 'own' } }, ['own/s']],
  [{ cephfs: { monitors: [], secretRef: { name: 's' } } }, ['claims/s']],
  [{ flexVolume: { driver: 'd', secretRef: { name: 's', namespace: 'own' } } }, ['own/s']],
  [{ rbd: { monitors: [], image: 'i', secretRef: { name: 's' } } }, ['claims/s']],
  [{ scaleIO: { gateway: 'g', system: 'y', secretRef: { name: 's' } } }, ['claims/s']],
  [{ iscsi: { targetPortal: 't', iqn: 'i', lun: 0, secretRef: { name: 's' } } }, ['claims/s']],
  [{ cinder: { volumeID: 'v', secretRef: { name: 's' } } }, []],
  [{ cinder: { volumeID: 'v', secretRef: { name: 's', namespace: 'own' } } }, ['own/s']],
  [{ storageos: { secretRef: { name: 's' } } }, []],
  [{ hostPath: { path: '/x' } }, []],
])('%j needs %j', (source, expected) => {
  expect(secretsOf(source)).toEqual(expected);
});

it('needs of a CSI driver only the secrets of its node side', () => {
  const secret = (name: string) => ({ namespace: 'csi', name });
  const csi = {
    driver: 'd',
    volumeHandle: 'h',
    controllerPublishSecretRef: secret('controller'),
    controllerExpandSecretRef: secret('expand'),
    nodePublishSecretRef: secret('publish'),
    nodeStageSecretRef: secret('stage'),
    nodeExpandSecretRef: secret('node-expand'),
  };
  expect(secretsOf({ csi })).toEqual(['csi/publish', 'csi/stage', 'csi/node-expand']);
});
