import { defineGroup } from '@keelson/server';
import { csiDrivers } from './csi-drivers.js';
import { csiNodes } from './csi-nodes.js';
import { csiStorageCapacities } from './csi-storage-capacities.js';
import { storageClasses } from './storage-classes.js';
import { volumeAttachments } from './volume-attachments.js';
import { volumeAttributesClasses } from './volume-attributes-classes.js';

export const storageGroup = defineGroup({
  group: 'storage.k8s.io',
  priority: 16800,
  versions: [
    { version: 'v1', priority: 15, enabledByDefault: true },
    { version: 'v1beta1', priority: 9, enabledByDefault: false },
    { version: 'v1alpha1', priority: 1, enabledByDefault: false },
  ],
  resources: [csiDrivers, csiNodes, csiStorageCapacities, storageClasses, volumeAttachments, volumeAttributesClasses],
});
