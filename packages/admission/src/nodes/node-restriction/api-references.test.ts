import { core } from '@keelson/schema';
import { expect, it } from 'vitest';
import { apiReferenceOf } from './api-references.js';

function reference(spec: object): string | undefined {
  return apiReferenceOf(core.v1.Pod.codec.fromJson({ metadata: { name: 'p' }, spec: { containers: [], ...spec } } as never));
}
const volume = (source: object) => ({
  volumes: [
    { name: 'e', emptyDir: {} },
    { name: 'v', ...source },
  ],
});
const projected = (source: object) => volume({ projected: { sources: [{ downwardAPI: {} }, source] } });

it.each<[object, string | undefined]>([
  [{}, undefined],
  [volume({ hostPath: { path: '/x' } }), undefined],
  [volume({ image: { reference: 'x' } }), undefined],
  [{ serviceAccountName: 'sa' }, 'serviceaccounts'],
  [{ imagePullSecrets: [{ name: 's' }] }, 'secrets'],
  [volume({ secret: { secretName: 's' } }), 'secrets'],
  [volume({ secret: {} }), 'secrets (via secret volumes)'],
  [volume({ configMap: { name: 'c' } }), 'configmaps'],
  [volume({ configMap: {} }), 'configmaps (via configmap volumes)'],
  [{ resourceClaims: [{ name: 'r' }] }, 'resourceclaims'],
  [volume({ csi: { driver: 'd' } }), 'csidrivers (via CSI volumes)'],
  [volume({ glusterfs: { endpoints: 'e', path: 'p' } }), 'endpoints (via glusterFS volumes)'],
  [volume({ persistentVolumeClaim: { claimName: 'c' } }), 'persistentvolumeclaims'],
  [volume({ ephemeral: {} }), 'persistentvolumeclaims (via ephemeral volumes)'],
  [volume({ azureFile: { secretName: '', shareName: 's' } }), 'secrets (via azureFile volumes)'],
  [projected({ configMap: {} }), 'configmaps (via projected volumes)'],
  [projected({ secret: {} }), 'secrets (via projected volumes)'],
  [projected({ serviceAccountToken: { path: 't' } }), 'serviceaccounts (via projected volumes)'],
  [projected({ clusterTrustBundle: { path: 't' } }), 'clustertrustbundles'],
  [projected({ podCertificate: { signerName: 's' } }), 'podcertificates'],
  [projected({ downwardAPI: {} }), undefined],
])('%j refers to %s', (spec, expected) => {
  expect(reference(spec)).toBe(expected);
});

it('does not guess what volumes of kinds it does not know need', () => {
  expect(() => reference(volume({}))).toThrow(new Error('unknown volume type for volume "v"'));
  expect(() => reference(projected({}))).toThrow(new Error('unknown source type for projected volume "v"'));
});
