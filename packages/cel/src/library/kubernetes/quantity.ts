import { Quantity } from '@keelson/machinery';
import { declare, method, overload } from '../../environment/declarations.js';
import type { Library } from '../../environment/environment.js';
import { BOOL, DOUBLE, INT, STRING, structType } from '../../types/type.js';
import { EvaluationError, noSuchOverload } from '../../values/evaluation-error.js';
import { type Int, int } from '../../values/int.js';
import { type CelValue, Double, Opaque } from '../../values/value.js';
import { type Amount, addAmounts, amountOf, integerOf, negateAmount } from './quantity-amount.js';

export const QUANTITY = structType('kubernetes.Quantity');

class QuantityValue extends Opaque {
  readonly type = QUANTITY;

  constructor(
    readonly quantity: Quantity,
    readonly amount: Amount | undefined,
  ) {
    super();
  }

  equals(other: CelValue): boolean {
    if (!(other instanceof QuantityValue)) throw noSuchOverload();
    return this.quantity.equals(other.quantity);
  }

  toString(): string {
    return String(this.quantity);
  }
}

function parse(text: string): QuantityValue {
  try {
    return new QuantityValue(Quantity.parse(text), amountOf(text));
  } catch (error) {
    throw error instanceof RangeError ? new EvaluationError(error.message) : error;
  }
}

function isQuantity(text: string): boolean {
  try {
    Quantity.parse(text);
    return true;
  } catch {
    return false;
  }
}

function asInteger({ amount }: QuantityValue): Int {
  const value = integerOf(amount);
  if (value === undefined) throw new EvaluationError('cannot convert value to integer');
  return int(value);
}

const two = [QUANTITY, QUANTITY] as const;
const withInt = [QUANTITY, INT] as const;

function sum(a: QuantityValue, b: QuantityValue): QuantityValue {
  return new QuantityValue(a.quantity.add(b.quantity), addAmounts(a.amount, b.amount));
}

function negated({ quantity, amount }: QuantityValue): QuantityValue {
  return new QuantityValue(quantity.negate(), negateAmount(amount));
}

function ofInt(value: Int): QuantityValue {
  return new QuantityValue(Quantity.of(BigInt(value), 0, 'DecimalExponent'), { value: BigInt(value), scale: 0 });
}

/** Kubernetes' quantities, such as `500m` and `2Gi`. */
export const QUANTITIES: Library = {
  functions: [
    declare('quantity', overload('string_to_quantity', [STRING], QUANTITY, parse)),
    declare('isQuantity', overload('is_quantity_string', [STRING], BOOL, isQuantity)),
    declare(
      'sign',
      overload('quantity_sign', [QUANTITY], INT, ({ quantity }: QuantityValue) => quantity.sign),
    ),
    declare(
      'isGreaterThan',
      method('quantity_is_greater_than', two, BOOL, (a: QuantityValue, b: QuantityValue) => a.quantity.compare(b.quantity) > 0),
    ),
    declare(
      'isLessThan',
      method('quantity_is_less_than', two, BOOL, (a: QuantityValue, b: QuantityValue) => a.quantity.compare(b.quantity) < 0),
    ),
    declare(
      'compareTo',
      method('quantity_compare_to', two, INT, (a: QuantityValue, b: QuantityValue) => a.quantity.compare(b.quantity)),
    ),
    declare(
      'asApproximateFloat',
      method('quantity_get_float', [QUANTITY], DOUBLE, ({ quantity }: QuantityValue) => new Double(quantity.toNumber())),
    ),
    declare('asInteger', method('quantity_get_int', [QUANTITY], INT, asInteger)),
    declare(
      'isInteger',
      method('quantity_is_integer', [QUANTITY], BOOL, ({ amount }: QuantityValue) => integerOf(amount) !== undefined),
    ),
    declare(
      'add',
      method('quantity_add', two, QUANTITY, sum),
      method('quantity_add_int', withInt, QUANTITY, (a: QuantityValue, b: Int) => sum(a, ofInt(b))),
    ),
    declare(
      'sub',
      method('quantity_sub', two, QUANTITY, (a: QuantityValue, b: QuantityValue) => sum(a, negated(b))),
      method('quantity_sub_int', withInt, QUANTITY, (a: QuantityValue, b: Int) => sum(a, negated(ofInt(b)))),
    ),
  ],
};
