import { core } from '@keelson/schema';
import { defineResource } from '@keelson/server';

/** Bitmaps of what is taken of a range, such as node ports: shared by all servers of a cluster, served to nobody. */
export const rangeAllocations = defineResource<core.v1.RangeAllocation>(core.v1.RangeAllocation, {
  names: { plural: 'rangeallocations' },
  scope: 'Cluster',
  storage: { key: 'ranges', cached: false },
  served: false,
  verbs: [],
});
