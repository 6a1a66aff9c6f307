import { type FieldPath, path } from '@keelson/machinery';
import type { core } from '@keelson/schema';

type Container = core.v1.Container | core.v1.EphemeralContainer;

/** All containers of a pod with where they stand: those that start it, its own, and those of who looks into it. */
export function* containersOf({ initContainers, containers, ephemeralContainers }: core.v1.PodSpec): Iterable<[Container, FieldPath]> {
  const spec = path('spec');
  yield* placed(initContainers, spec.child('initContainers'));
  yield* placed(containers, spec.child('containers'));
  yield* placed(ephemeralContainers, spec.child('ephemeralContainers'));
}

function* placed(containers: readonly Container[] | null | undefined, at: FieldPath): Iterable<[Container, FieldPath]> {
  for (const [index, container] of (containers ?? []).entries()) yield [container, at.index(index)];
}
