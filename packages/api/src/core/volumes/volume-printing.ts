import type { KubeObject } from '@keelson/machinery';

/** Abbreviations, in the order in which tables list them. */
const accessModes: readonly (readonly [mode: string, text: string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** `RWO,ROX` */
export function accessModesText(modes: readonly string[] | undefined): string {
  return accessModes
    .filter(([mode]) => modes?.includes(mode))
    .map(([, text]) => text)
    .join(',');
}

/** How the class was named before it had a field; still read. */
const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

/** The storage class of a volume or claim; '' when it has none. */
export function storageClassOf({ metadata, spec }: KubeObject & { readonly spec: { readonly storageClassName?: string } }): string {
  return metadata.annotations?.[classAnnotation] ?? spec.storageClassName ?? '';
}
