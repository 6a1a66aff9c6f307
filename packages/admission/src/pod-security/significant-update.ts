import type { core } from '@keelson/schema';
import type { CheckedContainer } from './checked-pod.js';

type PodSpec = core.v1.PodSpec;
type Containers = readonly CheckedContainer[] | null | undefined;

/** Whether an update can have made a pod break a standard: of what is checked, hardly anything can be changed. */
export function isSignificantUpdate(spec: PodSpec, old: PodSpec): boolean {
  return (
    haveChanged(spec.containers, old.containers) ||
    haveChanged(spec.initContainers, old.initContainers) ||
    (spec.ephemeralContainers ?? []).some((container) => {
      const before = old.ephemeralContainers?.find(({ name }) => name === container.name);
      return before === undefined || before.image !== container.image;
    })
  );
}

function haveChanged(now: Containers, old: Containers): boolean {
  return now?.length !== old?.length || (now ?? []).some(({ image }, i) => image !== old?.[i]?.image);
}
