import type { AdmissionAttributes, KubeObject } from '@keelson/machinery';
import type { core } from '@keelson/schema';

type Claim = core.v1.PersistentVolumeClaim;

/** Where claims named their class before there was a field for it. */
const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

/** The written object as a claim; undefined when it is something else, or a subresource of a claim. */
export function claimOf({ resource, subresource }: AdmissionAttributes, object: KubeObject | undefined): Claim | undefined {
  const isClaim = resource.group === '' && resource.resource === 'persistentvolumeclaims' && subresource === '';
  return isClaim ? (object as Claim | undefined) : undefined;
}

/** Whether a claim says of what class it is, be it of none. */
export function hasStorageClass({ metadata, spec }: Claim): boolean {
  return metadata.annotations?.[CLASS_ANNOTATION] !== undefined || spec.storageClassName !== undefined;
}

/** The class of a claim, or ''. */
export function storageClassOf({ metadata, spec }: Claim): string {
  return metadata.annotations?.[CLASS_ANNOTATION] ?? spec.storageClassName ?? '';
}
