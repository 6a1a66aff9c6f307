import { formatDuration, type Json, type JsonObject } from '@keelson/machinery';
import { shape } from '@keelson/schema';

/** How ImagePolicyWebhook works. */
export interface ImagePolicySettings {
  /** Says where the webhook is, and who asks it. */
  readonly kubeconfigFile: string;
  /** How long answers are kept. 0: not at all. */
  readonly allowTtlMs: number;
  readonly denyTtlMs: number;
  /** Pause before it is asked again, the first time. */
  readonly retryBackoffMs: number;
  /** What holds when there is no answer. */
  readonly defaultAllow: boolean;
}

const imagePolicy = shape.fields({
  kubeConfigFile: shape.text,
  allowTTL: shape.integer,
  denyTTL: shape.integer,
  retryBackoff: shape.integer,
  defaultAllow: shape.flag,
});

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** Times that may be configured: more than the least, not more than the most. */
interface Range {
  readonly unitMs: number;
  readonly leastMs: number;
  readonly mostMs: number;
  readonly defaultMs: number;
}

const allowTtl: Range = { unitMs: SECOND_MS, leastMs: SECOND_MS, mostMs: 30 * MINUTE_MS, defaultMs: 5 * MINUTE_MS };
const denyTtl: Range = { ...allowTtl, defaultMs: 30 * SECOND_MS };
const retryBackoff: Range = { unitMs: 1, leastMs: 1e-6, mostMs: 5 * MINUTE_MS, defaultMs: 500 };

/** Reads the configuration of ImagePolicyWebhook. Throws when there is none, or it cannot be used. */
export function readImagePolicySettings(given: Json | undefined): ImagePolicySettings {
  if (given === undefined) throw new Error('no config specified');
  const read = imagePolicy.read((given as JsonObject | null)?.imagePolicy ?? null, 'imagePolicy', () => undefined);
  return {
    retryBackoffMs: timeIn(retryBackoff, read.retryBackoff),
    allowTtlMs: timeIn(allowTtl, read.allowTTL),
    denyTtlMs: timeIn(denyTtl, read.denyTTL),
    kubeconfigFile: read.kubeConfigFile ?? '',
    defaultAllow: read.defaultAllow ?? false,
  };
}

/** 0 is the default, -1 none. */
function timeIn({ unitMs, leastMs, mostMs, defaultMs }: Range, units = 0): number {
  if (units === -1) return 0;
  if (units === 0) return defaultMs;
  const timeMs = units * unitMs;
  if (timeMs > leastMs && timeMs <= mostMs) return timeMs;
  throw new Error(`valid value is between ${goDuration(leastMs)} and ${goDuration(mostMs)}, got ${goDuration(timeMs)}`);
}

function goDuration(ms: number): string {
  return formatDuration(BigInt(Math.round(ms * 1e6)));
}
