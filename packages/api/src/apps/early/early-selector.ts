import type { ObjectMeta } from '@keelson/machinery';
import type { core, meta } from '@keelson/schema';

/** A workload before apps/v1beta2: its selector may be left out. */
export interface EarlyWorkload {
  readonly metadata: ObjectMeta;
  readonly spec: { selector?: meta.v1.LabelSelector; readonly template: core.v1.PodTemplateSpec };
}

type WithSelector<Spec> = Omit<Spec, 'selector'> & { selector: meta.v1.LabelSelector | null };

/** Both the selector and the labels of a workload follow from its template, unless it has its own. In place. */
export function defaultFromTemplate({ metadata, spec }: EarlyWorkload): void {
  const labels = spec.template.metadata.labels ?? {};
  if (Object.keys(labels).length === 0) return;
  spec.selector ??= { matchLabels: { ...labels } };
  if (Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...labels };
}

/** A spec with the selector as apps/v1 writes it: null when there is none. */
export function withSelector<Spec extends { readonly selector?: meta.v1.LabelSelector }>(spec: Spec): WithSelector<Spec> {
  return { ...spec, selector: spec.selector ?? null };
}

/** A spec of apps/v1 with the selector as it was written before: left out when there is none. */
export function withEarlySelector<Spec extends { readonly selector: meta.v1.LabelSelector | null }>(
  spec: Spec,
): Omit<Spec, 'selector'> & { selector?: meta.v1.LabelSelector } {
  const { selector, ...others } = spec;
  return selector === null ? others : { ...others, selector };
}
