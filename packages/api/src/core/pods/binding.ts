import {
  ApiError,
  aggregate,
  badRequest,
  conflict,
  type FieldError,
  failedPrecondition,
  notFound,
  notSupported,
  path,
  required,
} from '@keelson/machinery';
import { core } from '@keelson/schema';
import {
  type ActionSubresource,
  createdStatus,
  type Resource,
  type ResourceVersion,
  storePreconditionFailed,
  type WriteContext,
} from '@keelson/server';
import { observedGeneration } from './observed-generation.js';

type Pod = core.v1.Pod;
type Binding = core.v1.Binding;

const podsResource = { group: '', resource: 'pods' };

function validateTarget({ target }: Binding): FieldError[] {
  const at = path('target');
  const errors: FieldError[] = [];
  if (target.kind && target.kind !== 'Node') errors.push(notSupported(at.child('kind'), target.kind, ['Node', '<empty>']));
  if (!target.name) errors.push(required(at.child('name')));
  return errors;
}

/** A binding may say which pod it means, and in which state. */
function checkIsMeant(version: ResourceVersion, { metadata: { namespace = '', name = '', ...pod } }: Pod, { metadata }: Binding): void {
  const { uid, resourceVersion } = metadata;
  const failed = failedPrecondition({ ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) }, pod);
  if (failed !== undefined) throw storePreconditionFailed({ version, namespace, name }, failed);
}

/** Why a pod cannot be bound any more. */
function refusal(pod: Pod): string | undefined {
  const { name = '' } = pod.metadata;
  if (pod.metadata.deletionTimestamp) return `pod ${name} is being deleted, cannot be assigned to a host`;
  if (pod.spec.nodeName) return `pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`;
  return pod.spec.schedulingGates?.length ? `pod ${name} has non-empty .spec.schedulingGates` : undefined;
}

function scheduled(pod: Pod, now: string): core.v1.PodCondition {
  return {
    type: 'PodScheduled',
    ...observedGeneration(pod),
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: now,
  };
}

/** Puts a pod on a node. In place. */
function assign(pod: Pod, { metadata, target }: Binding, { now, features }: WriteContext): void {
  pod.spec.nodeName = target.name ?? '';
  if (features.get('ClearingNominatedNodeNameAfterBinding')) delete pod.status.nominatedNodeName;
  // What admission has said of the node (KEP-4742).
  if (features.get('PodTopologyLabelsAdmission') && metadata.labels) pod.metadata.labels = { ...pod.metadata.labels, ...metadata.labels };
  if (metadata.annotations) pod.metadata.annotations = { ...pod.metadata.annotations, ...metadata.annotations };
  const others = (pod.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  pod.status.conditions = [...others, scheduled(pod, now)];
}

/** Binds a pod, beside the strategies: they would refuse to change where a pod runs. */
export async function bindPod(pods: Resource, namespace: string, name: string, binding: Binding, context: WriteContext): Promise<void> {
  const errors = validateTarget(binding);
  // Not as a list of causes: binding is the one place that answers so.
  if (errors.length > 0) throw new ApiError(500, '', aggregate(errors.map(String)));
  const version = pods.inVersion('', 'v1') as ResourceVersion;
  const bound = (value: Buffer, revision: number): Uint8Array => {
    const pod = pods.form.decode(value) as Pod;
    pod.metadata.resourceVersion = String(revision);
    checkIsMeant(version, pod, binding);
    const why = refusal(pod);
    if (why !== undefined) throw conflict({ group: '', resource: 'pods/binding' }, name, why);
    assign(pod, binding, context);
    return pods.form.encode(pod);
  };
  const at = pods.path(namespace, name);
  if (context.dryRun) {
    const { object } = await pods.store.get(at, { at: 'consistent' });
    if (object === undefined) throw notFound(podsResource, name);
    bound(object.value, object.revision);
    return;
  }
  await pods.store.update(at, (current) => {
    if (current === undefined) throw notFound(podsResource, name);
    return { action: 'put', value: bound(current.value, current.revision) };
  });
}

/** `pods/<name>/binding`: what schedulers post. */
export function binding(pods: () => Resource): ActionSubresource {
  return {
    type: 'action',
    kind: core.v1.Binding,
    async create(object, { namespace, name, context, validateAdmission }) {
      if (object.metadata.name !== name) throw badRequest('name in URL does not match name in Binding object');
      await validateAdmission();
      await bindPod(pods(), namespace, name, object as Binding, context);
      return createdStatus();
    },
  };
}
