import { type FieldError, type FieldPath, forbiddenField, notFoundField, path, semanticallyEqual } from '@keelson/machinery';
import { type core, internalDiff } from '@keelson/schema';
import type { PartSubresource } from '@keelson/server';
import { validateContainer } from '../../pod/validation.js';
import { keepPod } from './keep-pod.js';

type Pod = core.v1.Pod;
type EphemeralContainer = core.v1.EphemeralContainer;

/** What makes sense only for containers that the pod was planned with. */
const forbiddenFields = [
  'ports',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
] as const;

function isSet(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return typeof value === 'object' ? Object.keys(value).length > 0 : value !== '';
}

function validateOne(container: EphemeralContainer, at: FieldPath, names: Set<string>, targets: ReadonlySet<string>): FieldError[] {
  const errors = validateContainer(container, at, names);
  const { targetContainerName = '' } = container;
  if (targetContainerName !== '' && !targets.has(targetContainerName)) {
    errors.push(notFoundField(at.child('targetContainerName'), targetContainerName));
  }
  for (const field of forbiddenFields) {
    if (isSet(container[field])) errors.push(forbiddenField(at.child(field), 'cannot be set for an Ephemeral Container'));
  }
  return errors;
}

/** Ephemeral containers can be added, but neither changed nor removed. */
function validateKept(pod: Pod, old: Pod): FieldError[] {
  const at = path('spec', 'ephemeralContainers');
  return (old.spec.ephemeralContainers ?? []).flatMap((before) => {
    const now = pod.spec.ephemeralContainers?.find(({ name }) => name === before.name);
    const subject = `existing ephemeral containers ${JSON.stringify(before.name)}`;
    if (now === undefined) return [forbiddenField(at, `${subject} may not be removed\n`)];
    if (semanticallyEqual(now, before)) return [];
    return [forbiddenField(at, `${subject} may not be changed\n${internalDiff('core.v1.EphemeralContainer', before, now)}`)];
  });
}

function validate(pod: Pod, old: Pod): FieldError[] {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const targets = new Set((containers ?? []).map(({ name }) => name));
  const names = new Set([...targets, ...initContainers.map(({ name }) => name)]);
  const at = path('spec', 'ephemeralContainers');
  return [...ephemeralContainers.flatMap((container, i) => validateOne(container, at.index(i), names, targets)), ...validateKept(pod, old)];
}

/** Adds containers to a pod that runs, for a look inside it (KEP-277). */
export const ephemeralContainers: PartSubresource<Pod> = {
  type: 'part',
  verbs: ['get', 'update', 'patch'],
  resetFields: [],
  prepareForUpdate(pod, old) {
    const { ephemeralContainers } = pod.spec;
    keepPod(pod, old);
    if (ephemeralContainers === undefined) delete pod.spec.ephemeralContainers;
    else pod.spec.ephemeralContainers = ephemeralContainers;
  },
  validate,
};
