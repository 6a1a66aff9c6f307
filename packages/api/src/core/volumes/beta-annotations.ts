import { type KubeObject, path } from '@keelson/machinery';

/** Annotations that have become fields of volumes and claims; still read. */
export const betaClass = 'volume.beta.kubernetes.io/storage-class';
export const betaMountOptions = 'volume.beta.kubernetes.io/mount-options';

const replacements = {
  [betaClass]: 'deprecated since v1.8; use "storageClassName" attribute instead',
  [betaMountOptions]: 'deprecated since v1.31; use "mountOptions" attribute instead',
} as const;

export function betaAnnotationWarnings({ metadata }: KubeObject, keys: readonly (keyof typeof replacements)[]): string[] {
  const annotated = keys.filter((key) => metadata.annotations?.[key] !== undefined);
  return annotated.map((key) => `${path('metadata', 'annotations').key(key)}: ${replacements[key]}`);
}
