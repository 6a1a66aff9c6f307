import type { Features } from '@keelson/machinery';

/** Something of an object that belongs to a feature. While that is off it is not taken. */
export interface GatedField<T> {
  /** Name of the feature gate. */
  readonly feature: string;
  isUsed(object: T): boolean;
  /** Takes it away, in place. */
  drop(object: T): void;
}

/** Takes away what belongs to features that are off, in place. An object that has it already, from a server that had them on, keeps it. */
export function dropDisabled<T>(fields: readonly GatedField<T>[], features: Features, object: T, old?: T): void {
  for (const field of fields) {
    if (features.get(field.feature) || (old !== undefined && field.isUsed(old))) continue;
    field.drop(object);
  }
}
