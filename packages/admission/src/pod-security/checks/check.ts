import type { CheckedPod } from '../checked-pod.js';
import type { Violation } from '../violation.js';

export type CheckPod = (pod: CheckedPod) => Violation | undefined;

/** One demand of the Pod Security Standards, by its revisions. */
export interface Check {
  readonly id: string;
  /** Baseline checks hold at the level restricted, too. */
  readonly level: 'baseline' | 'restricted';
  /** The baseline check that it includes: not asked where this one is. */
  readonly replaces?: Check;
  /** In order of `since`. */
  readonly revisions: readonly CheckRevision[];
}

export interface CheckRevision {
  /** Minor version of the first release that it holds in. */
  readonly since: number;
  readonly check: CheckPod;
}
