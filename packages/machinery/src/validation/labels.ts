import { type FieldError, invalidField } from '../field/field-error.js';
import type { FieldPath } from '../field/path.js';
import { labelValue, qualifiedName } from '../meta/name-forms.js';

/** Errors carry the path of the map, not of the entry: the value tells which entry is meant. */
export function validateLabels(labels: Readonly<Record<string, string>> | undefined, path: FieldPath): FieldError[] {
  if (labels === undefined) return [];
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels)) {
    for (const detail of qualifiedName(key)) errors.push(invalidField(path, key, detail));
    for (const detail of labelValue(value)) errors.push(invalidField(path, value, detail));
  }
  return errors;
}
