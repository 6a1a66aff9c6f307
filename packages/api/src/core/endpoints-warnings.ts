import { path } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { ipWarnings } from '../net/ip-warnings.js';

/** The controller writes addresses as it should, and often. */
export function endpointsWarnings({ metadata, subsets = [] }: core.v1.Endpoints): string[] {
  if (metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller') return [];
  return subsets.flatMap((subset, i) =>
    (['addresses', 'notReadyAddresses'] as const).flatMap((list) =>
      (subset[list] ?? []).flatMap(({ ip }, j) => ipWarnings(ip, path('subsets').index(i).child(list).index(j).child('ip'))),
    ),
  );
}
