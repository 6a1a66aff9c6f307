import { declareWith, type FunctionDeclaration, overload } from '../environment/declarations.js';
import { Operator } from '../syntax/operators.js';
import { BYTES, type CelType, DOUBLE, DURATION, INT, listOf, STRING, TIMESTAMP, typeParameter, UINT } from '../types/type.js';
import { isList } from '../values/collections.js';
import { concatenate } from '../values/concatenation.js';
import { Duration } from '../values/duration.js';
import { EvaluationError, noSuchOverload } from '../values/evaluation-error.js';
import { add, divide, isInt, modulo, multiply, negate, subtract } from '../values/int.js';
import { Timestamp } from '../values/timestamp.js';
import { uint } from '../values/uint.js';
import { CelList, type CelValue, Double, Uint } from '../values/value.js';

const LIST_A = listOf(typeParameter('A'));

/** cel-go's names of the overloads of an operator on numbers. */
function numeric(name: string, ...types: readonly [string, CelType][]) {
  return types.map(([suffix, type]) => overload(`${name}_${suffix}`, [type, type], type));
}

const INTEGERS: readonly [string, CelType][] = [
  ['int64', INT],
  ['uint64', UINT],
];

export const ARITHMETIC: readonly FunctionDeclaration[] = [
  declareWith(
    Operator.Add,
    plus,
    overload('add_bytes', [BYTES, BYTES], BYTES),
    ...numeric('add', ['double', DOUBLE]),
    overload('add_duration_duration', [DURATION, DURATION], DURATION),
    overload('add_duration_timestamp', [DURATION, TIMESTAMP], TIMESTAMP),
    overload('add_timestamp_duration', [TIMESTAMP, DURATION], TIMESTAMP),
    ...numeric('add', ['int64', INT]),
    overload('add_list', [LIST_A, LIST_A], LIST_A),
    overload('add_string', [STRING, STRING], STRING),
    ...numeric('add', ['uint64', UINT]),
  ),
  declareWith(
    Operator.Subtract,
    minus,
    ...numeric('subtract', ['double', DOUBLE]),
    overload('subtract_duration_duration', [DURATION, DURATION], DURATION),
    ...numeric('subtract', ['int64', INT]),
    overload('subtract_timestamp_duration', [TIMESTAMP, DURATION], TIMESTAMP),
    overload('subtract_timestamp_timestamp', [TIMESTAMP, TIMESTAMP], DURATION),
    ...numeric('subtract', ['uint64', UINT]),
  ),
  declareWith(Operator.Multiply, times, ...numeric('multiply', ['double', DOUBLE], ...INTEGERS)),
  declareWith(Operator.Divide, dividedBy, ...numeric('divide', ['double', DOUBLE], ...INTEGERS)),
  declareWith(Operator.Modulo, rest, ...numeric('modulo', ...INTEGERS)),
  declareWith(Operator.Negate, negated, overload('negate_double', [DOUBLE], DOUBLE), overload('negate_int64', [INT], INT)),
];

/** What an operator answers when its first operand is of no type that it knows. Those that have methods are asked first, which name nothing. */
function unsupported(operator: string, operand: CelValue): EvaluationError {
  const hasMethods = typeof operand === 'string' || operand instanceof Duration || operand instanceof Timestamp;
  return hasMethods ? noSuchOverload() : new EvaluationError(`no such overload: ${operator}`);
}

export function plus(a: CelValue, b: CelValue): CelValue {
  if (isInt(a) && isInt(b)) return add(a, b);
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (a instanceof CelList) {
    const special = a.plus(b);
    if (special !== undefined) return special;
  }
  if (isList(a) && isList(b)) return concatenate(a, b);
  if (a instanceof Double && b instanceof Double) return new Double(a.value + b.value);
  if (a instanceof Uint && b instanceof Uint) return uint(a.value + b.value);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Uint8Array.of(...a, ...b);
  if (a instanceof Duration && b instanceof Duration) return Duration.of(a.nanos + b.nanos);
  if (a instanceof Duration && b instanceof Timestamp) return b.plus(a);
  if (a instanceof Timestamp && b instanceof Duration) return a.plus(b);
  throw isAddable(a) ? noSuchOverload() : unsupported(Operator.Add, a);
}

function isAddable(value: CelValue): boolean {
  return isSubtractable(value) || typeof value === 'string' || isList(value) || value instanceof Uint8Array;
}

function minus(a: CelValue, b: CelValue): CelValue {
  if (isInt(a) && isInt(b)) return subtract(a, b);
  if (a instanceof Double && b instanceof Double) return new Double(a.value - b.value);
  if (a instanceof Uint && b instanceof Uint) return uint(a.value - b.value);
  if (a instanceof Duration && b instanceof Duration) return Duration.of(a.nanos - b.nanos);
  if (a instanceof Timestamp && b instanceof Duration) return a.plus(Duration.of(-b.nanos));
  if (a instanceof Timestamp && b instanceof Timestamp) return a.minus(b);
  throw isSubtractable(a) ? noSuchOverload() : unsupported(Operator.Subtract, a);
}

function isSubtractable(value: CelValue): boolean {
  return isNumber(value) || value instanceof Duration || value instanceof Timestamp;
}

function isNumber(value: CelValue): boolean {
  return isInt(value) || value instanceof Double || value instanceof Uint;
}

function times(a: CelValue, b: CelValue): CelValue {
  if (isInt(a) && isInt(b)) return multiply(a, b);
  if (a instanceof Double && b instanceof Double) return new Double(a.value * b.value);
  if (a instanceof Uint && b instanceof Uint) return uint(a.value * b.value);
  throw isNumber(a) ? noSuchOverload() : unsupported(Operator.Multiply, a);
}

function dividedBy(a: CelValue, b: CelValue): CelValue {
  if (isInt(a) && isInt(b)) return divide(a, b);
  if (a instanceof Double && b instanceof Double) return new Double(a.value / b.value);
  if (a instanceof Uint && b instanceof Uint) {
    if (b.value === 0n) throw new EvaluationError('division by zero');
    return new Uint(a.value / b.value);
  }
  throw isNumber(a) ? noSuchOverload() : unsupported(Operator.Divide, a);
}

function rest(a: CelValue, b: CelValue): CelValue {
  if (isInt(a) && isInt(b)) return modulo(a, b);
  if (a instanceof Uint && b instanceof Uint) {
    if (b.value === 0n) throw new EvaluationError('modulus by zero');
    return new Uint(a.value % b.value);
  }
  throw isInt(a) || a instanceof Uint ? noSuchOverload() : unsupported(Operator.Modulo, a);
}

function negated(value: CelValue): CelValue {
  if (isInt(value)) return negate(value);
  if (value instanceof Double) return new Double(-value.value);
  if (value instanceof Duration) return Duration.of(-value.nanos);
  throw typeof value === 'boolean' ? noSuchOverload() : unsupported(Operator.Negate, value);
}
