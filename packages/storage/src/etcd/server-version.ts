/**
 * Before these patch releases, etcd may answer a manual progress request before it has sent all events up to the
 * revision it reports (etcd#15220). Later minor versions are fixed from the start.
 */
const FIRST_FIXED_PATCH: ReadonlyArray<readonly [minor: number, patch: number]> = [
  [4, 25],
  [5, 8],
];

/** Whether a server of this version (`3.5.21`) answers manual progress requests in order with events. */
export function answersProgressInOrder(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.+-]/, 3).map(Number);
  if (major !== 3) return major > 3;
  const fixed = FIRST_FIXED_PATCH.find(([fixedMinor]) => fixedMinor === minor);
  return fixed ? patch >= fixed[1] : minor > 5;
}
