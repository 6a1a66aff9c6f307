import type { FieldPath } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { fractionalByteWarnings } from './fractional-bytes.js';

/** Of the spec of a claim, wherever it is written. */
export function claimSpecWarnings({ resources }: core.v1.PersistentVolumeClaimSpec, at: FieldPath): string[] {
  return (['requests', 'limits'] as const).flatMap((list) =>
    fractionalByteWarnings(resources?.[list], ['storage'], at.child('resources', list)),
  );
}
