import { type AdmissionAttributes, type AdmissionPlugin, formatGroupResource } from '@keelson/machinery';
import { onCreate } from '../operations.js';

/** The finalizer that keeps an object while it is used, by resource. */
const PROTECTION: Readonly<Record<string, string>> = {
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  persistentvolumes: 'kubernetes.io/pv-protection',
  'volumeattributesclasses.storage.k8s.io': 'kubernetes.io/vac-protection',
};

/** Volumes and claims are not gone before nobody uses them. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  handles: onCreate,
  admit({ resource, subresource, object }: AdmissionAttributes): void {
    const name = formatGroupResource(resource);
    if (subresource !== '' || object === undefined || !Object.hasOwn(PROTECTION, name)) return;
    const finalizer = PROTECTION[name] as string;
    const { metadata } = object;
    if (!metadata.finalizers?.includes(finalizer)) metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
  },
};
