import type { Json } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { readImagePolicySettings } from './image-policy-settings.js';

const read = (imagePolicy: Json) => readImagePolicySettings({ imagePolicy });

describe('readImagePolicySettings', () => {
  it('has defaults, and switches times off', () => {
    expect(read({ kubeConfigFile: '/k', more: 1 })).toEqual({
      kubeconfigFile: '/k',
      allowTtlMs: 300_000,
      denyTtlMs: 30_000,
      retryBackoffMs: 500,
      defaultAllow: false,
    });
    const off = { allowTTL: -1, denyTTL: -1, retryBackoff: -1, defaultAllow: true };
    expect(read(off)).toEqual({ kubeconfigFile: '', allowTtlMs: 0, denyTtlMs: 0, retryBackoffMs: 0, defaultAllow: true });
  });

  it('counts lives in seconds and pauses in milliseconds', () => {
    expect(read({ allowTTL: 1800, denyTTL: 2, retryBackoff: 300_000 })).toMatchObject({
      allowTtlMs: 1_800_000,
      denyTtlMs: 2000,
      retryBackoffMs: 300_000,
    });
  });

  it.each<[Json, string]>([
    [{ allowTTL: 1 }, 'valid value is between 1s and 30m0s, got 1s'],
    [{ denyTTL: 1801 }, 'valid value is between 1s and 30m0s, got 30m1s'],
    [{ retryBackoff: 300_001 }, 'valid value is between 1ns and 5m0s, got 5m0.001s'],
    [{ retryBackoff: -2 }, 'valid value is between 1ns and 5m0s, got -2ms'],
    [{ allowTTL: 'x' }, 'json: cannot unmarshal string into Go struct field imagePolicy.allowTTL of type int32'],
  ])('refuses %j', (imagePolicy, message) => {
    expect(() => read(imagePolicy)).toThrow(new Error(message));
  });

  it('needs a configuration', () => {
    expect(() => readImagePolicySettings(undefined)).toThrow(new Error('no config specified'));
  });
});
