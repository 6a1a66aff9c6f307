import type { Quantity } from '@keelson/machinery';
import { aggregateResources, type core, isHugePages, isPodLevelResource } from '@keelson/schema';
import type { ResourceList } from '../../pod/resource-list.js';

type PodSpec = core.v1.PodSpec;

/** Adds entries of `from` that `to` lacks. */
function fill(to: ResourceList | undefined, from: ResourceList | undefined): ResourceList | undefined {
  if (from === undefined) return to;
  return { ...from, ...to };
}

/** A container that only states limits asks for as much. */
function defaultContainerRequests({ resources }: core.v1.Container): void {
  if (resources?.limits === undefined) return;
  const requests = fill(resources.requests, resources.limits);
  if (requests !== undefined) resources.requests = requests;
}

function pick(amounts: ReadonlyMap<string, Quantity>, wanted: (name: string) => boolean): ResourceList | undefined {
  const entries = [...amounts].filter(([name]) => wanted(name)).map(([name, quantity]) => [name, quantity.toString()] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function isEmpty(list: ResourceList | undefined): boolean {
  return list === undefined || Object.keys(list).length === 0;
}

/** Completes resources stated for the pod as a whole from those of its containers. */
function defaultPodResources(spec: PodSpec): void {
  const { resources } = spec;
  if (resources === undefined || (isEmpty(resources.limits) && isEmpty(resources.requests))) return;
  const stated = { ...resources.requests, ...resources.limits };
  const hugePages = pick(
    aggregateResources(spec, (own) => own?.limits),
    (name) => isHugePages(name) && !Object.hasOwn(stated, name),
  );
  const limits = fill(resources.limits, hugePages);
  if (limits !== undefined) resources.limits = limits;
  if (isEmpty(limits)) return;
  const ofContainers = pick(
    aggregateResources(spec, (own) => own?.requests),
    isPodLevelResource,
  );
  const ofLimits = Object.fromEntries(Object.entries(limits ?? {}).filter(([name]) => isPodLevelResource(name)));
  const requests = fill(fill(resources.requests, ofContainers), isEmpty(ofLimits) ? undefined : ofLimits);
  if (requests !== undefined) resources.requests = requests;
}

/** Conditional defaults of resources, which pods have and pod templates have not. In place. */
export function defaultResources(spec: PodSpec): void {
  spec.containers?.forEach(defaultContainerRequests);
  spec.initContainers?.forEach(defaultContainerRequests);
  defaultPodResources(spec);
}
