import { type FieldError, forbiddenField, path, semanticallyEqual } from '@keelson/machinery';
import { type core, internalDiff } from '@keelson/schema';
import type { PartSubresource } from '@keelson/server';
import { isMirror } from '../../pod/validation/annotations.js';
import { keepPod } from './keep-pod.js';
import { validateAnnotationsChange } from './pod-update-validation.js';
import { validatePodItself, wholeObject } from './pod-validation.js';

type Pod = core.v1.Pod;

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
  // Nobody can add anything to a pod that its node runs by itself.
  if (isMirror(old.metadata.annotations)) return [forbiddenField(wholeObject, 'static pods do not support ephemeral containers')];
  return [...validatePodItself(pod, old), ...validateAnnotationsChange(pod, old), ...validateKept(pod, old)];
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
