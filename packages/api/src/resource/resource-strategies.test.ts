import type { Json, KubeObject } from '@keelson/machinery';
import { resource } from '@keelson/schema';
import { expect, it } from 'vitest';
import { namespaces } from '../core/namespaces.js';
import { dropDeallocatedDevices } from './allocated-devices-validation.js';
import { defaultClaimSpec } from './claim-defaults.js';
import { createResourceClaims } from './resource-claims.js';
import { validateSlice } from './slices-validation.js';

const resourceClaims = createResourceClaims(namespaces);

function claimSpec(...requests: Json[]): resource.v1beta2.ResourceClaimSpec {
  return resource.v1beta2.ResourceClaim.codec.fromJson({ metadata: {}, spec: { devices: { requests } } }).spec;
}

function sliceSpec(spec: object): resource.v1beta2.ResourceSliceSpec {
  return resource.v1beta2.ResourceSlice.codec.fromJson({ metadata: {}, spec: spec as Json }).spec;
}

it('asks for one device unless told otherwise', () => {
  const exactly = { deviceClassName: 'c', tolerations: [{ key: 'k' }] };
  const spec = claimSpec(
    { name: 'a', exactly },
    { name: 'b', firstAvailable: [{ name: 's', deviceClassName: 'c', allocationMode: 'All' }] },
  );
  defaultClaimSpec(spec);
  expect(spec.devices.requests).toEqual([
    { name: 'a', exactly: { ...exactly, allocationMode: 'ExactCount', count: 1, tolerations: [{ key: 'k', operator: 'Equal' }] } },
    { name: 'b', firstAvailable: [{ name: 's', deviceClassName: 'c', allocationMode: 'All' }] },
  ]);
});

it.each([
  [{}, ['spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required']],
  [{ nodeName: 'n' }, []],
  [
    { allNodes: false },
    [
      'spec.allNodes: Invalid value: false: must be either unset or set to true',
      'spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required',
    ],
  ],
  [
    { nodeSelector: { nodeSelectorTerms: ['a', 'b'].map((key) => ({ matchExpressions: [{ key, operator: 'Exists' }] })) } },
    [
      'spec.nodeSelector.nodeSelectorTerms: Invalid value: [{"MatchExpressions":[{"Key":"a","Operator":"Exists","Values":null}],"MatchFields":null},' +
        '{"MatchExpressions":[{"Key":"b","Operator":"Exists","Values":null}],"MatchFields":null}]: must have exactly one node selector term',
    ],
  ],
  [
    { nodeName: 'n', allNodes: true },
    [
      'spec: Invalid value: "{`nodeName`, `allNodes`}": exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set',
    ],
  ],
])('wants one place for the devices of a slice: %j', (place, messages) => {
  const spec = sliceSpec({ driver: 'd.example.com', pool: { name: 'p', resourceSliceCount: 1 }, ...place });
  expect(validateSlice({ metadata: {}, spec }, undefined).map(String)).toEqual(messages);
});

it.each([
  [{}, 'pending'],
  [{ status: { allocation: {} } }, 'allocated'],
  [{ status: { allocation: {}, reservedFor: [{ resource: 'pods', name: 'p', uid: 'u' }] } }, 'allocated,reserved'],
  [{ metadata: { deletionTimestamp: '2025-01-01T00:00:00Z' } }, 'deleted'],
])('prints the state of a claim: %j', (json, state) => {
  const claim: KubeObject = resource.v1beta2.ResourceClaim.codec.fromJson({ metadata: {}, ...json } as Json);
  const column = resourceClaims.definition.columns?.find(({ name }) => name === 'State');
  expect(column?.cell(claim)).toBe(state);
});

it('forgets what was said of devices that are no longer allocated, and nothing else', () => {
  const device = (name: string) => ({ driver: 'd', pool: 'p', device: name });
  const allocated = (...names: string[]) => ({ devices: { results: names.map((name) => ({ request: 'r', ...device(name) })) } });
  const status = { allocation: allocated('b'), devices: [device('a'), device('b'), device('c')] } as resource.v1beta2.ResourceClaimStatus;
  dropDeallocatedDevices(status, { allocation: allocated('a', 'b') } as resource.v1beta2.ResourceClaimStatus);
  expect(status.devices).toEqual([device('b'), device('c')]);
});
