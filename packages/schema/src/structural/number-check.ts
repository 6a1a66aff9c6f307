import type { JsonSchema } from './json-schema.js';
import { impossibleFactor, unfit, type ValueProblem } from './value-problem.js';

/** What a schema's bounds find wrong with a number; undefined where it has none. */
export function numberCheck(schema: JsonSchema): ((value: number | bigint, path: string) => ValueProblem[]) | undefined {
  const { multipleOf, maximum, minimum, exclusiveMaximum, exclusiveMinimum } = schema;
  if (multipleOf === undefined && maximum === undefined && minimum === undefined) return undefined;
  return (value, path) => {
    const number = Number(value);
    const problems: ValueProblem[] = [];
    const refuse = (rule: string) => problems.push(unfit(path, value as number, rule));
    const factor = comparable(multipleOf, number);
    const max = comparable(maximum, number);
    const min = comparable(minimum, number);
    if (factor !== undefined && factor <= 0) problems.push(impossibleFactor(path, factor));
    else if (factor !== undefined && !isMultiple(number, Number(factor))) refuse(`should be a multiple of ${factor}`);
    if (max !== undefined && (exclusiveMaximum ? number >= max : number > max))
      refuse(`should be less than ${exclusiveMaximum ? '' : 'or equal to '}${max}`);
    if (min !== undefined && (exclusiveMinimum ? number <= min : number < min))
      refuse(`should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${min}`);
    return problems;
  };
}

const int64Limit = 2 ** 63;
const minInt64 = -(2n ** 63n);

/** As in Kubernetes, what an integer of 64 bits is compared with is cut off to one; what has no room in it becomes the smallest. */
function comparable(bound: number | undefined, number: number): number | bigint | undefined {
  if (bound === undefined || !Number.isInteger(number) || Math.abs(number) >= int64Limit) return bound;
  return Math.abs(bound) < int64Limit ? Math.trunc(bound) : minInt64;
}

const maxRelativeError = 1e-9;

/** Fractions need only come close to a multiple, from above. */
function isMultiple(number: number, factor: number): boolean {
  const times = factor < 1 ? (1 / factor) * number : number / factor;
  if (Math.abs(times) > Number.MAX_SAFE_INTEGER) return false;
  const whole = Math.trunc(times);
  return times === whole || (whole > 0 && (times - whole) / (times + whole) < maxRelativeError);
}
