import { type FieldError, type FieldPath, invalidField } from '@keelson/machinery';

/** A path that does not climb. */
export function validateNoBacksteps(text: string, at: FieldPath): FieldError[] {
  return climbs(text) ? [invalidField(at, text, "must not contain '..'")] : [];
}

export function climbs(text: string): boolean {
  return text.includes('..') && text.split('/').includes('..');
}

/** A path below some folder. */
export function validateRelativePath(text: string, at: FieldPath): FieldError[] {
  return [...(text.startsWith('/') ? [invalidField(at, text, 'must be a relative path')] : []), ...validateNoBacksteps(text, at)];
}

/** A path below a volume, in which names that start with `..` are for the kubelet. */
export function validateVolumeFilePath(text: string, at: FieldPath): FieldError[] {
  const reserved = text.startsWith('..') && !text.startsWith('../');
  return [...validateRelativePath(text, at), ...(reserved ? [invalidField(at, text, "must not start with '..'")] : [])];
}
