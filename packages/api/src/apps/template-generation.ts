import { type KubeObject, semanticallyEqual } from '@keelson/machinery';
import type { apps } from '@keelson/schema';

type DaemonSet = apps.v1.DaemonSet;

/** How the number of a daemon set's template is told since it is no field any more. */
const templateGeneration = 'deprecated.daemonset.template.generation';

function setTemplateGeneration({ metadata }: KubeObject, generation: number): void {
  metadata.annotations = { ...metadata.annotations, [templateGeneration]: String(generation) };
}

function templateGenerationOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[templateGeneration] ?? 0);
}

/** Every daemon set has the number, 0 before the server counts. */
export function defaultTemplateGeneration(set: DaemonSet): void {
  setTemplateGeneration(set, templateGenerationOf(set) || 0);
}

export function startTemplateGeneration(set: DaemonSet): void {
  setTemplateGeneration(set, Math.max(templateGenerationOf(set), 1));
}

/** Clients do not write the number; it counts the changes of the template. */
export function countTemplateGeneration(set: DaemonSet, old: DaemonSet): void {
  const changed = !semanticallyEqual(set.spec.template, old.spec.template);
  setTemplateGeneration(set, templateGenerationOf(old) + (changed ? 1 : 0));
}
