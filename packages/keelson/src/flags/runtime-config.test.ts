import { describe, expect, it } from 'vitest';
import { FlagError } from './flag-error.js';
import { isVersionEnabled, parseRuntimeConfig } from './runtime-config.js';

const parse = (text: Record<string, string>) => parseRuntimeConfig(new Map(Object.entries(text)));
const ga = { groupVersion: 'apps/v1', onByDefault: true, removed: false };
const beta = { groupVersion: 'policy/v1beta1', onByDefault: false, removed: false };
const alpha = { groupVersion: 'node.k8s.io/v1alpha1', onByDefault: false, removed: false };
const removed = { groupVersion: 'extensions/v1beta1', onByDefault: false, removed: true };

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
