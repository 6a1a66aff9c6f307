import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  path,
  Quantity,
  qualifiedName,
  required,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateForm } from '../validation/names.js';
import { isOvercommitAllowed, validateContainerResourceName, validateResourceName } from '../validation/resource-names.js';

type Item = core.v1.LimitRangeItem;

const limitsPath = path('spec', 'limits');
const types = ['Pod', 'Container', 'PersistentVolumeClaim'];
const bounds = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;
type Bound = (typeof bounds)[number];

function validateType(type: string, at: FieldPath): FieldError[] {
  const errors = validateForm(type, at, qualifiedName);
  if (errors.length > 0 || type.includes('/') || types.includes(type)) return errors;
  return [invalidField(at, type, 'must be a standard limit type or fully qualified')];
}

function validateNames(item: Item, bound: Bound, at: FieldPath): FieldError[] {
  const validateName = item.type === 'Pod' || item.type === 'Container' ? validateContainerResourceName : validateResourceName;
  return Object.keys(item[bound] ?? {}).flatMap((name) => validateName(name, at.child(bound).key(name)));
}

/** Pods have no defaults: they are those of their containers. */
function validateDefaultNames(item: Item, at: FieldPath): FieldError[] {
  return (['default', 'defaultRequest'] as const).flatMap((bound) => {
    if (item.type !== 'Pod') return validateNames(item, bound, at);
    return Object.keys(item[bound] ?? {}).length === 0
      ? []
      : [forbiddenField(at.child(bound), "may not be specified when `type` is 'Pod'")];
  });
}

function validateStorage({ type, min, max }: Item, at: FieldPath): FieldError[] {
  if (type !== 'PersistentVolumeClaim' || min?.storage !== undefined || max?.storage !== undefined) return [];
  return [required(at.child('limits'), 'either minimum or maximum storage value is required, but neither was provided')];
}

/** Beyond this amounts are compared as whole numbers, below it in thousandths. */
const maxMilliValue = (2n ** 63n - 1n) / 1000n;

/** How far limits can be above requests at all. */
function widestRatio(ratio: Quantity, min: Quantity, max: Quantity): { ratio: number; widest: number } {
  if ([ratio, min, max].some((quantity) => quantity.value() >= maxMilliValue)) {
    return { ratio: Number(ratio.value()), widest: Number(max.value()) / Number(min.value()) };
  }
  return { ratio: Number(ratio.milliValue()) / 1000, widest: Number(max.milliValue()) / Number(min.milliValue()) };
}

function validateRatio(ratio: Quantity | undefined, min: Quantity | undefined, max: Quantity | undefined, at: FieldPath): FieldError[] {
  if (ratio === undefined) return [];
  const errors = ratio.compare(Quantity.of(1)) < 0 ? [invalidField(at, ratio.toString(), `ratio ${ratio} is less than 1`)] : [];
  if (min === undefined || max === undefined) return errors;
  const compared = widestRatio(ratio, min, max);
  if (compared.ratio <= compared.widest) return errors;
  return [...errors, invalidField(at, ratio.toString(), `ratio ${ratio} is greater than max/min = ${compared.widest.toFixed(6)}`)];
}

/** Pairs of bounds of which the first may not be above the second: where that is said, and which of the two is shown. */
const ordered: readonly {
  readonly low: Bound;
  readonly high: Bound;
  readonly at: Bound;
  readonly shown: Bound;
  readonly words: readonly [low: string, high: string];
}[] = [
  { low: 'min', high: 'max', at: 'min', shown: 'min', words: ['min', 'max'] },
  { low: 'min', high: 'defaultRequest', at: 'defaultRequest', shown: 'defaultRequest', words: ['min', 'default request'] },
  { low: 'defaultRequest', high: 'max', at: 'defaultRequest', shown: 'defaultRequest', words: ['default request', 'max'] },
  { low: 'defaultRequest', high: 'default', at: 'defaultRequest', shown: 'defaultRequest', words: ['default request', 'default limit'] },
  { low: 'min', high: 'default', at: 'default', shown: 'min', words: ['min', 'default'] },
  { low: 'default', high: 'max', at: 'default', shown: 'max', words: ['default', 'max'] },
];

/** What one resource may be by each bound. */
function validateResource(name: string, item: Item, at: FieldPath): FieldError[] {
  const quantity = (bound: Bound) => {
    const text = item.type === 'Pod' && bound.startsWith('default') ? undefined : item[bound]?.[name];
    return text === undefined ? undefined : Quantity.parse(text);
  };
  const misordered = ordered.flatMap((pair) => {
    const [low, high] = [quantity(pair.low), quantity(pair.high)];
    if (low === undefined || high === undefined || low.compare(high) <= 0) return [];
    const detail = `${pair.words[0]} value ${low} is greater than ${pair.words[1]} value ${high}`;
    return [invalidField(at.child(pair.at).key(name), String(pair.shown === pair.low ? low : high), detail)];
  });
  const ratio = validateRatio(
    quantity('maxLimitRequestRatio'),
    quantity('min'),
    quantity('max'),
    at.child('maxLimitRequestRatio').key(name),
  );
  const [limit, request] = [quantity('default'), quantity('defaultRequest')];
  if (isOvercommitAllowed(name) || limit === undefined || request === undefined || limit.equals(request)) return [...misordered, ...ratio];
  const detail = `default value ${limit} must equal to defaultRequest value ${request} in ${name}`;
  return [...misordered, ...ratio, invalidField(at.child('defaultRequest').key(name), request.toString(), detail)];
}

function validateItem(item: Item, i: number, all: readonly Item[]): FieldError[] {
  const at = limitsPath.index(i);
  const names = new Set(bounds.flatMap((bound) => Object.keys(item[bound] ?? {})));
  return [
    ...validateType(item.type, at.child('type')),
    ...(all.findIndex(({ type }) => type === item.type) < i ? [duplicate(at.child('type'), item.type)] : []),
    ...validateNames(item, 'max', at),
    ...validateNames(item, 'min', at),
    ...validateDefaultNames(item, at),
    ...validateStorage(item, at),
    ...validateNames(item, 'maxLimitRequestRatio', at),
    ...[...names].flatMap((name) => validateResource(name, item, at)),
  ];
}

export function validateLimitRange({ spec }: core.v1.LimitRange): FieldError[] {
  return (spec.limits ?? []).flatMap(validateItem);
}
