import { type FieldError, type FieldPath, forbiddenField, hasFeature, invalidField } from '@keelson/machinery';
import { type core, internalForm } from '@keelson/schema';
import { validateEach } from '../../validation/each.js';
import { validateOptionalEnumerated } from '../../validation/enumerated.js';
import { clusterPolicy } from '../cluster-policy.js';
import type { PodContext } from './context.js';
import { validateAppArmorProfile, validateSeccompProfile } from './profiles.js';
import { validateSysctls } from './sysctls.js';
import { validateWindowsOptions } from './windows-options.js';

type SecurityContext = core.v1.SecurityContext;

const maxId = 2 ** 31 - 1;

/** The number of a user or group. */
function validateId(id: number | undefined, at: FieldPath): FieldError[] {
  if (id === undefined || (id >= 0 && id <= maxId)) return [];
  return [invalidField(at, id, `must be between 0 and ${maxId}, inclusive`)];
}

function validateProcMount({ procMount }: SecurityContext, { hostUsers }: PodContext, at: FieldPath): FieldError[] {
  if (procMount === 'Unmasked' && hostUsers) return [invalidField(at, procMount, '`hostUsers` must be false to use `Unmasked`')];
  return validateOptionalEnumerated(procMount, at, ['Default', 'Unmasked']);
}

/** What has all privileges cannot be kept from getting more. */
function validateEscalation(context: SecurityContext, at: FieldPath): FieldError[] {
  const { allowPrivilegeEscalation, privileged, capabilities } = context;
  if (allowPrivilegeEscalation !== false) return [];
  const refuse = (what: string) =>
    invalidField(at, internalForm('core.v1.SecurityContext', context), `cannot set \`allowPrivilegeEscalation\` to false and ${what}`);
  const administrator = capabilities?.add?.filter((capability) => capability === 'CAP_SYS_ADMIN') ?? [];
  return [...(privileged ? [refuse('`privileged` to true')] : []), ...administrator.map(() => refuse('`capabilities.Add` CAP_SYS_ADMIN'))];
}

export function validateSecurityContext(context: SecurityContext | undefined, pod: PodContext, at: FieldPath): FieldError[] {
  if (context === undefined) return [];
  const isDisallowed = context.privileged === true && !clusterPolicy.allowPrivileged;
  return [
    ...(isDisallowed ? [forbiddenField(at.child('privileged'), 'disallowed by cluster policy')] : []),
    ...validateId(context.runAsUser, at.child('runAsUser')),
    ...validateId(context.runAsGroup, at.child('runAsGroup')),
    ...validateProcMount(context, pod, at.child('procMount')),
    ...validateSeccompProfile(context.seccompProfile, at.child('seccompProfile')),
    ...validateEscalation(context, at),
    ...validateWindowsOptions(context.windowsOptions, at.child('windowsOptions')),
    ...validateAppArmorProfile(context.appArmorProfile, at.child('appArmorProfile')),
  ];
}

/** Volumes that are mounted with their label (KEP-1710). Who has chosen a policy before may still choose any. */
function seLinuxChangePolicies(old: core.v1.PodSpec | undefined): string[] {
  const any = hasFeature('SELinuxMount') || old?.securityContext?.seLinuxChangePolicy !== undefined;
  return any ? ['MountOption', 'Recursive'] : ['Recursive'];
}

/** What all containers of a pod have in common, and what they share with their host. */
export function validatePodSecurityContext(spec: core.v1.PodSpec, at: FieldPath, old: core.v1.PodSpec | undefined): FieldError[] {
  const { securityContext: context = {}, hostPID = false, shareProcessNamespace = false } = spec;
  const shared = 'ShareProcessNamespace and HostPID cannot both be enabled';
  return [
    ...validateId(context.fsGroup, at.child('fsGroup')),
    ...validateId(context.runAsUser, at.child('runAsUser')),
    ...validateId(context.runAsGroup, at.child('runAsGroup')),
    ...validateEach(context.supplementalGroups, at.child('supplementalGroups'), validateId),
    ...(hostPID && shareProcessNamespace ? [invalidField(at.child('shareProcessNamespace'), true, shared)] : []),
    ...validateSysctls(spec, at.child('sysctls')),
    ...validateOptionalEnumerated(context.fsGroupChangePolicy, at.child('fsGroupChangePolicy'), ['Always', 'OnRootMismatch']),
    ...validateSeccompProfile(context.seccompProfile, at.child('seccompProfile')),
    ...validateWindowsOptions(context.windowsOptions, at.child('windowsOptions')),
    ...validateAppArmorProfile(context.appArmorProfile, at.child('appArmorProfile')),
    ...validateOptionalEnumerated(context.supplementalGroupsPolicy, at.child('supplementalGroupsPolicy'), ['Merge', 'Strict']),
    ...validateOptionalEnumerated(context.seLinuxChangePolicy, at.child('seLinuxChangePolicy'), seLinuxChangePolicies(old)),
  ];
}
