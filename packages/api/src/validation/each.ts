import type { FieldError, FieldPath } from '@keelson/machinery';

/** Findings about each item of a list at its own place. */
export function validateEach<T>(
  items: readonly T[] | null | undefined,
  at: FieldPath,
  validate: (item: T, at: FieldPath, index: number) => FieldError[],
): FieldError[] {
  if (!items?.length) return [];
  const errors: FieldError[] = [];
  items.forEach((item, i) => void errors.push(...validate(item, at.index(i), i)));
  return errors;
}
