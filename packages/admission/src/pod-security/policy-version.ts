/** Of the Pod Security Standards: the minor version of the Kubernetes release, or the newest that there is. */
export type PolicyVersion = number | 'latest';

/** The minor version of the newest release whose standards are known. */
const NEWEST_KNOWN = 34;

export const VERSION_EXPECTED = 'must be "latest" or "v1.x"';

const versionText = /^v1\.(0|[1-9]\d*)$/;
/** What does not fit is no version: minors are machine integers to every server. */
const MAX_MINOR = 2n ** 63n - 1n;

export function parsePolicyVersion(text: string): PolicyVersion | undefined {
  if (text === 'latest') return 'latest';
  const minor = versionText.exec(text)?.[1];
  return minor === undefined || BigInt(minor) > MAX_MINOR ? undefined : Number(minor);
}

export function formatPolicyVersion(version: PolicyVersion): string {
  return version === 'latest' ? version : `v1.${version}`;
}

export function isKnownVersion(version: PolicyVersion): boolean {
  return version === 'latest' || version <= NEWEST_KNOWN;
}
