import { type FieldError, forbiddenField, invalidField, path, semanticallyEqual } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validatePodSpec } from '../../pod/validation.js';

type Pod = core.v1.Pod;
type PodSpec = core.v1.PodSpec;
type Toleration = core.v1.Toleration;

const at = path('spec');

const unchangeable =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n';

function validateCreate({ spec }: Pod): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.ephemeralContainers?.length) errors.push(forbiddenField(at.child('ephemeralContainers'), 'cannot be set on create'));
  if (spec.schedulingGates?.length && spec.nodeName) {
    errors.push(forbiddenField(at.child('nodeName'), 'cannot be set until all schedulingGates have been cleared'));
  }
  return errors;
}

function imagesOf(containers: readonly core.v1.Container[] | undefined, old: readonly core.v1.Container[] | undefined) {
  return (containers ?? []).map((container, i) => ({ ...container, image: old?.[i]?.image }));
}

/** The new spec with what may change taken from the old one. */
function withoutChangeable(spec: PodSpec, old: PodSpec): Record<string, unknown> {
  const fixed: Record<string, unknown> = {
    ...spec,
    containers: imagesOf(spec.containers ?? [], old.containers ?? []),
    initContainers: imagesOf(spec.initContainers, old.initContainers),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    tolerations: old.tolerations,
    schedulingGates: old.schedulingGates,
  };
  const grace = old.terminationGracePeriodSeconds ?? 0;
  if (grace < 0 && spec.terminationGracePeriodSeconds === 1) fixed.terminationGracePeriodSeconds = grace;
  // Before it may be scheduled, a pod can still be told where (KEP-3838).
  if (old.schedulingGates?.length) {
    fixed.nodeSelector = { ...spec.nodeSelector, ...old.nodeSelector };
    if (semanticallyEqual(fixed.nodeSelector, spec.nodeSelector ?? {})) fixed.nodeSelector = old.nodeSelector;
    if (!old.affinity?.nodeAffinity) fixed.affinity = withNodeAffinity(spec.affinity, old.affinity);
  }
  return fixed;
}

function withNodeAffinity(affinity: core.v1.Affinity | undefined, old: core.v1.Affinity | undefined): core.v1.Affinity | undefined {
  const { nodeAffinity: _new, ...rest } = affinity ?? {};
  return old === undefined && Object.keys(rest).length === 0 ? undefined : rest;
}

function sameToleration(a: Toleration, b: Toleration): boolean {
  return semanticallyEqual({ ...a, tolerationSeconds: null }, { ...b, tolerationSeconds: null });
}

function validateTolerations({ tolerations = [] }: PodSpec, old: PodSpec): FieldError[] {
  const kept = (old.tolerations ?? []).every((before) => tolerations.some((now) => sameToleration(now, before)));
  return kept ? [] : [forbiddenField(at.child('tolerations'), 'existing toleration can not be modified except its tolerationSeconds')];
}

function validateGates({ schedulingGates = [] }: PodSpec, old: PodSpec): FieldError[] {
  return schedulingGates
    .filter(({ name }) => !old.schedulingGates?.some((before) => before.name === name))
    .map(({ name }) => forbiddenField(at.child('schedulingGates'), `only deletion is allowed, but found new scheduling gate '${name}'`));
}

function validateDeadline({ activeDeadlineSeconds }: PodSpec, old: PodSpec): FieldError[] {
  const before = old.activeDeadlineSeconds;
  const here = at.child('activeDeadlineSeconds');
  if (before === undefined) return [];
  if (activeDeadlineSeconds === undefined) return [invalidField(here, null, 'must not update from a positive integer to nil value')];
  return activeDeadlineSeconds > before ? [invalidField(here, activeDeadlineSeconds, 'must be less than or equal to previous value')] : [];
}

/** Nearly all of a pod is fixed once it exists. */
function validateUpdate({ spec }: Pod, old: Pod): FieldError[] {
  const sameCount = (field: 'containers' | 'initContainers') => (spec[field]?.length ?? 0) === (old.spec[field]?.length ?? 0);
  if (!sameCount('containers')) return [forbiddenField(at.child('containers'), 'pod updates may not add or remove containers')];
  if (!sameCount('initContainers')) return [forbiddenField(at.child('initContainers'), 'pod updates may not add or remove containers')];
  const fixed = semanticallyEqual(withoutChangeable(spec, old.spec), withoutChangeable(old.spec, old.spec));
  return [
    ...validateDeadline(spec, old.spec),
    ...validateTolerations(spec, old.spec),
    ...validateGates(spec, old.spec),
    ...(fixed ? [] : [forbiddenField(at, unchangeable)]),
  ];
}

export function validatePod(pod: Pod, old: Pod | undefined): FieldError[] {
  return [...validatePodSpec(pod.spec, at), ...(old === undefined ? validateCreate(pod) : validateUpdate(pod, old))];
}
