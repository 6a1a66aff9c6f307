import { type ObjectMeta, semanticallyEqual } from '@keelson/machinery';
import type { apps } from '@keelson/schema';
import { integerAnnotation, withAnnotation, withoutAnnotation } from '../conversion/annotations.js';

type DaemonSet = apps.v1.DaemonSet;

/** How the number of a daemon set's template is told since it is no field any more. */
export const templateGeneration = 'deprecated.daemonset.template.generation';

/** 0 before the server counts. */
export function templateGenerationOf(metadata: ObjectMeta): number {
  return integerAnnotation(metadata, templateGeneration) ?? 0;
}

export function withTemplateGeneration(metadata: ObjectMeta, generation: number): ObjectMeta {
  return withAnnotation(metadata, templateGeneration, String(generation));
}

export function withoutTemplateGeneration(metadata: ObjectMeta): ObjectMeta {
  return withoutAnnotation(metadata, templateGeneration);
}

/** Every daemon set has the number. */
export function defaultTemplateGeneration(set: DaemonSet): void {
  set.metadata = withTemplateGeneration(set.metadata, templateGenerationOf(set.metadata));
}

export function startTemplateGeneration(set: DaemonSet): void {
  set.metadata = withTemplateGeneration(set.metadata, Math.max(templateGenerationOf(set.metadata), 1));
}

/** Clients do not write the number; it counts the changes of the template. */
export function countTemplateGeneration(set: DaemonSet, old: DaemonSet): void {
  const changed = !semanticallyEqual(set.spec.template, old.spec.template);
  set.metadata = withTemplateGeneration(set.metadata, templateGenerationOf(old.metadata) + (changed ? 1 : 0));
}
