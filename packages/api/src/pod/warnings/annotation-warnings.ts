import { type FieldPath, semanticallyEqual } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { appArmorOfAnnotation } from '../app-armor-annotations.js';
import { containerAppArmor, containerSeccomp, podSeccomp } from '../validation/annotations.js';
import { containersOf } from '../validation/each-container.js';

/** Annotations that have become fields long ago. */
const replaced: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};

const useSeccompField = 'non-functional in v1.27+; use the "seccompProfile" field instead';
export const useAppArmorField = 'deprecated since v1.30; use the "appArmorProfile" field instead';

type Annotations = Readonly<Record<string, string>>;

function seccompWarnings(annotations: Annotations, spec: core.v1.PodSpec, at: FieldPath): string[] {
  const warn = (key: string, holder: { readonly seccompProfile?: unknown } | undefined) =>
    holder?.seccompProfile === undefined && annotations[key] !== undefined ? [`${at.key(key)}: ${useSeccompField}`] : [];
  return [
    ...warn(podSeccomp, spec.securityContext),
    ...containersOf(spec, at).flatMap(([{ name, securityContext }]) => warn(containerSeccomp + name, securityContext)),
  ];
}

/** Those of pods are told when they are made into fields. */
function appArmorWarnings(annotations: Annotations, spec: core.v1.PodSpec, at: FieldPath): string[] {
  const ofPod = spec.securityContext?.appArmorProfile;
  return containersOf(spec, at).flatMap(([{ name, securityContext }]) => {
    const key = containerAppArmor + name;
    const annotation = annotations[key];
    if (annotation === undefined || securityContext?.appArmorProfile !== undefined) return [];
    if (ofPod !== undefined && semanticallyEqual(ofPod, appArmorOfAnnotation(annotation))) return [];
    return [`${at.key(key)}: ${useAppArmorField}`];
  });
}

/** Of annotations of a pod, or with `isTemplate` of a template. `at`: their place. */
export function podAnnotationWarnings(
  annotations: Annotations | undefined,
  spec: core.v1.PodSpec,
  at: FieldPath,
  isTemplate: boolean,
): string[] {
  if (annotations === undefined) return [];
  return [
    ...Object.keys(replaced).flatMap((key) => (annotations[key] === undefined ? [] : [`${at.key(key)}: ${replaced[key]}`])),
    ...seccompWarnings(annotations, spec, at),
    ...(isTemplate ? appArmorWarnings(annotations, spec, at) : []),
  ];
}
