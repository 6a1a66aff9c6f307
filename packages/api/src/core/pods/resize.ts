import { type FieldError, type FieldPath, forbiddenField, invalidField, path, semanticallyEqual } from '@keelson/machinery';
import { type core, qosClass, statesPodResources } from '@keelson/schema';
import type { PartSubresource } from '@keelson/server';
import { isMirror } from '../../pod/validation/annotations.js';
import { keepPod } from './keep-pod.js';
import { validatePodItself, wholeObject } from './pod-validation.js';

type Pod = core.v1.Pod;
type Container = core.v1.Container;
type Requirements = core.v1.ResourceRequirements;

/** The old containers with their new resources; undefined when they are not the same containers. */
function resized(containers: readonly Container[], old: readonly Container[]): Container[] | undefined {
  if (containers.length !== old.length || containers.some(({ name }, i) => name !== old[i]?.name)) return undefined;
  return old.map((container, i) => {
    const { resources = {}, resizePolicy } = containers[i] ?? {};
    const { resizePolicy: _old, ...kept } = container;
    return { ...kept, resources, ...(resizePolicy && { resizePolicy }) };
  });
}

/** A pod whose containers are not the old ones is left alone: validation refuses it. */
function prepareForUpdate(pod: Pod, old: Pod): void {
  const containers = resized(pod.spec.containers ?? [], old.spec.containers ?? []);
  const initContainers = resized(pod.spec.initContainers ?? [], old.spec.initContainers ?? []);
  if (containers === undefined || initContainers === undefined) return;
  keepPod(pod, old);
  pod.spec.containers = containers;
  if (initContainers.length > 0) pod.spec.initContainers = initContainers;
}

const resizable: ReadonlySet<string> = new Set(['cpu', 'memory']);

const at = path('spec');

function validateRemoval(now: Requirements, old: Requirements, list: 'requests' | 'limits', here: FieldPath): FieldError[] {
  const gone = Object.keys(old[list] ?? {}).some((name) => now[list]?.[name] === undefined);
  return gone ? [forbiddenField(here.child(list), `resource ${list} cannot be removed`)] : [];
}

function validateRemovals(containers: readonly Container[], old: readonly Container[], here: FieldPath): FieldError[] {
  return old.flatMap(({ resources: before }, i) => {
    const resourcesPath = here.index(i).child('resources');
    const now = containers[i]?.resources ?? {};
    return [...validateRemoval(now, before, 'requests', resourcesPath), ...validateRemoval(now, before, 'limits', resourcesPath)];
  });
}

function withoutResizable({ requests, limits, ...rest }: Requirements): Requirements {
  const others = (list: Readonly<Record<string, string>> | undefined) =>
    Object.fromEntries(Object.entries(list ?? {}).filter(([name]) => !resizable.has(name)));
  return { ...rest, requests: others(requests), limits: others(limits) };
}

/** What of a container may not be resized is said of the pod, once for each. */
function validateFixed({ resources: now = {} }: Container, { resources: before }: Container, detail: string): FieldError[] {
  return semanticallyEqual(withoutResizable(now), withoutResizable(before)) ? [] : [forbiddenField(at, detail)];
}

function validateInitFixed(container: Container, before: Container): FieldError[] {
  if (before.restartPolicy === 'Always') {
    return validateFixed(container, before, 'only cpu and memory resources for sidecar containers are mutable');
  }
  if (semanticallyEqual(container.resources, before.resources)) return [];
  return [forbiddenField(at, 'resources for non-sidecar init containers are immutable')];
}

/** Why nothing of a pod can be resized. */
function unresizable(pod: Pod, old: Pod): string | undefined {
  if (statesPodResources(pod.spec) || statesPodResources(old.spec)) return 'pods with pod-level resources cannot be resized';
  if (isMirror(old.metadata.annotations)) return 'static pods cannot be resized';
  return old.spec.os?.name === 'windows' ? 'windows pods cannot be resized' : undefined;
}

/** Nodes that cannot resize do not tell what running containers have. */
function validateNode({ status }: Pod): FieldError[] {
  const running = status.containerStatuses?.find(({ state }) => state?.running);
  return running === undefined || running.resources ? [] : [forbiddenField(at, 'Pod running on node without support for resize')];
}

function validateQosClass(pod: Pod, old: Pod): FieldError[] {
  if (qosClass(pod.spec) === (old.status.qosClass ?? qosClass(old.spec))) return [];
  return [invalidField(at, pod.status.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing')];
}

function validate(pod: Pod, old: Pod): FieldError[] {
  const [containers, initContainers = []] = [pod.spec.containers ?? [], pod.spec.initContainers];
  const [oldContainers, oldInit = []] = [old.spec.containers ?? [], old.spec.initContainers];
  if (!resized(containers, oldContainers) || !resized(initContainers, oldInit)) {
    return [forbiddenField(at.child('containers'), 'containers may not be renamed or reordered on resize')];
  }
  const reason = unresizable(pod, old);
  if (reason !== undefined) return [forbiddenField(wholeObject, reason)];
  const sidecars = oldInit.map((container) => (container.restartPolicy === 'Always' ? container : { ...container, resources: {} }));
  return [
    ...validatePodItself(pod, old),
    ...validateQosClass(pod, old),
    ...validateNode(old),
    ...validateRemovals(initContainers, sidecars, at.child('initContainers')),
    ...validateRemovals(containers, oldContainers, at.child('containers')),
    ...oldContainers.flatMap((before, i) => validateFixed(containers[i] ?? before, before, 'only cpu and memory resources are mutable')),
    ...oldInit.flatMap((before, i) => validateInitFixed(initContainers[i] ?? before, before)),
  ];
}

/** Changes cpu and memory of containers that run (KEP-1287). */
export const resize: PartSubresource<Pod> = {
  type: 'part',
  verbs: ['get', 'update', 'patch'],
  resetFields: [],
  prepareForUpdate,
  validate,
};
