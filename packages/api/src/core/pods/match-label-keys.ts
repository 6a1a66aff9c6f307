import type { Features } from '@keelson/machinery';
import type { core, meta } from '@keelson/schema';

type Labels = Readonly<Record<string, string>>;
type Operator = 'In' | 'NotIn';

/** Adds to a selector that the labels `keys` must (or must not) have the values that the pod's own labels have. */
function extended(
  selector: meta.v1.LabelSelector | undefined,
  keys: readonly string[] | undefined,
  operator: Operator,
  labels: Labels,
): meta.v1.LabelSelector | undefined {
  if (selector === undefined) return undefined;
  const expressions = (keys ?? [])
    .filter((key) => Object.hasOwn(labels, key))
    .map((key) => ({ key, operator, values: [labels[key] ?? ''] }));
  if (expressions.length === 0) return selector;
  return { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...expressions] };
}

function mergeTerm(term: core.v1.PodAffinityTerm, labels: Labels): void {
  const matching = extended(term.labelSelector, term.matchLabelKeys, 'In', labels);
  const selector = extended(matching, term.mismatchLabelKeys, 'NotIn', labels);
  if (selector !== undefined) term.labelSelector = selector;
}

/**
 * Turns `matchLabelKeys` of affinities and spread constraints into conditions of their selectors, so that schedulers
 * need not know of them (KEP-3633, KEP-3243). In place, on new pods only.
 */
export function mergeMatchLabelKeys({ metadata, spec }: core.v1.Pod, features: Features): void {
  const labels = metadata.labels ?? {};
  for (const affinity of [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity]) {
    for (const term of affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) mergeTerm(term, labels);
    for (const { podAffinityTerm } of affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []) mergeTerm(podAffinityTerm, labels);
  }
  if (!features.get('MatchLabelKeysInPodTopologySpreadSelectorMerge')) return;
  for (const constraint of spec.topologySpreadConstraints ?? []) {
    const selector = extended(constraint.labelSelector, constraint.matchLabelKeys, 'In', labels);
    if (selector !== undefined) constraint.labelSelector = selector;
  }
}
