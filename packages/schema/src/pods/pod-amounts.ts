import { Quantity } from '@keelson/machinery';
import type { core } from '../gen/index.js';
import { type Amounts, aggregateResources } from './aggregate-resources.js';
import { isHugePages } from './resource-names.js';

type Pod = core.v1.Pod;
type ResourceList = Record<string, string>;
type Which = 'requests' | 'limits';

/** A resource that can be stated for a pod as a whole (KEP-2837). */
export function isPodLevelResource(name: string): boolean {
  return name === 'cpu' || name === 'memory' || isHugePages(name);
}

/** Whether a pod states resources as a whole. */
export function statesPodResources({ resources }: core.v1.PodSpec): boolean {
  return Object.keys({ ...resources?.requests, ...resources?.limits }).some(isPodLevelResource);
}

/** What is reserved for a pod: while a resize is under way (KEP-1287), the most that it may have; with its overhead. */
export function podRequests(pod: Pod): Amounts {
  const requests = demanded(pod, 'requests');
  for (const [name, text] of Object.entries(pod.spec.overhead ?? {})) {
    const overhead = Quantity.parse(text);
    requests.set(name, requests.get(name)?.add(overhead) ?? overhead);
  }
  return requests;
}

/** The most that a pod may use, likewise; overhead is limited where the rest is. */
export function podLimits(pod: Pod): Amounts {
  const limits = demanded(pod, 'limits');
  for (const [name, text] of Object.entries(pod.spec.overhead ?? {})) {
    const limit = limits.get(name);
    if (limit !== undefined && limit.sign !== 0) limits.set(name, limit.add(Quantity.parse(text)));
  }
  return limits;
}

function demanded({ spec, status }: Pod, which: Which): Amounts {
  const statuses = new Map([...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].map((one) => [one.name, one]));
  const infeasible = status.conditions?.find(({ type }) => type === 'PodResizePending')?.reason === 'Infeasible';
  const mayRunOn = new Set(spec.containers ?? []);
  const amounts = aggregateResources(spec, (resources, container) => {
    const isResizable = mayRunOn.has(container) || container.restartPolicy === 'Always';
    const actual = isResizable ? statuses.get(container.name) : undefined;
    if (actual?.resources === undefined) return resources?.[which];
    return most([
      ...(infeasible ? [] : [resources?.[which]]),
      actual.resources[which],
      ...(which === 'requests' ? [actual.allocatedResources] : []),
    ]);
  });
  for (const [name, text] of Object.entries(spec.resources?.[which] ?? {}))
    if (isPodLevelResource(name)) amounts.set(name, Quantity.parse(text));
  return amounts;
}

/** Of each resource the most that one of the lists has. */
function most(lists: readonly (ResourceList | undefined)[]): ResourceList {
  const greatest: ResourceList = {};
  for (const list of lists)
    for (const [name, text] of Object.entries(list ?? {})) {
      const known = greatest[name];
      if (known === undefined || Quantity.parse(text).compare(Quantity.parse(known)) > 0) greatest[name] = text;
    }
  return greatest;
}
