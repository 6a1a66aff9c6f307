import { type FieldError, type FieldPath, type IntOrString, invalidField, percentOf, validateNonNegative } from '@keelson/machinery';

const percentage = /^[0-9]+%$/;

/** A count or a percentage, neither of them negative. */
export function validateIntOrPercent(value: IntOrString, at: FieldPath): FieldError[] {
  if (typeof value === 'number') return validateNonNegative(value, at);
  return percentage.test(value) ? [] : [invalidField(at, value, "must be an integer or percentage (e.g '5%%')")];
}

export function validateAtMostAll(value: IntOrString, at: FieldPath): FieldError[] {
  const percent = percentOf(value);
  return percent === undefined || percent <= 100 ? [] : [invalidField(at, value, 'must not be greater than 100%')];
}

/** The number of a count or a percentage; what is neither counts as nothing. */
export function numberOf(value: IntOrString | undefined): number {
  if (typeof value === 'number') return value;
  return value === undefined ? 0 : (percentOf(value) ?? 0);
}
