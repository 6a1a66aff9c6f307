import type { KubeObject } from '@keelson/machinery';
import { betaClass } from './beta-annotations.js';

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

/** The storage class of a volume or claim; '' when it has none. */
export function storageClassOf({ metadata, spec }: KubeObject & { readonly spec: { readonly storageClassName?: string } }): string {
  return metadata.annotations?.[betaClass] ?? spec.storageClassName ?? '';
}
