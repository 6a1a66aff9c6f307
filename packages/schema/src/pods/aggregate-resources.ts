import { Quantity } from '@keelson/machinery';
import type { core } from '../gen/index.js';

type PodSpec = core.v1.PodSpec;
type ResourceList = Readonly<Record<string, string>>;

/** By resource. */
export type Amounts = Map<string, Quantity>;

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

type ListOf = (resources: core.v1.ResourceRequirements | undefined, container: core.v1.Container) => ResourceList | undefined;

/**
 * What the containers need together: those that run side by side summed up, or what an init container needs beside the
 * sidecars started before it, whichever is more.
 */
export function aggregateResources(spec: PodSpec, listOf: ListOf): Amounts {
  const main: Amounts = new Map();
  for (const container of spec.containers ?? []) addAll(main, listOf(container.resources, container));
  const sidecars: Amounts = new Map();
  const initMost: Amounts = new Map();
  for (const container of spec.initContainers ?? []) {
    const own = listOf(container.resources, container);
    if (container.restartPolicy === 'Always') {
      addAll(main, own);
      raiseTo(initMost, addAll(sidecars, own));
    } else {
      raiseTo(initMost, addAll(new Map(sidecars), own));
    }
  }
  return raiseTo(main, initMost);
}
