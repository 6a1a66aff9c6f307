import { checkedPod } from './checked-pod.js';
import { allowPrivilegeEscalation } from './checks/allow-privilege-escalation.js';
import { appArmorProfile } from './checks/app-armor-profile.js';
import { capabilitiesBaseline } from './checks/capabilities-baseline.js';
import { capabilitiesRestricted } from './checks/capabilities-restricted.js';
import type { Check, CheckPod } from './checks/check.js';
import { hostNamespaces } from './checks/host-namespaces.js';
import { hostPathVolumes } from './checks/host-path-volumes.js';
import { hostPorts } from './checks/host-ports.js';
import { hostProbesAndHostLifecycle } from './checks/host-probes-and-host-lifecycle.js';
import { privileged } from './checks/privileged.js';
import { procMount } from './checks/proc-mount.js';
import { restrictedVolumes } from './checks/restricted-volumes.js';
import { runAsNonRoot } from './checks/run-as-non-root.js';
import { runAsUser } from './checks/run-as-user.js';
import { seLinuxOptions } from './checks/se-linux-options.js';
import { seccompProfileBaseline } from './checks/seccomp-profile-baseline.js';
import { seccompProfileRestricted } from './checks/seccomp-profile-restricted.js';
import { sysctls } from './checks/sysctls.js';
import { windowsHostProcess } from './checks/windows-host-process.js';
import type { Level } from './level.js';
import type { DescribedPod } from './pod-template.js';
import type { LevelVersion } from './policy.js';
import type { Violation } from './violation.js';

/** The Pod Security Standards, in the order that violations are told: those of the baseline first, each level by id. */
const CHECKS: readonly Check[] = [
  appArmorProfile,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbesAndHostLifecycle,
  privileged,
  procMount,
  seLinuxOptions,
  seccompProfileBaseline,
  sysctls,
  windowsHostProcess,
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompProfileRestricted,
];

/** The newest release that changed anything: later versions are as this one. */
const NEWEST = Math.max(...CHECKS.flatMap(({ revisions }) => revisions.map(({ since }) => since)));

/** What is checked, by level and minor version. */
const COMPILED: Readonly<Record<Level, readonly (readonly CheckPod[])[]>> = {
  privileged: everyVersion(() => []),
  baseline: everyVersion((minor) => checksOf('baseline', minor)),
  restricted: everyVersion((minor) => checksOf('restricted', minor)),
};

function everyVersion(checks: (minor: number) => CheckPod[]): CheckPod[][] {
  return Array.from({ length: NEWEST + 1 }, (_, minor) => checks(minor));
}

function checksOf(level: 'baseline' | 'restricted', minor: number): CheckPod[] {
  const present = CHECKS.filter((check) => (level === 'restricted' || check.level === level) && (check.revisions[0]?.since ?? 0) <= minor);
  const replaced = new Set(present.map(({ replaces }) => replaces));
  return present
    .filter((check) => !replaced.has(check))
    .flatMap(({ revisions }) => revisions.findLast(({ since }) => since <= minor)?.check ?? []);
}

/** What of a standard a pod breaks, or the pods of a template would. `relaxUserNamespaces`: pods in one may do some more. */
export function violationsOf({ level, version }: LevelVersion, described: DescribedPod, relaxUserNamespaces: boolean): Violation[] {
  if (level === 'privileged') return [];
  const pod = checkedPod(described, relaxUserNamespaces);
  const checks = COMPILED[level][version === 'latest' ? NEWEST : Math.min(version, NEWEST)] ?? [];
  return checks.flatMap((check) => check(pod) ?? []);
}
