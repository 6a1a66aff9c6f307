import {
  type FieldError,
  type FieldPath,
  type IntOrString,
  invalidField,
  percent,
  percentOf,
  validateNonNegative,
} from '@keelson/machinery';
import { validateForm } from './names.js';

/** A count or a percentage, neither of them negative. */
export function validateIntOrPercent(value: IntOrString, at: FieldPath): FieldError[] {
  return typeof value === 'number' ? validateNonNegative(value, at) : validateForm(value, at, percent);
}

export function validateAtMostAll(value: IntOrString, at: FieldPath): FieldError[] {
  const percentage = percentOf(value);
  return percentage === undefined || percentage <= 100 ? [] : [invalidField(at, value, 'must not be greater than 100%')];
}

/** The number of a count, also one that is written as text, or of a percentage; what is neither counts as nothing. */
export function numberOf(value: IntOrString | undefined): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  return percentOf(value) ?? (/^[+-]?\d+$/.test(value) ? Number(value) : 0);
}
