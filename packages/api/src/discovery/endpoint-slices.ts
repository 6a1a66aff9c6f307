import { semanticallyEqual } from '@keelson/machinery';
import { discovery } from '@keelson/schema';
import { age, col, defineResource, nameColumn, type WriteContext } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { gatedInEndpointSlices } from '../features/gated-fields.js';
import { firstFew } from '../printing/first-few.js';
import { betaTopology } from './beta-topology.js';
import { endpointSliceWarnings } from './endpoint-slice-warnings.js';
import { validateEndpointSlice } from './endpoint-slices-validation.js';

type EndpointSlice = discovery.v1.EndpointSlice;

function defaults({ ports }: EndpointSlice): void {
  for (const port of ports ?? []) {
    port.name ??= '';
    port.protocol ??= 'TCP';
  }
}

/** Topology is read from old objects, but not written any more, except by the version that has it. */
function dropTopology({ endpoints }: EndpointSlice, { apiVersion }: WriteContext): void {
  if (apiVersion === 'discovery.k8s.io/v1beta1') return;
  for (const endpoint of endpoints ?? []) delete endpoint.deprecatedTopology;
}

function portText({ port, name }: discovery.v1.EndpointPort): string {
  return port === undefined ? (name ?? '*') : String(port);
}

export const endpointSlices = defineResource<EndpointSlice>(discovery.v1.EndpointSlice, {
  names: { plural: 'endpointslices' },
  scope: 'Namespaced',
  metadataChecks: { changes: 0 },
  gatedFields: gatedInEndpointSlices,
  storage: { key: 'endpointslices' },
  versions: [
    removedVersion(discovery.v1beta1.EndpointSlice, { deprecated: '1.21', removed: '1.25', use: discovery.v1.EndpointSlice }, betaTopology),
  ],
  // Labels count: they tell whose endpoints these are.
  generationOf: ({ metadata, addressType, endpoints, ports }) => [metadata.labels ?? {}, addressType, endpoints, ports],
  defaults,
  prepareForCreate: dropTopology,
  prepareForUpdate(slice, old, context) {
    if (!semanticallyEqual(slice.endpoints, old.endpoints)) dropTopology(slice, context);
  },
  validate: validateEndpointSlice,
  warnings: endpointSliceWarnings,
  columns: [
    nameColumn(),
    col('AddressType', ({ addressType }) => addressType),
    col('Ports', ({ ports }) => firstFew((ports ?? []).map(portText))),
    col('Endpoints', ({ endpoints }) => firstFew((endpoints ?? []).flatMap(({ addresses }) => addresses ?? []))),
    age(),
  ],
});
