import { path } from '@keelson/machinery';
import type { discovery } from '@keelson/schema';
import { ipWarnings } from '../net/ip-warnings.js';

type EndpointSlice = discovery.v1.EndpointSlice;

/** Who writes addresses as they should be, and often. */
const controllers: readonly unknown[] = ['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io'];

function addressWarnings({ metadata, endpoints }: EndpointSlice): string[] {
  if (controllers.includes(metadata.labels?.['endpointslice.kubernetes.io/managed-by'])) return [];
  return (endpoints ?? []).flatMap(({ addresses }, i) =>
    (addresses ?? []).flatMap((address, j) => ipWarnings(address, path('endpoints').index(i).child('addresses').index(j))),
  );
}

export function endpointSliceWarnings(slice: EndpointSlice, old: EndpointSlice | undefined): string[] {
  const isNewOfNames = old === undefined && slice.addressType === 'FQDN';
  return [...(isNewOfNames ? ['spec.addressType: FQDN endpoints are deprecated'] : []), ...addressWarnings(slice)];
}
