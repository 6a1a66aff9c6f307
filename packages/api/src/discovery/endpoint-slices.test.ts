import { discovery } from '@keelson/schema';
import { printedCells } from '@keelson/server/testing';
import { expect, it } from 'vitest';
import { endpointSlices } from './endpoint-slices.js';

type EndpointSlice = discovery.v1.EndpointSlice;

const { defaults, prepareForCreate, prepareForUpdate, generationOf, columns = [] } = endpointSlices.definition;

function slice(fields: object, metadata: object = {}): EndpointSlice {
  const made = discovery.v1.EndpointSlice.codec.fromJson({ metadata: { name: 's', ...metadata }, addressType: 'IPv4', ...fields } as never);
  defaults?.(made);
  return made;
}

const withTopology = { endpoints: [{ addresses: ['10.0.0.1'], deprecatedTopology: { zone: 'a' } }] };

it('gives ports a protocol and a name, if an empty one', () => {
  expect(slice({ ports: [{ port: 80 }] }).ports).toEqual([{ name: '', protocol: 'TCP', port: 80 }]);
});

it('takes no topology, but keeps what there is while its endpoints stay', () => {
  const made = slice(withTopology);
  prepareForCreate?.(made, {} as never);
  expect(made.endpoints).toEqual([{ addresses: ['10.0.0.1'], conditions: {} }]);
  const kept = slice(withTopology);
  prepareForUpdate?.(kept, slice(withTopology), {} as never);
  expect(kept.endpoints).toEqual([{ ...withTopology.endpoints[0], conditions: {} }]);
  const changed = slice(withTopology);
  prepareForUpdate?.(changed, slice({}), {} as never);
  expect(changed.endpoints).toEqual([{ addresses: ['10.0.0.1'], conditions: {} }]);
});

it('counts changes of what it says and of its labels', () => {
  const counted = (fields: object, metadata?: object) => JSON.stringify(generationOf?.(slice(fields, metadata)));
  expect(counted({}, { annotations: { a: 'b' } })).toBe(counted({}));
  expect(counted({}, { labels: { a: 'b' } })).not.toBe(counted({}));
  expect(counted({ ports: [{ port: 1 }] })).not.toBe(counted({}));
});

it('prints the first few ports and addresses', () => {
  const many = slice({
    ports: [{ port: 80 }, { name: 'any' }],
    endpoints: [{ addresses: ['10.0.0.1', '10.0.0.2'] }, { addresses: ['10.0.0.3'] }, { addresses: ['10.0.0.4'] }],
  });
  expect(printedCells(columns.slice(1, 4), many, 0)).toEqual(['IPv4', '80,any', '10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...']);
});
