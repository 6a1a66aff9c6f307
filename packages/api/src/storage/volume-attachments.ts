import { storage } from '@keelson/schema';
import { age, col, defineResource, nameColumn, status } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { gatedInAttachments } from '../features/gated-fields.js';
import { validateVolumeAttachment } from './volume-attachments-validation.js';

type VolumeAttachment = storage.v1.VolumeAttachment;

export const volumeAttachments = defineResource<VolumeAttachment>(storage.v1.VolumeAttachment, {
  names: { plural: 'volumeattachments' },
  scope: 'Cluster',
  metadataChecks: { own: 2, changes: 0 },
  storage: { key: 'volumeattachments' },
  versions: [
    removedVersion(storage.v1beta1.VolumeAttachment, { deprecated: '1.19', removed: '1.22', use: storage.v1.VolumeAttachment }),
    removedVersion(storage.v1alpha1.VolumeAttachment, { deprecated: '1.21', removed: '1.24', use: storage.v1.VolumeAttachment }),
  ],
  unconditionalUpdate: false,
  deleteReturns: 'object',
  resetFields: ['status'],
  gatedFields: gatedInAttachments,
  subresources: { status: status<VolumeAttachment>({ keeps: ['metadata', 'spec'], validate: validateVolumeAttachment }) },
  validate: validateVolumeAttachment,
  columns: [
    nameColumn(),
    col('Attacher', ({ spec }) => spec.attacher, { format: 'name' }),
    col('PV', ({ spec }) => spec.source.persistentVolumeName ?? ''),
    col('Node', ({ spec }) => spec.nodeName),
    col('Attached', ({ status }) => status.attached, { type: 'boolean' }),
    age(),
  ],
});
