import { path } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { sourceWarnings } from '../../pod/warnings/volume-warnings.js';
import { nodeTermWarnings } from '../../warnings/node-label-warnings.js';

const annotationsPath = path('metadata', 'annotations');
const spec = path('spec');

/** Annotations that have become fields. */
const replaced: Readonly<Record<string, string>> = {
  'volume.beta.kubernetes.io/storage-class': 'deprecated since v1.8; use "storageClassName" attribute instead',
  'volume.beta.kubernetes.io/mount-options': 'deprecated since v1.31; use "mountOptions" attribute instead',
};

const sources = ['cephfs', 'photonPersistentDisk', 'scaleIO', 'storageos', 'glusterfs', 'rbd'] as const;

export function volumeWarnings(volume: core.v1.PersistentVolume): string[] {
  const { persistentVolumeReclaimPolicy: policy, nodeAffinity } = volume.spec;
  const annotated = Object.keys(replaced).filter((key) => volume.metadata.annotations?.[key] !== undefined);
  const recycling = 'The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';
  const terms = spec.child('nodeAffinity', 'required', 'nodeSelectorTerms');
  return [
    ...annotated.map((key) => `${annotationsPath.key(key)}: ${replaced[key]}`),
    ...(policy === 'Recycle' ? [`${spec.child('persistentVolumeReclaimPolicy')}: ${recycling}`] : []),
    ...(nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap((term, i) => nodeTermWarnings(term, terms.index(i))),
    ...sourceWarnings(volume.spec, sources, spec),
  ];
}
