import { semanticallyEqual } from '@keelson/machinery';
import { discovery } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { firstFew } from '../printing/first-few.js';
import { validateEndpointSlice } from './endpoint-slices-validation.js';

type EndpointSlice = discovery.v1.EndpointSlice;

function defaults({ ports }: EndpointSlice): void {
  for (const port of ports ?? []) {
    port.name ??= '';
    port.protocol ??= 'TCP';
  }
}

/** Topology is read from old objects, but not written any more. */
function dropTopology({ endpoints }: EndpointSlice): void {
  for (const endpoint of endpoints ?? []) delete endpoint.deprecatedTopology;
}

function portText({ port, name }: discovery.v1.EndpointPort): string {
  return port === undefined ? (name ?? '*') : String(port);
}

export const endpointSlices = defineResource<EndpointSlice>(discovery.v1.EndpointSlice, {
  names: { plural: 'endpointslices' },
  scope: 'Namespaced',
  storage: { key: 'endpointslices' },
  // Labels count: they tell whose endpoints these are.
  generationOf: ({ metadata, addressType, endpoints, ports }) => [metadata.labels ?? {}, addressType, endpoints, ports],
  defaults,
  prepareForCreate: dropTopology,
  prepareForUpdate(slice, old) {
    if (!semanticallyEqual(slice.endpoints, old.endpoints)) dropTopology(slice);
  },
  validate: validateEndpointSlice,
  columns: [
    nameColumn(),
    col('AddressType', ({ addressType }) => addressType),
    col('Ports', ({ ports }) => firstFew((ports ?? []).map(portText))),
    col('Endpoints', ({ endpoints }) => firstFew((endpoints ?? []).flatMap(({ addresses }) => addresses ?? []))),
    age(),
  ],
});
