import { describe, expect, it } from 'vitest';
import { FlagError } from './flag-error.js';
import { isVersionEnabled, parseRuntimeConfig, type ServableVersion } from './runtime-config.js';

const parse = (text: Record<string, string>) => parseRuntimeConfig(new Map(Object.entries(text)));
const ga: ServableVersion = { groupVersion: 'apps/v1', onByDefault: true, removed: false };
const beta: ServableVersion = { groupVersion: 'policy/v1beta1', onByDefault: false, removed: false };
const alpha: ServableVersion = { groupVersion: 'node.k8s.io/v1alpha1', onByDefault: false, removed: false };
const removed: ServableVersion = { groupVersion: 'extensions/v1beta1', onByDefault: false, removed: 'version' };
const removedAlpha: ServableVersion = { groupVersion: 'batch/v2alpha1', onByDefault: false, removed: 'version' };
const removedResources: ServableVersion = { groupVersion: 'storage.k8s.io/v1beta1', onByDefault: false, removed: 'resources' };

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
    expect([ga, beta, alpha, removed].map((version) => isVersionEnabled(config, version))).toEqual(enabled);
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
    expect([removed, removedAlpha, removedResources].map((version) => isVersionEnabled(config, version))).toEqual(enabled);
  });

  it.each(['v1', 'api/v1', 'api/v1/pods'])('%s stands for the core group', (key) => {
    const core: ServableVersion = { groupVersion: 'v1', onByDefault: true, removed: false };
    expect(isVersionEnabled(parse({ [key]: 'false' }), core)).toBe(false);
  });

  it.each([
    [{ 'api/all': 'false' }, 'invalid key with only api/all=false'],
    [{ 'api/some': 'true' }, 'unknown api version "api/some"'],
    [{ v2: 'true' }, 'unknown api version "v2"'],
    [{ 'apps/one': 'true' }, 'unknown api version "apps/one"'],
    [{ 'apps/v1/deployments': 'false' }, 'single resources such as apps/v1/deployments cannot be switched'],
    [{ 'apps/v1': 'maybe' }, 'invalid value of apps/v1: maybe'],
  ])('refuses %j', (settings, message) => {
    expect(() => parse(settings)).toThrow(new FlagError(`invalid argument for "--runtime-config" flag: ${message}`));
  });
});
