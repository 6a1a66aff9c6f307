import {
  dns1123Label,
  duplicate,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  notFoundField,
  required,
} from '@keelson/machinery';
import { type core, wasSentEmpty } from '@keelson/schema';
import { validateEach } from '../../validation/each.js';
import { validateEnumerated } from '../../validation/enumerated.js';
import { validateRequiredForm } from '../../validation/names.js';
import type { PodContext } from './context.js';
import { validateEnv, validateEnvFrom } from './environment.js';
import { validateDevices, validateMounts } from './mounts.js';
import { validateHostPorts, validatePorts } from './ports.js';
import { forbidProbes, validateProbes } from './probes.js';
import { validateResizePolicy } from './resize-policy.js';
import { validateResourceRequirements } from './resources.js';
import { validateInitRestart, validateRestartRules } from './restart-rules.js';
import { validateSecurityContext } from './security-context.js';

type PodSpec = core.v1.PodSpec;
type Container = core.v1.Container;
type EphemeralContainer = core.v1.EphemeralContainer;
type AnyContainer = Container | EphemeralContainer;

/** What containers of whichever sort have in common. */
function validateContainer(container: AnyContainer, pod: PodContext, at: FieldPath): FieldError[] {
  return [
    ...validateRequiredForm(container.name, at.child('name'), dns1123Label),
    ...(container.image ? [] : [required(at.child('image'))]),
    ...validateEnumerated(container.terminationMessagePolicy, at.child('terminationMessagePolicy'), ['File', 'FallbackToLogsOnError']),
    ...validatePorts(container.ports, at.child('ports')),
    ...validateEnv(container.env, at.child('env')),
    ...validateEnvFrom(container.envFrom, at.child('envFrom')),
    ...validateMounts(container, pod, at.child('volumeMounts')),
    ...validateDevices(container, pod, at.child('volumeDevices')),
    ...validateEnumerated(container.imagePullPolicy, at.child('imagePullPolicy'), ['Always', 'IfNotPresent', 'Never']),
    ...validateResourceRequirements(container.resources, at.child('resources'), pod.claims),
    ...validateResizePolicy(container.resizePolicy, pod.restartPolicy, at.child('resizePolicy')),
    ...validateSecurityContext(container.securityContext, pod, at.child('securityContext')),
  ];
}

/** All containers of a pod have different names; that a name is taken is said of the later one. */
function validateUnique(name: string, names: Set<string>, at: FieldPath): FieldError[] {
  return names.size < names.add(name).size ? [] : [duplicate(at.child('name'), name)];
}

function namesOf(...lists: readonly (readonly AnyContainer[] | null | undefined)[]): Set<string> {
  return new Set(lists.flatMap((list) => list?.map(({ name }) => name) ?? []));
}

export function validateContainers(containers: readonly Container[] | null, pod: PodContext, at: FieldPath): FieldError[] {
  if (!containers?.length) return [required(at)];
  const names = new Set<string>();
  return [
    ...validateEach(containers, at, (container, here) => [
      ...validateContainer(container, pod, here),
      ...validateUnique(container.name, names, here),
      ...validateProbes(container, here, pod),
      ...validateRestartRules(container, here),
    ]),
    ...validateHostPorts(containers, at),
  ];
}

/** Those with restartPolicy Always are sidecars (KEP-753). They run one by one otherwise, so that each has all ports for itself. */
export function validateInitContainers({ containers, initContainers }: PodSpec, pod: PodContext, at: FieldPath): FieldError[] {
  const names = namesOf(containers);
  return validateEach(initContainers, at, (container, here) => [
    ...validateContainer(container, pod, here),
    ...validateInitRestart(container, here),
    ...(container.name === '' ? [] : validateUnique(container.name, names, here)),
    // Where the container stands in the list is not told.
    ...validateHostPorts([container], at),
    ...(container.restartPolicy === 'Always' ? validateProbes(container, here, pod) : forbidProbes(container, here)),
  ]);
}

/** What makes sense only for containers that the pod was planned with. */
const plannedFields = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const;

function isSet(container: EphemeralContainer, field: (typeof plannedFields)[number]): boolean {
  const { resources } = container;
  // Resources are always there, if only as an empty object. A list or a map that is sent empty is sent.
  if (field === 'resources') {
    const parts = ['limits', 'requests', 'claims'] as const;
    return resources !== undefined && parts.some((part) => resources[part] !== undefined || wasSentEmpty(resources, part));
  }
  return wasSentEmpty(container, field) || (container[field] ?? undefined) !== undefined;
}

function forbidPlanned(container: EphemeralContainer, at: FieldPath): FieldError[] {
  const detail = 'cannot be set for an Ephemeral Container';
  return [
    ...plannedFields.filter((field) => isSet(container, field)).map((field) => forbiddenField(at.child(field), detail)),
    ...validateEach(container.volumeMounts, at.child('volumeMounts'), (mount, here) =>
      (['subPath', 'subPathExpr'] as const).filter((field) => mount[field]).map((field) => forbiddenField(here.child(field), detail)),
    ),
  ];
}

/** Containers for a look inside a pod that runs (KEP-277). */
export function validateEphemeralContainers(spec: PodSpec, pod: PodContext, at: FieldPath): FieldError[] {
  const targets = namesOf(spec.containers, spec.initContainers);
  const names = new Set(targets);
  return validateEach(spec.ephemeralContainers, at, (container, here) => {
    const { name, targetContainerName: target = '' } = container;
    return [
      ...validateContainer(container, pod, here),
      ...validateImageSpace(container, here),
      ...validateUnique(name, names, here),
      ...(target === '' || targets.has(target) ? [] : [notFoundField(here.child('targetContainerName'), target)]),
      ...forbidPlanned(container, here),
    ];
  });
}

/** Templates may have any image: it may be replaced before it gets into a pod. */
export function validateImageSpace({ image = '' }: AnyContainer, at: FieldPath): FieldError[] {
  if (image === image.trim()) return [];
  return [invalidField(at.child('image'), image, 'must not have leading or trailing whitespace')];
}
