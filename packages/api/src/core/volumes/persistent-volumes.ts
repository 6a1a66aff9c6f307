import { core } from '@keelson/schema';
import { age, col, defineResource, nameColumn, status, wide } from '@keelson/server';
import { gatedInVolumes } from '../../features/gated-fields.js';
import { roundResourceList } from '../../pod/resource-list.js';
import { volumeWarnings } from './persistent-volume-warnings.js';
import { validateVolume } from './persistent-volumes-validation.js';
import { accessModesText, storageClassOf } from './volume-printing.js';

type PersistentVolume = core.v1.PersistentVolume;

function claimText({ spec }: PersistentVolume): string {
  const { namespace = '', name = '' } = spec.claimRef ?? {};
  return spec.claimRef === undefined ? '' : `${namespace}/${name}`;
}

/** Who reports a phase without the time of its own has it filled in. */
function timeTransition(status: core.v1.PersistentVolumeStatus, old: core.v1.PersistentVolumeStatus, now: string): void {
  const before = old.lastPhaseTransitionTime;
  const given = status.lastPhaseTransitionTime;
  if (status.phase !== old.phase) {
    if (given === undefined || given === before) status.lastPhaseTransitionTime = now;
  } else if (given === undefined && before !== undefined) {
    status.lastPhaseTransitionTime = before;
  }
}

export const persistentVolumes = defineResource<PersistentVolume>(core.v1.PersistentVolume, {
  names: { plural: 'persistentvolumes', short: ['pv'] },
  scope: 'Cluster',
  metadataChecks: { own: 2, changes: 0 },
  gatedFields: gatedInVolumes,
  storage: { key: 'persistentvolumes' },
  deleteReturns: 'object',
  resetFields: ['status'],
  subresources: {
    status: status<PersistentVolume>({
      prepareForUpdate: ({ status }, { status: old }, { now }) => timeTransition(status, old, now),
    }),
  },
  defaults({ spec, status }) {
    status.phase ||= 'Pending';
    spec.persistentVolumeReclaimPolicy ||= 'Retain';
    spec.volumeMode ??= 'Filesystem';
    if (spec.hostPath) spec.hostPath.type ??= '';
    roundResourceList(spec.capacity);
  },
  prepareForCreate(volume, { now }) {
    volume.status = { phase: 'Pending', lastPhaseTransitionTime: now };
  },
  validate: validateVolume,
  warnings: volumeWarnings,
  columns: [
    nameColumn(),
    col('Capacity', ({ spec }) => spec.capacity?.storage ?? '0'),
    col('Access Modes', ({ spec }) => accessModesText(spec.accessModes)),
    col('Reclaim Policy', ({ spec }) => spec.persistentVolumeReclaimPolicy ?? ''),
    col('Status', ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : (status.phase ?? ''))),
    col('Claim', claimText),
    col('StorageClass', storageClassOf),
    col('VolumeAttributesClass', ({ spec }) => spec.volumeAttributesClassName ?? '<unset>'),
    col('Reason', ({ status }) => status.reason ?? ''),
    age(),
    wide('VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>'),
  ],
});
