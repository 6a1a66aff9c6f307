import { type FieldError, type FieldPath, forbiddenField, invalidField, path, semanticallyEqual } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { PartSubresource } from '@keelson/server';
import { keepPod } from './keep-pod.js';
import { validatePodItself } from './pod-validation.js';
import { qosClass } from './qos-class.js';

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

function validateRemoval(now: Requirements, old: Requirements, list: 'requests' | 'limits', at: FieldPath): FieldError[] {
  const gone = Object.keys(old[list] ?? {}).some((name) => resizable.has(name) && now[list]?.[name] === undefined);
  return gone ? [forbiddenField(at.child(list), `resource ${list} cannot be removed`)] : [];
}

function withoutResizable({ requests, limits, ...rest }: Requirements): Requirements {
  const others = (list: Readonly<Record<string, string>> | undefined) =>
    Object.fromEntries(Object.entries(list ?? {}).filter(([name]) => !resizable.has(name)));
  return { ...rest, requests: others(requests), limits: others(limits) };
}

function validateContainers(containers: readonly Container[], old: readonly Container[], at: FieldPath): FieldError[] {
  return old.flatMap((before, i) => {
    const here = at.index(i).child('resources');
    const now = containers[i]?.resources ?? {};
    const fixed = semanticallyEqual(withoutResizable(now), withoutResizable(before.resources));
    return [
      ...(fixed ? [] : [forbiddenField(here, 'only cpu and memory resources are mutable')]),
      ...validateRemoval(now, before.resources, 'requests', here),
      ...validateRemoval(now, before.resources, 'limits', here),
    ];
  });
}

function validate(pod: Pod, old: Pod): FieldError[] {
  const at = path('spec');
  const containers = pod.spec.containers ?? [];
  const initContainers = pod.spec.initContainers ?? [];
  if (!resized(containers, old.spec.containers ?? []) || !resized(initContainers, old.spec.initContainers ?? [])) {
    return [forbiddenField(at.child('containers'), 'containers may not be renamed or reordered on resize')];
  }
  const errors = validatePodItself(pod);
  if (qosClass(pod.spec) !== (old.status.qosClass ?? qosClass(old.spec))) {
    errors.push(invalidField(at, pod.status.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing'));
  }
  return [
    ...errors,
    ...validateContainers(containers, old.spec.containers ?? [], at.child('containers')),
    ...validateContainers(initContainers, old.spec.initContainers ?? [], at.child('initContainers')),
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
