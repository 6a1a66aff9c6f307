import { type FieldError, type FieldPath, forbiddenField, notSupported, path, required } from '@keelson/machinery';
import { validateOptionalEnumerated } from '../../validation/enumerated.js';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const volumeModes = ['Block', 'Filesystem'];

/** Access modes of a volume or claim, but for that there must be some. */
export function validateAccessModeNames(modes: readonly string[], at: FieldPath): FieldError[] {
  const errors = modes.filter((mode) => !accessModes.includes(mode)).map((mode) => notSupported(at, mode, accessModes));
  const known = new Set(modes.filter((mode) => accessModes.includes(mode)));
  if (known.has('ReadWriteOncePod') && known.size > 1) {
    errors.push(forbiddenField(at, 'may not use ReadWriteOncePod with other access modes'));
  }
  return errors;
}

export function validateAccessModes(modes: readonly string[] | undefined, at: FieldPath): FieldError[] {
  return modes?.length ? validateAccessModeNames(modes, at) : [required(at)];
}

export function validateVolumeMode(mode: string | undefined, at: FieldPath): FieldError[] {
  return validateOptionalEnumerated(mode, at, volumeModes);
}

interface WithClass {
  readonly volumeAttributesClassName?: string;
}

/** A volume attributes class can be changed, but not given up (KEP-3751). */
export function validateClassChange(
  { volumeAttributesClassName: now }: WithClass,
  { volumeAttributesClassName: old }: WithClass,
): FieldError[] {
  if (old === undefined || now !== undefined) return [];
  return [forbiddenField(path('spec', 'volumeAttributesClassName'), 'update from non-nil value to nil is forbidden')];
}
