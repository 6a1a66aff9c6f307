import { type FieldError, forbiddenField, notSupported, path, required } from '@keelson/machinery';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const volumeModes = ['Block', 'Filesystem'];

/** Access modes of a volume or claim; `whyRequired` is what is said when there are none. */
export function validateAccessModes(modes: readonly string[] | undefined, whyRequired: string): FieldError[] {
  const at = path('spec', 'accessModes');
  if (!modes?.length) return [required(at, whyRequired)];
  const errors = modes.filter((mode) => !accessModes.includes(mode)).map((mode) => notSupported(at, mode, accessModes));
  if (modes.length > 1 && modes.includes('ReadWriteOncePod')) {
    errors.push(forbiddenField(at, 'may not use ReadWriteOncePod with other access modes'));
  }
  return errors;
}

export function validateVolumeMode(mode: string | undefined): FieldError[] {
  return mode === undefined || volumeModes.includes(mode) ? [] : [notSupported(path('spec', 'volumeMode'), mode, volumeModes)];
}
