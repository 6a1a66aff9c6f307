import { Quantity } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { type Constraint, limitRatio, maximum, maximumRequest, minimum } from './constraints.js';

type LimitRange = core.v1.LimitRange;
type ResourceList = Readonly<Record<string, string>>;

/** A LimitRange, ready to be held against objects. */
export interface CompiledLimits {
  readonly name: string;
  /** What containers get that do not say themselves; texts of quantities by resource. */
  readonly defaultLimits: ResourceList;
  readonly defaultRequests: ResourceList;
  /** In order of the items; each is for one type of object. */
  readonly constraints: readonly { readonly type: string; readonly holds: readonly Constraint[] }[];
}

export function compileLimits({ metadata, spec }: LimitRange): CompiledLimits {
  const items = spec.limits ?? [];
  const ofContainers = items.filter(({ type }) => type === 'Container');
  return {
    name: metadata.name ?? '',
    defaultLimits: Object.assign({}, ...ofContainers.map((item) => item.default)),
    defaultRequests: Object.assign({}, ...ofContainers.map(({ defaultRequest }) => defaultRequest)),
    constraints: items.map((item) => ({ type: item.type, holds: constraintsOf(item) })),
  };
}

function constraintsOf({ type, min, max, maxLimitRequestRatio }: core.v1.LimitRangeItem): Constraint[] {
  // Of a claim, limits say nothing.
  if (type === 'PersistentVolumeClaim') return [...each(min, minimum, type), ...each(max, maximumRequest, type)];
  return [...each(min, minimum, type), ...each(max, maximum, type), ...each(maxLimitRequestRatio, limitRatio, type)];
}

function each(
  list: ResourceList | undefined,
  make: (type: string, resource: string, bound: Quantity) => Constraint,
  type: string,
): Constraint[] {
  return Object.entries(list ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([resource, text]) => make(type, resource, Quantity.parse(text)));
}
