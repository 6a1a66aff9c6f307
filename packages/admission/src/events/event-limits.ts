import { aggregate, type FieldError, invalidField, type Json, notSupported, path } from '@keelson/machinery';
import { type ConfigurationKind, readInnerConfiguration, shape } from '@keelson/schema';

const LIMIT_TYPES = ['Server', 'Namespace', 'User', 'SourceAndObject'] as const;

export type EventLimitType = (typeof LIMIT_TYPES)[number];

/** Which events share a bucket, and what a bucket lets through. */
export interface EventLimit {
  readonly type: EventLimitType;
  /** Events a second, in the long run. */
  readonly qps: number;
  /** Events at once. */
  readonly burst: number;
  /** Buckets that are kept. */
  readonly cacheSize: number;
}

interface Configuration {
  readonly limits?: readonly { readonly type?: string; readonly qps?: number; readonly burst?: number; readonly cacheSize?: number }[];
}

const configurationKind: ConfigurationKind<Configuration> = {
  kind: 'Configuration',
  apiVersions: ['eventratelimit.admission.k8s.io/v1alpha1'],
  shape: shape.fields({
    limits: shape.listOf(shape.fields({ type: shape.text, qps: shape.integer, burst: shape.integer, cacheSize: shape.integer })),
  }),
};

const DEFAULT_CACHE_SIZE = 4096;

/** Reads the configuration of EventRateLimit. Throws when it is none, or makes no sense. */
export function readEventLimits(given: Json | undefined): readonly EventLimit[] {
  const { limits } = given === undefined ? {} : readInnerConfiguration(given, configurationKind, { lenient: true }).value;
  const errors: FieldError[] = limits?.length ? [] : [invalidField(path('limits'), limits, 'must not be empty')];
  const read = (limits ?? []).map(({ type = '', qps = 0, burst = 0, cacheSize = 0 }, index) => {
    const at = path('limits').index(index);
    if (!isLimitType(type)) errors.push(notSupported(at.child('type'), type, LIMIT_TYPES));
    if (burst <= 0) errors.push(invalidField(at.child('burst'), burst, 'must be positive'));
    if (qps <= 0) errors.push(invalidField(at.child('qps'), qps, 'must be positive'));
    if (type !== 'Server' && cacheSize < 0) errors.push(invalidField(at.child('cacheSize'), cacheSize, 'must not be negative'));
    return { type: type as EventLimitType, qps, burst, cacheSize: cacheSize || DEFAULT_CACHE_SIZE };
  });
  if (errors.length > 0) throw new Error(aggregate(errors.map(String)));
  return read;
}

function isLimitType(type: string): type is EventLimitType {
  return (LIMIT_TYPES as readonly string[]).includes(type);
}
