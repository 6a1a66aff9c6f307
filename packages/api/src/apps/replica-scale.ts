import { type FieldError, type KubeObject, type ObjectLabelSelector, path, validateNonNegative } from '@keelson/machinery';
import { autoscaling } from '@keelson/schema';
import { type PartSubresource, scale } from '@keelson/server';
import { selectorString } from '../printing/selector-text.js';

/** A workload that keeps a number of pods running. */
export interface ReplicatedWorkload extends KubeObject {
  readonly spec: { replicas?: number; readonly selector: ObjectLabelSelector | null };
  readonly status: { readonly replicas?: number };
}

/** The scale subresource of the workloads of this group: all have their counts in the same places. */
export function replicaScale<T extends ReplicatedWorkload>(): PartSubresource<T> {
  return scale<T>({
    kind: autoscaling.v1.Scale,
    specReplicas: ({ spec }) => spec.replicas,
    setSpecReplicas: ({ spec }, replicas) => {
      spec.replicas = replicas;
    },
    statusReplicas: ({ status }) => status.replicas,
    selector: ({ spec }) => selectorString(spec.selector),
    validate: validateReplicas,
  });
}

function validateReplicas({ spec }: ReplicatedWorkload): FieldError[] {
  return validateNonNegative(spec.replicas ?? 0, path('spec', 'replicas'));
}
