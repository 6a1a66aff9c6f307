import { parseSemver, type SemverValue } from '@keelson/cel';
import type { coordination } from '@keelson/schema';

export type Lease = coordination.v1.Lease;
export type LeaseCandidate = coordination.v1beta1.LeaseCandidate;

/** The one strategy that has a rule of its own; the holders of leases with another one are somebody else's choice. */
export const OLDEST_EMULATION_VERSION = 'OldestEmulationVersion';

/** Candidates that have not been heard of for so long are no candidates any more. */
export const CANDIDATE_VALID_MS = 30 * 60_000;

const ZERO = parseSemver('0.0.0') as SemverValue;

/** When something happened, in milliseconds; undefined where it did not. */
export function timeOf(text: string | null | undefined): number | undefined {
  return text ? Date.parse(text) : undefined;
}

export function isLeaseExpired({ spec }: Lease, nowMs: number): boolean {
  const { renewTime, leaseDurationSeconds } = spec;
  return renewTime === undefined || leaseDurationSeconds === undefined || Date.parse(renewTime) + leaseDurationSeconds * 1000 < nowMs;
}

export function isCandidateExpired({ spec }: LeaseCandidate, nowMs: number): boolean {
  return spec.renewTime === undefined || Date.parse(spec.renewTime) + CANDIDATE_VALID_MS < nowMs;
}

/** Whether a candidate was asked if it is still there and has not answered yet. */
export function isAsked({ spec }: LeaseCandidate): boolean {
  const [asked, renewed] = [timeOf(spec.pingTime), timeOf(spec.renewTime)];
  return asked !== undefined && renewed !== undefined && renewed < asked;
}

/** That of the candidates of the newest release; throws when those disagree. */
export function chosenStrategy([first, ...rest]: readonly LeaseCandidate[]): string {
  if (first === undefined) throw new Error('no candidates');
  let newest = first;
  for (const one of rest) {
    const order = binaryVersion(newest).compare(binaryVersion(one));
    if (order < 0) newest = one;
    else if (order === 0 && one.spec.strategy !== newest.spec.strategy) {
      const names = `${JSON.stringify(newest.metadata.name)}, ${JSON.stringify(one.metadata.name)}`;
      throw new Error(
        `candidates ${names} at same binary version but received differing strategies ${newest.spec.strategy}, ${one.spec.strategy}`,
      );
    }
  }
  return newest.spec.strategy ?? '';
}

/** Who emulates the oldest release, then who is of the oldest one, then who has been there for longest. */
export function oldestEmulation(candidates: readonly LeaseCandidate[]): LeaseCandidate | undefined {
  return candidates
    .filter(({ spec }) => [spec.emulationVersion, spec.binaryVersion].every((text) => parseSemver(text ?? '') !== undefined))
    .sort(bySeniority)[0];
}

function bySeniority(a: LeaseCandidate, b: LeaseCandidate): number {
  return (
    emulationVersion(a).compare(emulationVersion(b)) ||
    binaryVersion(a).compare(binaryVersion(b)) ||
    (timeOf(a.metadata.creationTimestamp) ?? 0) - (timeOf(b.metadata.creationTimestamp) ?? 0)
  );
}

function emulationVersion({ spec }: LeaseCandidate): SemverValue {
  return parseSemver(spec.emulationVersion ?? '') ?? ZERO;
}

function binaryVersion({ spec }: LeaseCandidate): SemverValue {
  return parseSemver(spec.binaryVersion) ?? ZERO;
}
