import type { AdmissionAttributes } from '@keelson/machinery';
import type { Level } from './level.js';
import type { Mode } from './policy.js';

/** Counts what Pod Security decides. */
export interface PodSecurityEvents {
  /** A pod or template was held to a standard. `version`: `latest`, `v1.34` or, for all that are not known yet, `future`. */
  evaluated(request: AdmissionAttributes, allowed: boolean, mode: Mode, level: Level, version: string): void;
  exempted(request: AdmissionAttributes): void;
  /** `fatal`: so that nothing could be evaluated. */
  failed(request: AdmissionAttributes, fatal: boolean): void;
}
