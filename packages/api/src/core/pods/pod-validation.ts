import { type FieldError, forbiddenField, path } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validatePodAnnotations, validateProfileAnnotations } from '../../pod/validation/annotations.js';
import { validateImageSpace } from '../../pod/validation/containers.js';
import { validatePodSpec } from '../../pod/validation/pod-spec.js';
import { validateEach } from '../../validation/each.js';
import { validatePodUpdate } from './pod-update-validation.js';

type Pod = core.v1.Pod;
type PodSpec = core.v1.PodSpec;

const at = path('spec');
const annotationsPath = path('metadata', 'annotations');

/** Where findings are that are about no field. */
export const wholeObject = '[]';

/** Tokens are those of a service account, which a pod need not have, but a template that says nothing gets one later. */
function validateTokens({ serviceAccountName, volumes }: PodSpec): FieldError[] {
  if (serviceAccountName) return [];
  const detail = 'must not be specified when serviceAccountName is not set';
  return validateEach(volumes, at.child('volumes'), ({ projected }, here) =>
    validateEach(projected?.sources, here.child('projected', 'sources'), ({ serviceAccountToken }, each) =>
      serviceAccountToken ? [forbiddenField(each.child('serviceAccountToken'), detail)] : [],
    ),
  );
}

/** What a pod has to be like at any time, whichever part of it is written. */
export function validatePodItself({ metadata, spec }: Pod, old: Pod | undefined): FieldError[] {
  return [
    ...validatePodAnnotations(metadata.annotations, old?.metadata.annotations, spec, annotationsPath),
    ...validatePodSpec(spec, at, old?.spec, metadata.name ?? ''),
    ...validateTokens(spec),
    ...validateEach(spec.containers, at.child('containers'), validateImageSpace),
    ...validateEach(spec.initContainers, at.child('initContainers'), validateImageSpace),
  ];
}

function validateCreate({ metadata, spec }: Pod): FieldError[] {
  const gated = spec.schedulingGates?.length && spec.nodeName;
  return [
    ...(spec.ephemeralContainers?.length ? [forbiddenField(at.child('ephemeralContainers'), 'cannot be set on create')] : []),
    ...(gated ? [forbiddenField(at.child('nodeName'), 'cannot be set until all schedulingGates have been cleared')] : []),
    ...validateProfileAnnotations(metadata.annotations, spec, at),
  ];
}

export function validatePod(pod: Pod, old: Pod | undefined): FieldError[] {
  return [...validatePodItself(pod, old), ...(old === undefined ? validateCreate(pod) : validatePodUpdate(pod, old))];
}
