import { type FieldError, type FieldPath, notSupported, required } from '@keelson/machinery';

/** One of a few words, which must be there. The message lists them in the order given. */
export function validateEnumerated(
  value: string | null | undefined,
  at: FieldPath,
  supported: readonly string[],
  missing = '',
): FieldError[] {
  if (!value) return [required(at, missing)];
  return validateOptionalEnumerated(value, at, supported);
}

/** One of a few words, where absent is fine and an empty word is none of them. */
export function validateOptionalEnumerated(value: string | null | undefined, at: FieldPath, supported: readonly string[]): FieldError[] {
  return value === undefined || value === null || supported.includes(value) ? [] : [notSupported(at, value, supported)];
}

/** One of a few words, which must be there: an empty word is, but is none of them. */
export function validateSetEnumerated(value: string | undefined, at: FieldPath, supported: readonly string[]): FieldError[] {
  return value === undefined ? [required(at)] : validateOptionalEnumerated(value, at, supported);
}
