import { type FieldError, type FieldPath, forbiddenField, notSupported, required } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { containersOf } from './each-container.js';

type PodSpec = core.v1.PodSpec;

const systems = ['linux', 'windows'];

/** What of a pod's own settings means nothing to Windows, in the order in which it is said: those of the spec, and its context's. */
const linuxOnlyOfPod: readonly (readonly ['spec', keyof PodSpec] | readonly ['context', keyof core.v1.PodSecurityContext])[] = [
  ['context', 'appArmorProfile'],
  ['context', 'seLinuxOptions'],
  ['spec', 'hostUsers'],
  ['spec', 'hostPID'],
  ['spec', 'hostIPC'],
  ['context', 'seccompProfile'],
  ['context', 'fsGroup'],
  ['context', 'fsGroupChangePolicy'],
  ['context', 'sysctls'],
  ['spec', 'shareProcessNamespace'],
  ['context', 'runAsUser'],
  ['context', 'runAsGroup'],
  ['context', 'supplementalGroups'],
  ['context', 'supplementalGroupsPolicy'],
  ['context', 'seLinuxChangePolicy'],
];

const linuxOnlyOfContainer = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const;

/** False is as good as absent where only true means something. */
function isSet(field: string, value: unknown): boolean {
  if (field === 'hostPID' || field === 'hostIPC') return value === true;
  return value !== undefined && value !== null && (!Array.isArray(value) || value.length > 0);
}

function validateWindows(spec: PodSpec, at: FieldPath): FieldError[] {
  const context = spec.securityContext ?? {};
  const detail = 'cannot be set for a windows pod';
  const ofPod = linuxOnlyOfPod.flatMap(([owner, field]) => {
    if (!isSet(field, owner === 'spec' ? spec[field] : context[field])) return [];
    return [forbiddenField((owner === 'spec' ? at : at.child('securityContext')).child(field), detail)];
  });
  const ofContainers = containersOf(spec, at).flatMap(([{ securityContext = {} }, here]) =>
    linuxOnlyOfContainer
      .filter((field) => securityContext[field] !== undefined)
      .map((field) => forbiddenField(here.child('securityContext', field), detail)),
  );
  return [...ofPod, ...ofContainers];
}

function validateLinux(spec: PodSpec, at: FieldPath): FieldError[] {
  const all: [{ readonly securityContext?: { readonly windowsOptions?: unknown } }, FieldPath][] = [[spec, at], ...containersOf(spec, at)];
  return all
    .filter(([{ securityContext }]) => securityContext?.windowsOptions !== undefined)
    .map(([, here]) => forbiddenField(here.child('securityContext', 'windowsOptions'), 'windows options cannot be set for a linux pod'));
}

/** A pod that says what system it is for cannot have settings of the other one (KEP-2802). */
export function validateOperatingSystem(spec: PodSpec, at: FieldPath): FieldError[] {
  if (spec.os === undefined) return [];
  const { name } = spec.os;
  const here = at.child('os');
  if (name === '') return [required(here.child('name'))];
  if (!systems.includes(name)) return [notSupported(here, name, systems)];
  return name === 'linux' ? validateLinux(spec, at) : validateWindows(spec, at);
}
