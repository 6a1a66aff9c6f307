import { type FieldError, type FieldPath, invalidField, required, tooLong } from '@keelson/machinery';

const maxBytes = 256 * 1024;
const maxCount = 512;

/** What a class tells its driver. */
export function validateDriverParameters(
  parameters: Readonly<Record<string, string>> = {},
  at: FieldPath,
  { allowEmpty }: { readonly allowEmpty: boolean },
): FieldError[] {
  const entries = Object.entries(parameters);
  if (entries.length === 0 && !allowEmpty) return [required(at, 'must contain at least one key/value pair')];
  if (entries.length > maxCount) return [tooLong(at, maxCount)];
  const errors = entries.filter(([key]) => key === '').map(([key]) => invalidField(at, key, 'field can not be empty.'));
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return bytes > maxBytes ? [...errors, tooLong(at, maxBytes)] : errors;
}
