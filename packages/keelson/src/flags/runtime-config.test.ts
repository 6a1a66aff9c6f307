import { describe, expect, it } from 'vitest';
import { FlagError } from './flag-error.js';
import { isResourceEnabled, parseRuntimeConfig, type ServableResource } from './runtime-config.js';

const parse = (text: Record<string, string>) => parseRuntimeConfig(new Map(Object.entries(text)));
const ga: ServableResource = { groupVersion: 'apps/v1', resource: 'things', onByDefault: true, removed: false };
const beta: ServableResource = { groupVersion: 'policy/v1beta1', resource: 'things', onByDefault: false, removed: false };
const alpha: ServableResource = { groupVersion: 'node.k8s.io/v1alpha1', resource: 'things', onByDefault: false, removed: false };
const removed: ServableResource = { groupVersion: 'extensions/v1beta1', resource: 'things', onByDefault: false, removed: 'version' };
const removedAlpha: ServableResource = { groupVersion: 'batch/v2alpha1', resource: 'things', onByDefault: false, removed: 'version' };
const removedResource: ServableResource = {
  groupVersion: 'storage.k8s.io/v1beta1',
  resource: 'things',
  onByDefault: false,
  removed: 'resource',
};

describe('runtime config', () => {
  it.each<[Record<string, string>, boolean[]]>([
    [{}, [true, false, false, false]],
    [{ 'api/all': 'true' }, [true, true, true, false]],
    [{ 'api/all': 'true', 'api/alpha': 'false' }, [true, true, false, false]],
    [{ 'api/beta': 'true', 'api/legacy': 'true' }, [true, true, false, true]],
    [{ 'api/all': 'false', v1: 'true' }, [false, false, false, false]],
    [{ 'api/ga': 'false', 'apps/v1': 'true' }, [true, false, false, false]],
    [{ 'policy/v1beta1': '' }, [true, true, false, false]],
    [{ 'extensions/v1beta1': 'true', 'apps/v1': 'false' }, [false, false, false, true]],
    [{ 'api/legacy': 'true' }, [true, false, false, true]],
  ])('%j', (settings, enabled) => {
    const config = parse(settings);
    expect([ga, beta, alpha, removed].map((version) => isResourceEnabled(config, version))).toEqual(enabled);
  });

  it.each<[Record<string, string>, boolean[]]>([
    [{ 'api/all': 'true' }, [false, false, false]],
    [{ 'api/legacy': 'true' }, [true, false, true]],
    [{ 'api/legacy': 'true', 'api/alpha': 'true' }, [true, true, true]],
    [{ 'storage.k8s.io/v1beta1': 'true' }, [false, false, false]],
    [{ 'storage.k8s.io/v1beta1': 'true', 'api/legacy': 'true' }, [true, false, true]],
    [{ 'storage.k8s.io/v1beta1': 'false', 'api/legacy': 'true' }, [true, false, false]],
    [{ 'batch/v2alpha1': 'true' }, [false, true, false]],
  ])('%j, of what was removed', (settings, enabled) => {
    const config = parse(settings);
    expect([removed, removedAlpha, removedResource].map((version) => isResourceEnabled(config, version))).toEqual(enabled);
  });

  it.each(['v1', '/v1', 'v1/pods', 'api/v1', 'api/v1/pods'])('%s stands for the core group', (key) => {
    const core: ServableResource = { groupVersion: 'v1', resource: 'things', onByDefault: true, removed: false };
    expect(isResourceEnabled(parse({ [key]: 'false' }), core)).toBe(false);
  });

  it.each<[Record<string, string>, boolean[]]>([
    [{ 'policy/v1beta1/things': 'true' }, [true, false, false]],
    [{ 'policy/v1beta1/things': '', 'policy/v1beta1': 'false', 'api/all': 'false' }, [true, false, false]],
    [{ 'policy/v1beta1/things': 'false', 'policy/v1beta1': 'true' }, [false, true, false]],
    [{ '/v1/things': 'false' }, [false, false, false]],
    [{ 'storage.k8s.io/v1beta1/things': 'true' }, [false, false, true]],
  ])('%j switches a single resource', (settings, enabled) => {
    const config = parse(settings);
    const others = { ...beta, resource: 'others' };
    expect([beta, others, removedResource].map((resource) => isResourceEnabled(config, resource))).toEqual(enabled);
    const core: ServableResource = { groupVersion: 'v1', resource: 'things', onByDefault: true, removed: false };
    expect(isResourceEnabled(config, core)).toBe(!('/v1/things' in settings) && !('api/all' in settings));
  });

  it.each([
    [{ 'api/all': 'false' }, '--runtime-config: invalid key with only api/all=false'],
    [{ 'api/some': 'true' }, '--runtime-config: unknown api version "api/some"'],
    [{ v2: 'maybe' }, '--runtime-config: invalid key v2'],
    [{ 'apps/one': 'true' }, '--runtime-config: unknown api version "apps/one"'],
    [{ 'apps/v1/deployments/scale': 'false' }, '--runtime-config: invalid key apps/v1/deployments/scale'],
    [
      { 'apps/v1/Deployments': 'false' },
      '--runtime-config: invalid key apps/v1/Deployments: group/version/resource and resource is always lowercase plural, not "Deployments"',
    ],
    [{ 'api/all': '0' }, '--runtime-config: invalid value api/all=0'],
    [{ 'api/beta': '' }, '--runtime-config: invalid value api/beta='],
    [{ 'apps/v1': 'maybe' }, '--runtime-config: invalid value of apps/v1: maybe'],
  ])('refuses %j', (settings, message) => {
    expect(() => parse(settings)).toThrow(new FlagError(message));
  });
});
