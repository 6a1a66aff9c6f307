import { parseGroupVersion } from '@keelson/machinery';
import type { ApiGroup } from '@keelson/server';
import { FlagError } from '../../flags/flag-error.js';

/** `--storage-versions`, checked against the groups there are. Throws one `FlagError` with a line a problem. */
export function knownStorageVersions(versions: readonly string[], groups: readonly ApiGroup[]): readonly string[] {
  const problems = versions.flatMap((text) => problem(text, groups) ?? []);
  if (problems.length > 0) throw new FlagError(problems.map((line) => `--storage-versions: ${line}`).join('\n'));
  return versions;
}

function problem(text: string, groups: readonly ApiGroup[]): string | undefined {
  const { group, version } = parseGroupVersion(text) ?? { group: text, version: '' };
  const known = groups.find((one) => one.group === group);
  if (known === undefined) return `unknown group ${JSON.stringify(group)}`;
  const available = known.versions.map((one) => one.version);
  if (available.includes(version)) return undefined;
  return `group ${JSON.stringify(group)} has no version ${JSON.stringify(version)}: available are ${available.join(', ')}`;
}
