import { type FieldError, type FieldPath, invalidField, type Quantity } from '@keelson/machinery';
import { isCountedResource } from './resource-names.js';

/** An amount of a resource. */
export function validateResourceQuantity(name: string, quantity: Quantity, at: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (quantity.sign < 0) errors.push(invalidField(at, quantity.toString(), 'must be greater than or equal to 0'));
  if (isCountedResource(name) && quantity.milliValue() % 1000n !== 0n) {
    errors.push(invalidField(at, quantity.toString(), 'must be an integer'));
  }
  return errors;
}
