import { Quantity } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { ResourceList } from '../../pod/resource-list.js';

type PodSpec = core.v1.PodSpec;

const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
/** What a pod can be given as a whole (KEP-2837). */
const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || isHugePages(name);

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

type Amounts = Map<string, Quantity>;

function addAll(sum: Amounts, list: ResourceList | undefined): Amounts {
  for (const [name, text] of Object.entries(list ?? {})) {
    const quantity = Quantity.parse(text);
    sum.set(name, sum.get(name)?.add(quantity) ?? quantity);
  }
  return sum;
}

function raiseTo(most: Amounts, floor: Amounts): Amounts {
  for (const [name, quantity] of floor) if ((most.get(name)?.compare(quantity) ?? -1) < 0) most.set(name, quantity);
  return most;
}

type ListOf = (resources: core.v1.ResourceRequirements | undefined) => ResourceList | undefined;

/**
 * What the containers need together: those that run side by side summed up, or what an init container needs beside the
 * sidecars started before it, whichever is more.
 */
function aggregate(spec: PodSpec, listOf: ListOf): Amounts {
  const main: Amounts = new Map();
  for (const { resources } of spec.containers ?? []) addAll(main, listOf(resources));
  const sidecars: Amounts = new Map();
  const initMost: Amounts = new Map();
  for (const { resources, restartPolicy } of spec.initContainers ?? []) {
    const own = listOf(resources);
    if (restartPolicy === 'Always') {
      addAll(main, own);
      raiseTo(initMost, addAll(sidecars, own));
    } else {
      raiseTo(initMost, addAll(new Map(sidecars), own));
    }
  }
  return raiseTo(main, initMost);
}

function pick(amounts: Amounts, wanted: (name: string) => boolean): ResourceList | undefined {
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
    aggregate(spec, (own) => own?.limits),
    (name) => isHugePages(name) && !Object.hasOwn(stated, name),
  );
  const limits = fill(resources.limits, hugePages);
  if (limits !== undefined) resources.limits = limits;
  if (isEmpty(limits)) return;
  const ofContainers = pick(
    aggregate(spec, (own) => own?.requests),
    isPodLevel,
  );
  const requests = fill(fill(resources.requests, ofContainers), limits);
  if (requests !== undefined) resources.requests = requests;
}

/** Conditional defaults of resources, which pods have and pod templates have not. In place. */
export function defaultResources(spec: PodSpec): void {
  spec.containers?.forEach(defaultContainerRequests);
  spec.initContainers?.forEach(defaultContainerRequests);
  defaultPodResources(spec);
}
