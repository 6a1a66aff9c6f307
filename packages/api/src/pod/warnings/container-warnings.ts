import { type FieldPath, quote } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { fractionalByteWarnings } from '../../warnings/fractional-bytes.js';
import { containersOf } from '../validation/each-container.js';

type Container = core.v1.Container | core.v1.EphemeralContainer;

const byteResources = ['memory', 'ephemeral-storage'];

/**
 * A name that is given twice is taken from its last definition, until somebody applies. It may be meant so where the
 * later value is made from the earlier.
 */
function environmentWarnings({ env = [] }: Container, at: FieldPath): string[] {
  const seen = new Set<string>();
  return env.flatMap(({ name, value = '', valueFrom }, i) => {
    const reference = `$(${name})`;
    const isFirst = seen.size < seen.add(name).size;
    const builds = valueFrom === undefined && value !== reference && value.includes(reference);
    if (isFirst || builds) return [];
    return [`${at.child('env').index(i)}: hides previous definition of ${quote(name)}, which may be dropped when using apply`];
  });
}

/** Of each container by itself. `at` is the place of the spec. */
export function containerWarnings(spec: core.v1.PodSpec, at: FieldPath): string[] {
  return containersOf(spec, at).flatMap(([container, here]) => [
    ...byteResources.flatMap((name) =>
      (['limits', 'requests'] as const).flatMap((list) =>
        fractionalByteWarnings(container.resources?.[list], [name], here.child('resources', list)),
      ),
    ),
    ...environmentWarnings(container, here),
  ]);
}

/** What the runtime takes for itself. */
export function overheadWarnings({ overhead }: core.v1.PodSpec, at: FieldPath): string[] {
  return fractionalByteWarnings(overhead, byteResources, at.child('overhead'));
}
