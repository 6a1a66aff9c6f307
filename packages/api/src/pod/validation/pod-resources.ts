import { type FieldError, type FieldPath, forbiddenField, invalidField, notSupported, Quantity } from '@keelson/machinery';
import { aggregateResources, type core, isPodLevelResource } from '@keelson/schema';
import { validateResourceName } from '../../validation/resource-names.js';
import { validateResourceRequirements } from './resources.js';

type PodSpec = core.v1.PodSpec;

/** A resource that a pod can be given as a whole (KEP-2837). */
function validatePodResourceName(name: string, at: FieldPath): FieldError[] {
  const errors = validateResourceName(name, at);
  if (errors.length > 0 || isPodLevelResource(name)) return errors;
  return [notSupported(at, name, ['cpu', 'hugepages-', 'memory'])];
}

/** The containers together ask for no more than the pod does, of what it asks for. */
function validateSum(spec: PodSpec, requests: Readonly<Record<string, string>>, at: FieldPath): FieldError[] {
  const sums = aggregateResources(spec, (resources) => resources?.requests);
  return [...sums].flatMap(([name, sum]) => {
    const asked = requests[name];
    if (asked === undefined) return [];
    const ofPod = Quantity.parse(asked);
    if (sum.compare(ofPod) <= 0) return [];
    return [invalidField(at.key(name), ofPod.toString(), `must be greater than or equal to aggregate container requests of ${sum}`)];
  });
}

/** No container may use more than the pod. */
function validateContainerLimits({ containers }: PodSpec, limits: Readonly<Record<string, string>>, at: FieldPath): FieldError[] {
  return (containers ?? []).flatMap(({ resources }, i) =>
    Object.entries(resources?.limits ?? {}).flatMap(([name, text]) => {
      const ofPod = Quantity.parse(limits[name] ?? text);
      const limit = Quantity.parse(text);
      if (limit.compare(ofPod) <= 0) return [];
      const here = at.child('containers').index(i).key(name).child('limits');
      return [invalidField(here, limit.toString(), `must be less than or equal to pod limits of ${ofPod}`)];
    }),
  );
}

/** Resources stated for the pod as a whole. */
export function validatePodResources(spec: PodSpec, claims: ReadonlySet<string>, at: FieldPath): FieldError[] {
  const { resources } = spec;
  if (resources === undefined) return [];
  return [
    ...(resources.claims === undefined ? [] : [forbiddenField(at.child('claims'), 'claims may not be set for Resources at pod-level')]),
    ...validateResourceRequirements(resources, at, claims, validatePodResourceName),
    ...validateSum(spec, resources.requests ?? {}, at.child('requests')),
    ...validateContainerLimits(spec, resources.limits ?? {}, at),
  ];
}
