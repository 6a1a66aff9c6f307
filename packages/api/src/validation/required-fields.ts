import { type FieldError, type FieldPath, required } from '@keelson/machinery';

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return Array.isArray(value) && value.length === 0;
}

/** Texts and lists of an object that must not be empty. */
export function validateRequired<T extends object>(object: T, at: FieldPath, fields: readonly (keyof T & string)[]): FieldError[] {
  return fields.filter((field) => isEmpty(object[field])).map((field) => required(at.child(field)));
}
