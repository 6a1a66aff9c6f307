import { path } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { sourceWarnings } from '../../pod/warnings/volume-warnings.js';
import { nodeTermWarnings } from '../../warnings/node-label-warnings.js';
import { betaAnnotationWarnings, betaClass, betaMountOptions } from './beta-annotations.js';

const spec = path('spec');

const sources = ['cephfs', 'photonPersistentDisk', 'scaleIO', 'storageos', 'glusterfs', 'rbd'] as const;

export function volumeWarnings(volume: core.v1.PersistentVolume): string[] {
  const { persistentVolumeReclaimPolicy: policy, nodeAffinity } = volume.spec;
  const recycling = 'The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';
  const terms = spec.child('nodeAffinity', 'required', 'nodeSelectorTerms');
  return [
    ...betaAnnotationWarnings(volume, [betaClass, betaMountOptions]),
    ...(policy === 'Recycle' ? [`${spec.child('persistentVolumeReclaimPolicy')}: ${recycling}`] : []),
    ...(nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap((term, i) => nodeTermWarnings(term, terms.index(i))),
    ...sourceWarnings(volume.spec, sources, spec),
  ];
}
