import { type FieldError, forbiddenField, invalidField, path, required, semanticallyEqual } from '@keelson/machinery';
import { type core, internalDiff, validateTolerations } from '@keelson/schema';
import { validatePodAnnotations, validatePodAnnotationsUpdate } from '../../pod/validation/annotations.js';
import { validateImageSpace } from '../../pod/validation/containers.js';
import { validateEach } from '../../validation/each.js';
import { validateNodeAffinityChange, validateNodeSelectorChange, withNodeAffinityOf } from './gated-pod-validation.js';

type Pod = core.v1.Pod;
type PodSpec = core.v1.PodSpec;
type Container = core.v1.Container;
type Toleration = core.v1.Toleration;

const at = path('spec');
const annotationsPath = path('metadata', 'annotations');

const unchangeable =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n';

function withImagesOf<C extends Container[] | null | undefined>(containers: C, old: readonly Container[] | null | undefined): C {
  return containers?.map((container, i) => ({ ...container, image: old?.[i]?.image ?? '' })) as C;
}

/** The new spec with what may change taken from the old one. */
function withoutChangeable(spec: PodSpec, old: PodSpec): PodSpec {
  const { activeDeadlineSeconds, tolerations, schedulingGates, terminationGracePeriodSeconds: oldGrace = 0 } = old;
  const fixed: Record<string, unknown> = {
    ...spec,
    containers: withImagesOf(spec.containers, old.containers),
    initContainers: withImagesOf(spec.initContainers, old.initContainers),
    activeDeadlineSeconds,
    tolerations,
    schedulingGates,
  };
  if (oldGrace < 0 && spec.terminationGracePeriodSeconds === 1) fixed.terminationGracePeriodSeconds = oldGrace;
  if (isGated(old)) {
    fixed.nodeSelector = old.nodeSelector;
    fixed.affinity = withNodeAffinityOf(spec.affinity, old.affinity);
  }
  return fixed as unknown as PodSpec;
}

/** Before it may be scheduled, a pod can still be told where (KEP-3838). */
function isGated({ schedulingGates = [] }: PodSpec): boolean {
  return schedulingGates.length > 0;
}

function validateImages(containers: readonly Container[] | null | undefined, field: string): FieldError[] {
  return validateEach(containers, at.child(field), (container, here) => [
    ...(container.image ? [] : [required(here.child('image'))]),
    ...validateImageSpace(container, here),
  ]);
}

function sameToleration(a: Toleration, b: Toleration): boolean {
  return semanticallyEqual({ ...a, tolerationSeconds: null }, { ...b, tolerationSeconds: null });
}

function validateTolerationsChange({ tolerations = [] }: PodSpec, old: PodSpec): FieldError[] {
  const here = at.child('tolerations');
  const kept = (old.tolerations ?? []).every((before) => tolerations.some((now) => sameToleration(now, before)));
  if (!kept) return [forbiddenField(here, 'existing toleration can not be modified except its tolerationSeconds')];
  return validateTolerations(tolerations, here);
}

function validateGatesChange({ schedulingGates }: PodSpec, old: PodSpec): FieldError[] {
  return validateEach(schedulingGates, at.child('schedulingGates'), ({ name }, here) => {
    if (old.schedulingGates?.some((before) => before.name === name)) return [];
    return [forbiddenField(here.child('name'), `only deletion is allowed, but found new scheduling gate '${name}'`)];
  });
}

const maxInt32 = 2 ** 31 - 1;

/** A deadline can be set and brought forward. `fatal`: nothing else is looked at. */
function validateDeadlineChange({ activeDeadlineSeconds: now }: PodSpec, old: PodSpec): { errors: FieldError[]; fatal: boolean } {
  const here = at.child('activeDeadlineSeconds');
  const before = old.activeDeadlineSeconds;
  if (now === undefined) {
    const lifted = invalidField(here, null, 'must not update from a positive integer to nil value');
    return { errors: before === undefined ? [] : [lifted], fatal: false };
  }
  const problem =
    now < 0 || now > maxInt32
      ? `must be between 0 and ${maxInt32}, inclusive`
      : before !== undefined && now > before
        ? 'must be less than or equal to previous value'
        : undefined;
  return problem === undefined ? { errors: [], fatal: false } : { errors: [invalidField(here, now, problem)], fatal: true };
}

/** Nearly all of a spec is fixed once the pod exists. */
function validateFixed(spec: PodSpec, old: PodSpec): FieldError[] {
  if (semanticallyEqual(spec, old)) return [];
  const fixed = withoutChangeable(spec, old);
  return [
    ...(isGated(old) ? [...validateNodeSelectorChange(spec, old, at), ...validateNodeAffinityChange(spec, old, at)] : []),
    ...(semanticallyEqual(fixed, old) ? [] : [forbiddenField(at, unchangeable + internalDiff('core.v1.PodSpec', old, fixed))]),
  ];
}

function validateSpecChange(spec: PodSpec, old: PodSpec): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ['containers', 'initContainers'] as const) {
    if ((spec[field]?.length ?? 0) !== (old[field]?.length ?? 0)) {
      return [...errors, forbiddenField(at.child(field), 'pod updates may not add or remove containers')];
    }
    errors.push(...validateImages(spec[field], field));
  }
  const deadline = validateDeadlineChange(spec, old);
  errors.push(...deadline.errors);
  if (deadline.fatal) return errors;
  return [...errors, ...validateTolerationsChange(spec, old), ...validateGatesChange(spec, old), ...validateFixed(spec, old)];
}

/** Annotations of a pod that exists: what they may change to, and what they have to be like. */
export function validateAnnotationsChange({ metadata, spec }: Pod, old: Pod): FieldError[] {
  return [
    ...validatePodAnnotationsUpdate(metadata.annotations, old.metadata.annotations, annotationsPath),
    ...validatePodAnnotations(metadata.annotations, old.metadata.annotations, spec, annotationsPath),
  ];
}

export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  return [...validateAnnotationsChange(pod, old), ...validateSpecChange(pod.spec, old.spec)];
}
