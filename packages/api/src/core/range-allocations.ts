import { core } from '@keelson/schema';
import { type ApiGroup, defineResource, type Resource } from '@keelson/server';

/** Bitmaps of what is taken of a range, such as node ports: shared by all servers of a cluster, served to nobody. */
export const rangeAllocations = defineResource<core.v1.RangeAllocation>(core.v1.RangeAllocation, {
  names: { plural: 'rangeallocations' },
  scope: 'Cluster',
  storage: { key: 'ranges', cached: false },
  served: false,
  verbs: [],
});

/** That of one server, whose groups these are. */
export function rangeAllocationsOf(groups: readonly ApiGroup[]): Resource {
  const found = groups.flatMap(({ resources }) => resources).find(({ definition }) => definition === rangeAllocations.definition);
  if (found === undefined) throw new Error('the groups have no core group among them');
  return found;
}
