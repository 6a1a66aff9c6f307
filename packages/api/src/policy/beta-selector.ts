import { semanticallyEqual } from '@keelson/machinery';
import type { meta, policy } from '@keelson/schema';

type Beta = policy.v1beta1.PodDisruptionBudget;
type Budget = policy.v1.PodDisruptionBudget;
type Selector = meta.v1.LabelSelector;

/** No pod has this label. */
const marker = 'pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match';
const empty: Selector = {};
/** What the other version says for its neighbour's empty selector. */
const noPods: Selector = { matchExpressions: [{ key: marker, operator: 'Exists' }] };
const allPods: Selector = { matchExpressions: [{ key: marker, operator: 'DoesNotExist' }] };

function swapped(selector: Selector | undefined, pairs: readonly (readonly [Selector, Selector])[]): Selector | undefined {
  const pair = pairs.find(([from]) => semanticallyEqual(selector, from));
  return pair === undefined ? selector : structuredClone(pair[1]);
}

function withSelector<T extends Beta | Budget>({ spec, ...budget }: T, pairs: readonly (readonly [Selector, Selector])[]): T {
  const selector = swapped(spec.selector, pairs);
  return { ...budget, spec: { ...spec, ...(selector && { selector }) } } as T;
}

/** An empty selector is all pods in v1, and none in v1beta1. */
export const betaSelector = {
  toHub: (budget: Beta): Budget =>
    withSelector(budget, [
      [empty, noPods],
      [allPods, empty],
    ]),
  fromHub: (budget: Budget): Beta =>
    withSelector(budget, [
      [noPods, empty],
      [empty, allPods],
    ]),
};
