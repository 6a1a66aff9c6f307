import { type FieldError, forbiddenField, invalidField } from '../field/field-error.js';
import type { FieldPath } from '../field/path.js';
import { qualifiedName } from '../meta/name-forms.js';
import { quote } from '../quote.js';

const orphanDependents = 'orphan';
const deleteDependents = 'foregroundDeletion';
const standardFinalizers: ReadonlySet<string> = new Set(['kubernetes', orphanDependents, deleteDependents]);

export function validateFinalizers(finalizers: readonly string[] | undefined, path: FieldPath): FieldError[] {
  if (finalizers === undefined) return [];
  const errors = finalizers.flatMap((name) => qualifiedName(name).map((detail) => invalidField(path, name, detail)));
  if (finalizers.includes(orphanDependents) && finalizers.includes(deleteDependents)) {
    errors.push(invalidField(path, finalizers, `finalizer ${orphanDependents} and ${deleteDependents} cannot be both set`));
  }
  return errors;
}

/** The stricter rule of built-in kinds: a name without a prefix must be one of the standard finalizers. */
export function validateStandardFinalizer(name: string, path: FieldPath): FieldError[] {
  const errors = qualifiedName(name).map((detail) => invalidField(path, name, detail));
  if (!name.includes('/') && !standardFinalizers.has(name)) {
    errors.push(invalidField(path, name, 'name is neither a standard finalizer name nor is it fully qualified'));
  }
  return errors;
}

/** While an object is being deleted, finalizers can only go. */
export function validateNoNewFinalizers(
  finalizers: readonly string[] | undefined,
  oldFinalizers: readonly string[] | undefined,
  path: FieldPath,
): FieldError[] {
  const added = [...new Set(finalizers)].filter((name) => !oldFinalizers?.includes(name)).sort();
  if (added.length === 0) return [];
  const list = `[]string{${added.map(quote).join(', ')}}`;
  return [forbiddenField(path, `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`)];
}
