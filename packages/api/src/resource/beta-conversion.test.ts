import { readFileSync } from 'node:fs';
import type { Json, KubeObject } from '@keelson/machinery';
import { resource } from '@keelson/schema';
import type { Resource, ResourceVersion } from '@keelson/server';
import { describe, expect, it } from 'vitest';
import { recordings } from '../../../../test/recordings.js';
import { namespaces } from '../core/namespaces.js';
import { deviceClasses } from './device-classes.js';
import { createResourceClaimTemplates } from './resource-claim-templates.js';
import { createResourceClaims } from './resource-claims.js';
import { resourceSlices } from './resource-slices.js';

const resourceClaims = createResourceClaims(namespaces);
const resourceClaimTemplates = createResourceClaimTemplates(namespaces);

const samples = recordings('samples');

function versionOf(of: Resource, version: string): ResourceVersion {
  const found = of.inVersion('resource.k8s.io', version);
  if (found === undefined) throw new Error(`${of.resource} has no version ${version}`);
  return found;
}

/** What comes back of an object that goes to the stored form and returns. */
function thereAndBack(version: ResourceVersion, object: KubeObject): KubeObject {
  const { hub } = version.resource;
  const stored = hub.codec.decode(hub.codec.encode(version.toHub(structuredClone(object))));
  return version.schema.codec.fromJson(JSON.parse(JSON.stringify(version.fromHub(stored))) as Json);
}

function sampleOf({ schema }: ResourceVersion): KubeObject {
  const name = `${schema.group}.${schema.version}.${schema.kind}`;
  const line = readFileSync(`${samples}/v1.34.jsonl`, 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`{"name":"${name}"`));
  const { kind: _kind, apiVersion: _apiVersion, ...fields } = (JSON.parse(line ?? '{}') as { json: Record<string, Json> }).json;
  return schema.codec.fromJson(fields as Json);
}

describe.runIf(samples !== undefined)('every field of resource.k8s.io', () => {
  const versions = [deviceClasses, resourceClaims, resourceClaimTemplates, resourceSlices].flatMap((each) =>
    ['v1', 'v1beta1'].map((version) => versionOf(each, version)),
  );

  it.each(versions.map((version) => [`${version.version} ${version.kind}`, version] as const))(
    'returns from the stored form: %s',
    (_name, version) => {
      const sample = sampleOf(version);
      expect(thereAndBack(version, sample)).toEqual(sample);
    },
  );
});

describe('v1beta1', () => {
  const claims = versionOf(resourceClaims, 'v1beta1');

  function claim(...requests: object[]): KubeObject {
    return claims.schema.codec.fromJson({ metadata: { name: 'c' }, spec: { devices: { requests: requests as Json[] } } });
  }

  function stored(of: KubeObject): resource.v1beta2.DeviceRequest[] | null {
    return (claims.toHub(of) as resource.v1beta2.ResourceClaim).spec.devices.requests;
  }

  it('says in the request what later versions say under exactly', () => {
    expect(stored(claim({ name: 'r', deviceClassName: 'gpu', count: 2, adminAccess: false }))).toEqual([
      { name: 'r', exactly: { deviceClassName: 'gpu', count: 2, adminAccess: false } },
    ]);
  });

  it('asks for nothing exactly where it has alternatives', () => {
    const firstAvailable = [{ name: 'big', deviceClassName: 'gpu' }];
    expect(stored(claim({ name: 'r', firstAvailable }))).toEqual([{ name: 'r', firstAvailable }]);
  });

  it('asks for one device where it says nothing', () => {
    const empty = claim({ name: 'r' });
    claims.definition.defaults?.(empty);
    expect(stored(empty)).toEqual([{ name: 'r', exactly: { deviceClassName: '', allocationMode: 'ExactCount', count: 1 } }]);
  });

  it('has what a device is like under basic', () => {
    const slices = versionOf(resourceSlices, 'v1beta1');
    const device = { name: 'd', attributes: { model: { string: 'x' } }, allNodes: true };
    const slice = resource.v1beta2.ResourceSlice.codec.fromJson({ metadata: {}, spec: { devices: [device] } });
    const shown = slices.fromHub(slice) as resource.v1beta1.ResourceSlice;
    expect(shown.spec.devices).toEqual([{ name: 'd', basic: { attributes: { model: { string: 'x' } }, allNodes: true } }]);
  });

  it('converts what ownership knows of an object, however little', () => {
    expect(claims.fromHub({ metadata: {} })).toEqual({ metadata: {}, spec: undefined });
    expect(claims.toHub({ metadata: {}, spec: {} } as KubeObject)).toEqual({ metadata: {}, spec: { devices: { requests: null } } });
  });
});
