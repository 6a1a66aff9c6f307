import type { Call } from '../syntax/expression.js';
import { sameType } from '../types/type.js';
import { NOMINAL, SORTABLE_TYPES } from './call-cost.js';
import { costs } from './costs.js';
import type { Estimated, Estimator } from './estimate.js';
import { exactly, plus, type Range, scaled, times, UNKNOWN, UNKNOWN_MAX, union } from './range.js';

/** A call, with one of the overloads it may turn out to be. */
export interface EstimatedCall {
  readonly expression: Call;
  readonly name: string;
  readonly overload: string;
  readonly target: Estimated | undefined;
  readonly args: readonly Estimated[];
  readonly argCosts: readonly Range[];
}

export interface CallEstimate {
  readonly cost: Range;
  /** Of the result, where it is known. */
  readonly size?: Range | undefined;
}

/** What a call costs beside its target, with its arguments. Undefined from a rule: it says nothing about such a call. */
export function estimateCall(estimator: Estimator, call: EstimatedCall): CallEstimate {
  const whole = wholeCall(estimator, call);
  if (whole !== undefined) return whole;
  const own = ofLists(call) ?? ofKubernetes(estimator, call) ?? ofOverload(estimator, call) ?? { cost: exactly(costs.call) };
  return { cost: plus(own.cost, ...call.argCosts), size: own.size };
}

const sizeOf = (value: Estimated | undefined): Range => value?.size ?? UNKNOWN;
const reading = (size: Range, times = 1): Range => scaled(size, times * costs.character);

/** Operators that do not evaluate all of their operands. */
function wholeCall(estimator: Estimator, { expression, overload, argCosts }: EstimatedCall): CallEstimate | undefined {
  const [first, second, third] = argCosts as [Range, Range, Range];
  if (overload === 'logical_or' || overload === 'logical_and') return { cost: { min: first.min, max: plus(first, second).max } };
  if (overload !== 'conditional') return undefined;
  const [, truthy, falsy] = expression.args as [Call, Call, Call];
  const [left, right] = [estimator.entries(truthy), estimator.entries(falsy)];
  if (left !== undefined && right !== undefined) {
    estimator.learn(expression, { ...left, key: union(left.key, right.key), value: union(left.value, right.value) });
  }
  const size = union(estimator.size(truthy) ?? UNKNOWN, estimator.size(falsy) ?? UNKNOWN);
  return { cost: plus(first, union(second, third)), size };
}

const allocating = (factor: number, size: Range): CallEstimate => ({
  cost: plus(scaled(size, factor), exactly(costs.call + costs.list)),
  size,
});

/** cel-go's libraries of lists and sets. */
function ofLists({ overload, target, args }: EstimatedCall): CallEstimate | undefined {
  const size = sizeOf(target);
  switch (overload) {
    case 'list_sets_contains_list':
    case 'list_sets_intersects_list':
    case 'list_sets_equivalent_list': {
      const factor = overload === 'list_sets_equivalent_list' ? 2 : 1;
      return { cost: plus(scaled(times(sizeOf(args[0]), sizeOf(args[1])), factor), exactly(costs.call)) };
    }
    case 'list_slice':
      return allocating(1, exactly(literalInt(args[1], size.max) - literalInt(args[0], 0)));
    case 'lists_range':
      return allocating(1, exactly(literalInt(args[0], UNKNOWN_MAX)));
    case 'list_reverse':
      return allocating(1, size);
    case 'list_flatten':
    case 'list_flatten_int':
      return allocating(args[0] === undefined ? 1 : literalInt(args[0], UNKNOWN_MAX), size);
    case 'list_distinct':
      return allocating(2, times(size, size));
    default:
      return ofSorting(overload, target, args);
  }
}

function ofSorting(overload: string, target: Estimated | undefined, args: readonly Estimated[]): CallEstimate | undefined {
  const type = SORTABLE_TYPES.find((name) => overload === `list_${name}_sort` || overload === `list_${name}_sortByAssociatedKeys`);
  if (type === undefined) return undefined;
  const size = sizeOf(overload.endsWith('_sort') ? target : args[0]);
  return allocating(type === 'string' || type === 'bytes' ? 2 + costs.character : 2, times(size, size));
}

function literalInt(value: Estimated | undefined, otherwise: number): number {
  const { expression } = value ?? {};
  if (expression?.kind !== 'literal' || typeof expression.value !== 'number') return otherwise;
  return expression.value < 0 ? UNKNOWN_MAX : expression.value;
}

const AT_ONCE = exactly(1);
/** Of the patterns that name formats stand for. */
const FORMAT_PATTERN_LENGTH = 128;
/** Addresses have 4 or 16 bytes. */
const ADDRESS: Range = { min: 4, max: 16 };

const matching = (text: Range, pattern: Range): Range => times(reading(plus(text, exactly(1))), scaled(pattern, costs.patternCharacter));

/** Kubernetes' rules, which go by the name of the function. */
function ofKubernetes(estimator: Estimator, { name, overload, target, args }: EstimatedCall): CallEstimate | undefined {
  const [first, second] = args;
  switch (name) {
    case 'check':
      return { cost: exactly(costs.authorizationCheck) };
    case 'fieldSelector':
    case 'labelSelector':
      return first && { cost: ofSelector(sizeOf(first)) };
    case 'isSorted':
    case 'sum':
    case 'max':
    case 'min':
    case 'indexOf':
    case 'lastIndexOf':
      return target && { cost: ofTraversal(estimator, target) };
    case 'url':
    case 'jsonpatch.escapeKey':
      return first && { cost: reading(sizeOf(first)), size: sizeOf(first) };
    case 'lowerAscii':
    case 'upperAscii':
    case 'substring':
    case 'trim':
      return target && { cost: reading(sizeOf(target)), size: sizeOf(target) };
    case 'replace':
      return target && first && second && ofReplacing(sizeOf(target), sizeOf(first), sizeOf(second));
    case 'split':
      return target && { cost: reading(sizeOf(target), 2), size: { min: 0, max: literalInt(second, sizeOf(target).max) } };
    case 'join':
      return target && ofJoining(estimator, target, first);
    case 'find':
    case 'findAll':
      return target && first && { cost: matching(sizeOf(target), sizeOf(first)), size: { min: 0, max: sizeOf(target).max } };
    case 'ip':
      return overload === 'cidr_ip' ? { cost: AT_ONCE } : first && { cost: reading(sizeOf(first)) };
    case 'cidr':
    case 'isIP':
    case 'isCIDR':
    case 'quantity':
    case 'isQuantity':
    case 'semver':
    case 'isSemver':
      return first && { cost: reading(sizeOf(first)) };
    case 'ip.isCanonical':
      return first && { cost: reading(sizeOf(first), 2) };
    case 'containsIP':
    case 'containsCIDR':
      return first && { cost: ofContaining(name, overload, sizeOf(first)) };
    case 'validate':
      return first && { cost: scaled(reading(sizeOf(first)), FORMAT_PATTERN_LENGTH * costs.patternCharacter) };
    case '_==_':
      return ofOpaqueEquality(first, second);
    default:
      return NOMINAL.has(name) ? { cost: AT_ONCE } : undefined;
  }
}

function ofSelector(length: Range): Range {
  return plus(exactly(costs.list), reading(length), scaled(scaled(length, 0.5), costs.list + costs.struct));
}

/** Strings in a list are read, too. A string itself may be what is searched. */
function ofTraversal(estimator: Estimator, target: Estimated): Range {
  const element = estimator.element(target);
  if (element === undefined) return reading(sizeOf(target));
  const textual = element.type.kind === 'string' || element.type.kind === 'bytes';
  return times(sizeOf(target), textual ? plus(exactly(1), reading(sizeOf(element))) : exactly(1));
}

function ofReplacing(size: Range, old: Range, replacement: Range): CallEstimate {
  const result = {
    min: replaced(size.min, old.max, replacement.min, replacement.min >= old.max),
    max: replaced(size.max, old.min, replacement.max, replacement.max <= old.min),
  };
  return { cost: reading(size, 2), size: { min: Math.min(result.min, UNKNOWN_MAX), max: Math.min(result.max, UNKNOWN_MAX) } };
}

/** Replacing nothing puts the replacement around every character; else the text is taken to consist of what is replaced. */
function replaced(size: number, old: number, replacement: number, unchanged: boolean): number {
  if (old === 0) return (size + 1) * replacement + size;
  return unchanged ? size : Math.ceil(size / old) * replacement;
}

function ofJoining(estimator: Estimator, target: Estimated, separator: Estimated | undefined): CallEstimate {
  const count = sizeOf(target);
  const element = estimator.element(target);
  const elements = element === undefined ? exactly(0) : times(count, sizeOf(element));
  const gaps = { min: Math.max(0, count.min - 1), max: Math.max(0, count.max - 1) };
  const size = separator === undefined ? elements : plus(elements, times(sizeOf(separator), gaps));
  return { cost: reading(size), size };
}

function ofContaining(name: string, overload: string, other: Range): Range {
  const comparing = reading(plus(ADDRESS, ADDRESS));
  const masking = name === 'containsCIDR' ? plus(reading(ADDRESS), exactly(1)) : exactly(0);
  return plus(comparing, masking, overload.endsWith('_string') ? reading(other) : exactly(0));
}

const COMPARED_AT_ONCE = new Set([
  'net.IP',
  'net.CIDR',
  'kubernetes.Quantity',
  'kubernetes.Semver',
  ...['Authorizer', 'PathCheck', 'GroupCheck', 'ResourceCheck', 'Decision'].map((name) => `kubernetes.authorization.${name}`),
]);
const MAX_FORMAT_SIZE = 64;

function ofOpaqueEquality(a: Estimated | undefined, b: Estimated | undefined): CallEstimate | undefined {
  if (a === undefined || b === undefined || !sameType(a.type, b.type)) return undefined;
  if (COMPARED_AT_ONCE.has(a.type.name)) return { cost: AT_ONCE };
  if (a.type.name === 'kubernetes.NamedFormat') return { cost: reading({ min: 1, max: MAX_FORMAT_SIZE }) };
  return a.type.name === 'kubernetes.URL' ? { cost: reading({ min: 1, max: b.size?.max ?? 1 }) } : undefined;
}

const COMPARISONS = /^(?:less|less_equals|greater|greater_equals)_(?:string|bytes)$|^(?:not_)?equals$/;

/** cel-go's own rules. */
function ofOverload(estimator: Estimator, { expression, overload, target, args }: EstimatedCall): CallEstimate | undefined {
  const [first, second] = args.map(sizeOf) as [Range, Range];
  if (COMPARISONS.test(overload)) {
    const most = Math.min(first.max, second.max);
    return { cost: reading({ min: most > 0 ? 1 : 0, max: most }) };
  }
  switch (overload) {
    case 'string_format':
      return { cost: reading(sizeOf(target)) };
    case 'string_to_bytes':
      return { cost: reading(first), size: { min: first.min, max: first.max * 4 } };
    case 'bytes_to_string':
      return { cost: reading(first), size: { min: Math.trunc(first.min / 4), max: first.max } };
    case 'strings_quote':
      return { cost: reading(first), size: { min: first.min + 2, max: first.max * 2 + 2 } };
    case 'starts_with_string':
    case 'ends_with_string':
      return { cost: reading(first) };
    case 'in_list':
      return { cost: second };
    case 'matches_string':
      return { cost: matching(sizeOf(target), first) };
    case 'contains_string':
      return { cost: times(reading(sizeOf(target)), reading(first)) };
    case 'add_string':
    case 'add_bytes':
    case 'add_list':
      return ofAddition(estimator, expression, overload, plus(first, second));
    default:
      return undefined;
  }
}

function ofAddition(estimator: Estimator, expression: Call, overload: string, size: Range): CallEstimate {
  const [left, right] = expression.args.map((arg) => estimator.entries(arg));
  if (left !== undefined && right !== undefined) {
    estimator.learn(expression, { ...left, key: union(left.key, right.key), value: union(left.value, right.value) });
  }
  return { cost: overload === 'add_list' ? exactly(costs.call) : reading(size), size };
}
