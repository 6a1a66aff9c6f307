import { type FieldError, invalidField, tooLong } from '../field/field-error.js';
import type { FieldPath } from '../field/path.js';
import { qualifiedName } from '../meta/name-forms.js';

const maxTotalBytes = 256 * 1024;

export function validateAnnotations(annotations: Readonly<Record<string, string>> | undefined, path: FieldPath): FieldError[] {
  if (annotations === undefined) return [];
  const errors: FieldError[] = [];
  let totalBytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    // Upper case is allowed in the prefix too, for annotations only.
    for (const detail of qualifiedName(key.toLowerCase())) errors.push(invalidField(path, key, detail));
    totalBytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (totalBytes > maxTotalBytes) errors.push(tooLong(path, maxTotalBytes));
  return errors;
}
