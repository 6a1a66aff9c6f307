import { parseGroupVersion } from '@keelson/machinery';
import type { ApiGroup } from '@keelson/server';
import { FlagError } from '../flags/flag-error.js';
import type { RuntimeConfig } from '../flags/runtime-config.js';

/** Groups of what servers say to webhooks and clients: there is nothing to serve in them. */
const unserved: ReadonlySet<string> = new Set(['admission.k8s.io', 'apidiscovery.k8s.io', 'imagepolicy.k8s.io']);

/** `--runtime-config`, checked against the groups there are. Throws one `FlagError` with a line a problem. */
export function knownRuntimeConfig(config: RuntimeConfig, groups: readonly ApiGroup[]): RuntimeConfig {
  const keys = [...config.versions.keys(), ...Array.from(config.resources.keys(), (key) => key.replace(/\/[^/]*$/, ''))];
  const problems = new Set(keys.flatMap((key) => problem(key, groups) ?? []));
  if (problems.size > 0) throw new FlagError(Array.from(problems, (problem) => `--runtime-config: ${problem}`).join('\n'));
  return config;
}

function problem(groupVersion: string, groups: readonly ApiGroup[]): string | undefined {
  const { group, version } = parseGroupVersion(groupVersion) ?? { group: groupVersion, version: '' };
  const known = groups.filter((one) => one.group === group);
  if (known.length === 0) return unserved.has(group) ? undefined : `unknown api groups ${group}`;
  if (known.some(({ versions }) => versions.some((one) => one.version === version))) return undefined;
  return `group version ${groupVersion} that has not been registered`;
}
