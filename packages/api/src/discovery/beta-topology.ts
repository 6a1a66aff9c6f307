import type { discovery } from '@keelson/schema';
import { present } from '../conversion/present.js';

type Beta = discovery.v1beta1.EndpointSlice;
type BetaEndpoint = discovery.v1beta1.Endpoint;
type Slice = discovery.v1.EndpointSlice;
type Endpoint = discovery.v1.Endpoint;

const zoneKey = 'topology.kubernetes.io/zone';
const nodeKey = 'kubernetes.io/hostname';

/** The node is in the topology once more, unless that says another one. */
function endpointToHub({ topology, ...endpoint }: BetaEndpoint): Endpoint {
  if (topology === undefined) return endpoint;
  const { [zoneKey]: zone, ...others } = topology;
  const nodeName = endpoint.nodeName ?? others[nodeKey];
  if (nodeName === others[nodeKey]) delete others[nodeKey];
  return present<Endpoint>({
    ...endpoint,
    nodeName,
    zone,
    deprecatedTopology: Object.keys(others).length === 0 ? undefined : others,
  });
}

function endpointFromHub({ deprecatedTopology, zone, ...endpoint }: Endpoint): BetaEndpoint {
  const topology = {
    ...(endpoint.nodeName !== undefined && { [nodeKey]: endpoint.nodeName }),
    ...deprecatedTopology,
    ...(zone !== undefined && { [zoneKey]: zone }),
  };
  return present<BetaEndpoint>({ ...endpoint, topology: Object.keys(topology).length === 0 ? undefined : topology });
}

/** v1beta1 tells zone and node by well-known keys of `topology`; v1 has fields for them and keeps the rest of it. */
export const betaTopology = {
  toHub: ({ endpoints, ...slice }: Beta): Slice => ({ ...slice, endpoints: endpoints?.map(endpointToHub) ?? null }),
  fromHub: ({ endpoints, ...slice }: Slice): Beta => ({ ...slice, endpoints: endpoints?.map(endpointFromHub) ?? null }),
};
