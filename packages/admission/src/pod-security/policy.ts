import { compareLevels, type Level } from './level.js';
import { formatPolicyVersion, type PolicyVersion } from './policy-version.js';

/** One standard: what is allowed at a level, as of a release. */
export interface LevelVersion {
  readonly level: Level;
  readonly version: PolicyVersion;
}

/** The standards that hold in a namespace: pods that break them are refused, written to the audit log, warned of. */
export interface Policy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
}

export const MODES = ['enforce', 'audit', 'warn'] as const;

export type Mode = (typeof MODES)[number];

const UNLIMITED: LevelVersion = { level: 'privileged', version: 'latest' };

/** Everything is allowed. */
export const PRIVILEGED: Policy = { enforce: UNLIMITED, audit: UNLIMITED, warn: UNLIMITED };

export function formatStandard({ level, version }: LevelVersion): string {
  return `${level}:${formatPolicyVersion(version)}`;
}

export function sameStandard(a: LevelVersion, b: LevelVersion): boolean {
  return a.level === b.level && a.version === b.version;
}

/** Whether a pod that `from` allows may break `to`. */
export function mayBeStricter(from: LevelVersion, to: LevelVersion): boolean {
  if (to.level === 'privileged') return false;
  return from.version !== to.version || compareLevels(to.level, from.level) > 0;
}

export function isFullyPrivileged(policy: Policy): boolean {
  return MODES.every((mode) => policy[mode].level === 'privileged');
}

/** Whether both allow the same: versions of the level that allows everything do not differ. */
export function equivalentPolicies(a: Policy, b: Policy): boolean {
  return MODES.every((mode) => (a[mode].level === 'privileged' && b[mode].level === 'privileged') || sameStandard(a[mode], b[mode]));
}
