import type { Json } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { readEventLimits } from './event-limits.js';

const configuration = (...limits: Json[]): Json => ({
  apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1',
  kind: 'Configuration',
  limits,
});

describe('readEventLimits', () => {
  it('reads limits, and overlooks what it does not know', () => {
    const limits = readEventLimits(
      configuration({ type: 'Server', qps: 50, burst: 100, more: true }, { type: 'User', qps: 1, burst: 2, cacheSize: 3 }),
    );
    expect(limits).toEqual([
      { type: 'Server', qps: 50, burst: 100, cacheSize: 4096 },
      { type: 'User', qps: 1, burst: 2, cacheSize: 3 },
    ]);
  });

  it.each<[Json | undefined, string]>([
    [undefined, 'limits: Invalid value: null: must not be empty'],
    [configuration(), 'limits: Invalid value: []: must not be empty'],
    [{ limits: [] }, `Object 'Kind' is missing in '{"limits":[]}'`],
    [
      configuration({ type: 'Host', qps: -1, cacheSize: -1 }),
      '[limits[0].type: Unsupported value: "Host": supported values: "Server", "Namespace", "User", "SourceAndObject", ' +
        'limits[0].burst: Invalid value: 0: must be positive, limits[0].qps: Invalid value: -1: must be positive, ' +
        'limits[0].cacheSize: Invalid value: -1: must not be negative]',
    ],
  ])('refuses %j', (given, message) => {
    expect(() => readEventLimits(given)).toThrow(new Error(message));
  });
});
