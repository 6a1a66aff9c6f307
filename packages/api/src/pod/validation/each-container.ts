import type { FieldPath } from '@keelson/machinery';
import type { core } from '@keelson/schema';

type PodSpec = core.v1.PodSpec;
type AnyContainer = core.v1.Container | core.v1.EphemeralContainer;

/** All containers of a pod, of whichever sort, with their places. */
export function containersOf(spec: PodSpec, at: FieldPath): [container: AnyContainer, at: FieldPath][] {
  return (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((field) => {
    const list: readonly AnyContainer[] = spec[field] ?? [];
    return list.map((container, i): [AnyContainer, FieldPath] => [container, at.child(field).index(i)]);
  });
}
