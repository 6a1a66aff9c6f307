import type { AdmissionAttributes, AdmissionPlugin } from '@keelson/machinery';

/** The finalizer that keeps an object while it is used, by resource of the core group. */
const PROTECTION: Readonly<Record<string, string>> = {
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  persistentvolumes: 'kubernetes.io/pv-protection',
};

/** Volumes and claims are not gone before nobody uses them. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  handles: (operation) => operation === 'CREATE',
  admit({ resource, subresource, object }: AdmissionAttributes): void {
    if (resource.group !== '' || subresource !== '' || object === undefined || !Object.hasOwn(PROTECTION, resource.resource)) return;
    const finalizer = PROTECTION[resource.resource] as string;
    const { metadata } = object;
    if (!metadata.finalizers?.includes(finalizer)) metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
  },
};
