import { type FieldError, type FieldPath, invalidField, semanticallyEqual } from '@keelson/machinery';
import { type core, internalForm, shownAsSent } from '@keelson/schema';

type PodSpec = core.v1.PodSpec;
type Affinity = core.v1.Affinity;
type Term = core.v1.NodeSelectorTerm;

const must = 'requiredDuringSchedulingIgnoredDuringExecution';

/** The new affinity with the nodes of the old one. */
export function withNodeAffinityOf(affinity: Affinity | undefined, old: Affinity | undefined): Affinity | undefined {
  const { nodeAffinity: _nodes, ...others } = affinity ?? {};
  if (old?.nodeAffinity) return { ...others, nodeAffinity: old.nodeAffinity };
  return old === undefined && Object.keys(others).length === 0 ? undefined : others;
}

export function validateNodeSelectorChange(spec: PodSpec, old: PodSpec, at: FieldPath): FieldError[] {
  const kept = Object.entries(old.nodeSelector ?? {}).every(([key, value]) => spec.nodeSelector?.[key] === value);
  if (kept) return [];
  const detail = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
  return [invalidField(at.child('nodeSelector'), shownAsSent(spec, 'nodeSelector'), detail)];
}

function termsOf({ affinity }: PodSpec): readonly Term[] | null {
  return affinity?.nodeAffinity?.[must]?.nodeSelectorTerms ?? null;
}

/** All the old requirements come first and unchanged. */
function onlyAdds(now: Term, before: Term): boolean {
  return (['matchExpressions', 'matchFields'] as const).every((field) => {
    const old = before[field] ?? [];
    return semanticallyEqual((now[field] ?? []).slice(0, old.length), old);
  });
}

/** Requirements can be added to each term, which narrows it. */
export function validateNodeAffinityChange(spec: PodSpec, old: PodSpec, at: FieldPath): FieldError[] {
  const [terms, before] = [termsOf(spec), termsOf(old) ?? []];
  if (before.length === 0) return [];
  const here = at.child('affinity', 'nodeAffinity', must, 'nodeSelectorTerms');
  const shown = terms?.map((term) => internalForm('core.v1.NodeSelectorTerm', term)) ?? null;
  if (terms?.length !== before.length) {
    return [invalidField(here, shown, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed')];
  }
  return before.flatMap((term, i) =>
    onlyAdds(terms[i] ?? {}, term)
      ? []
      : [invalidField(here.index(i), shown?.[i], 'only additions are allowed (no mutations or deletions)')],
  );
}
