import { type FieldError, invalidField, tooLong } from '../field/field-error.js';
import type { FieldPath } from '../field/path.js';
import type { ManagedFieldsEntry } from '../meta/object.js';
import { isAllPrintable, isPrintable } from '../quote.js';

const maxManagerBytes = 128;
const maxSubresourceBytes = 256;

export function validateManagedFields(entries: readonly ManagedFieldsEntry[] | undefined, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  entries?.forEach((entry, i) => void errors.push(...validateManagedFieldsEntry(entry, path.index(i))));
  return errors;
}

function validateManagedFieldsEntry(entry: ManagedFieldsEntry, path: FieldPath): FieldError[] {
  const { operation = '', fieldsType = '', manager = '', subresource = '' } = entry;
  const errors: FieldError[] = [];
  if (operation !== 'Apply' && operation !== 'Update') {
    errors.push(invalidField(path.child('operation'), operation, 'must be `Apply` or `Update`'));
  }
  if (fieldsType !== '' && fieldsType !== 'FieldsV1') errors.push(invalidField(path.child('fieldsType'), fieldsType, 'must be `FieldsV1`'));
  errors.push(...validateFieldManager(manager, path.child('manager')));
  if (Buffer.byteLength(subresource) > maxSubresourceBytes) errors.push(tooLong(path.child('subresource'), maxSubresourceBytes));
  return errors;
}

/** The name of a field manager, in managedFields or as the `fieldManager` parameter of a write. */
export function validateFieldManager(manager: string, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (Buffer.byteLength(manager) > maxManagerBytes) errors.push(tooLong(path, maxManagerBytes));
  if (isAllPrintable(manager)) return errors;
  let positionBytes = 0;
  for (const char of manager) {
    if (!isPrintable(char)) errors.push(invalidField(path, manager, `invalid character ${codePoint(char)} (at position ${positionBytes})`));
    positionBytes += Buffer.byteLength(char);
  }
  return errors;
}

function codePoint(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
