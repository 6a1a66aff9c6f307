import { describe, expect, it } from 'vitest';
import { chosenStrategy, isCandidateExpired, isLeaseExpired, type LeaseCandidate, oldestEmulation } from './election.js';

function candidate(
  name: string,
  binaryVersion: string,
  emulationVersion: string,
  creationTimestamp = '2026-01-01T00:00:00Z',
  strategy = 'OldestEmulationVersion',
) {
  return { metadata: { name, creationTimestamp }, spec: { leaseName: 'l', binaryVersion, emulationVersion, strategy } } as LeaseCandidate;
}

const best = (...candidates: LeaseCandidate[]) => oldestEmulation(candidates)?.metadata.name;

describe('who is elected', () => {
  it('emulates the oldest release, then is of the oldest one, then has been there for longest', () => {
    expect(best(candidate('a', '1.34.0', '1.34.0'), candidate('b', '1.35.0', '1.33.0'), candidate('c', '1.36.0', '1.34.0'))).toBe('b');
    expect(best(candidate('a', '1.34.1', '1.33.0'), candidate('b', '1.34.0', '1.33.0'))).toBe('b');
    const [first, second] = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z'];
    expect(best(candidate('a', '1.34.0', '1.34.0', second), candidate('b', '1.34.0', '1.34.0', first))).toBe('b');
  });

  it('says which releases those are', () => {
    expect(best(candidate('a', '1.34.0', ''), candidate('b', '1.34.0', '1.34.0'))).toBe('b');
    expect(best(candidate('a', '1.34.0', ''))).toBeUndefined();
  });
});

describe('the strategy', () => {
  it('is that of the newest release', () => {
    expect(chosenStrategy([candidate('a', '1.34.0', '1.34.0'), candidate('b', '1.35.0', '1.35.0', undefined, 'mine/own')])).toBe(
      'mine/own',
    );
  });

  it('is none where those of the newest release disagree', () => {
    const two = [candidate('a', '1.34.0', '1.34.0'), candidate('b', '1.34.0', '1.34.0', undefined, 'mine/own')];
    expect(() => chosenStrategy(two)).toThrow(
      'candidates "a", "b" at same binary version but received differing strategies OldestEmulationVersion, mine/own',
    );
  });
});

describe('what has expired', () => {
  const renewTime = '2026-01-01T00:00:00.000000Z';
  const at = Date.parse(renewTime);

  it('is a lease behind its duration, or one that does not tell', () => {
    const lease = (spec: object) => ({ metadata: {}, spec });
    const told = lease({ renewTime, leaseDurationSeconds: 5 });
    expect([isLeaseExpired(told, at + 5_000), isLeaseExpired(told, at + 5_001)]).toEqual([false, true]);
    expect([isLeaseExpired(lease({ renewTime }), at), isLeaseExpired(lease({ leaseDurationSeconds: 5 }), at)]).toEqual([true, true]);
  });

  it('is a candidate that was last heard of half an hour ago', () => {
    const { spec, ...rest } = candidate('a', '1.34.0', '1.34.0');
    const heard = { ...rest, spec: { ...spec, renewTime } };
    expect([isCandidateExpired(heard, at + 1_800_000), isCandidateExpired(heard, at + 1_800_001)]).toEqual([false, true]);
    expect(isCandidateExpired({ ...rest, spec }, at)).toBe(true);
  });
});
