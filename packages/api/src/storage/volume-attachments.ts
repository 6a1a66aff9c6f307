import { storage } from '@keelson/schema';
import { age, col, defineResource, nameColumn, status } from '@keelson/server';
import { validateVolumeAttachment } from './volume-attachments-validation.js';

type VolumeAttachment = storage.v1.VolumeAttachment;

export const volumeAttachments = defineResource<VolumeAttachment>(storage.v1.VolumeAttachment, {
  names: { plural: 'volumeattachments' },
  scope: 'Cluster',
  storage: { key: 'volumeattachments' },
  unconditionalUpdate: false,
  deleteReturns: 'object',
  resetFields: ['status'],
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
