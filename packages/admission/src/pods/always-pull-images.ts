import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  aggregate,
  type FieldError,
  notSupported,
  path,
  plainFailure,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { onCreateAndUpdate } from '../operations.js';
import { refusedWrite } from '../refused-write.js';
import { containersOf } from './pod-containers.js';
import { podOf } from './written-pod.js';

type PodSpec = core.v1.PodSpec;

const ALWAYS = 'Always';

/** Images are pulled whenever a pod starts, so that nobody runs an image of others that a node happens to have. */
export const alwaysPullImages: AdmissionPlugin = {
  name: 'AlwaysPullImages',
  handles: onCreateAndUpdate,
  admit(attributes: AdmissionAttributes): void {
    const spec = specWithNewImages(attributes);
    if (spec === undefined) return;
    for (const [container] of containersOf(spec)) container.imagePullPolicy = ALWAYS;
    for (const { image } of spec.volumes ?? []) if (image !== undefined) image.pullPolicy = ALWAYS;
  },
  validate(attributes: AdmissionAttributes): void {
    const spec = specWithNewImages(attributes);
    if (spec === undefined) return;
    const refusals = wrongPolicies(spec).map((error) => refusedWrite(attributes, error.toString()).message);
    // Kubernetes makes no status of a list of refusals, even where it is one.
    if (refusals.length > 0) throw plainFailure(aggregate(refusals));
  },
};

function wrongPolicies(spec: PodSpec): FieldError[] {
  const errors: FieldError[] = [];
  for (const [{ imagePullPolicy = '' }, at] of containersOf(spec))
    if (imagePullPolicy !== ALWAYS) errors.push(notSupported(at.child('imagePullPolicy'), imagePullPolicy, [ALWAYS]));
  for (const [index, { image }] of (spec.volumes ?? []).entries())
    if (image !== undefined && image.pullPolicy !== ALWAYS)
      errors.push(notSupported(path('spec', 'volumes').index(index).child('image', 'pullPolicy'), image.pullPolicy ?? '', [ALWAYS]));
  return errors;
}

/** A running pod keeps its policies for as long as it keeps its images: they could not be changed. */
function specWithNewImages(attributes: AdmissionAttributes): PodSpec | undefined {
  const spec = podOf(attributes)?.spec;
  const old = (attributes.oldObject as core.v1.Pod | undefined)?.spec;
  if (spec === undefined || old === undefined) return spec;
  const known = new Set(Array.from(containersOf(old), ([{ image }]) => image));
  return Array.from(containersOf(spec)).some(([{ image }]) => !known.has(image)) ? spec : undefined;
}
