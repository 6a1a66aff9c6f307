import { formatGroupResource, type GroupResource, type KubeObject, type ObjectMeta } from '@keelson/machinery';
import type { batch, core } from '@keelson/schema';

/** Pods that an object describes, or is. */
export interface DescribedPod {
  readonly metadata?: ObjectMeta | undefined;
  readonly spec: core.v1.PodSpec;
}

/** What all controllers of pods have in common; only of a replication controller the template may be missing. */
interface Templated extends KubeObject {
  readonly spec: { readonly template?: core.v1.PodTemplateSpec };
}

function ofSpec(object: KubeObject): DescribedPod | undefined {
  return (object as Templated).spec.template;
}

/** Where the pods of a resource are described. */
const TEMPLATES: Readonly<Record<string, (object: KubeObject) => DescribedPod | undefined>> = {
  replicationcontrollers: ofSpec,
  podtemplates: (object) => (object as core.v1.PodTemplate).template,
  'replicasets.apps': ofSpec,
  'deployments.apps': ofSpec,
  'statefulsets.apps': ofSpec,
  'daemonsets.apps': ofSpec,
  'jobs.batch': ofSpec,
  'cronjobs.batch': (object) => (object as batch.v1.CronJob).spec.jobTemplate.spec.template,
};

export function hasPodTemplate(resource: GroupResource): boolean {
  return Object.hasOwn(TEMPLATES, formatGroupResource(resource));
}

/** What an object of such a resource says of its pods. */
export function podTemplateOf(resource: GroupResource, object: KubeObject): DescribedPod | undefined {
  return TEMPLATES[formatGroupResource(resource)]?.(object);
}
