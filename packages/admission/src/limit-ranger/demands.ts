import { Quantity } from '@keelson/machinery';
import { aggregateResources, type core } from '@keelson/schema';

type ResourceList = Readonly<Record<string, string>>;

/** Amounts by resource. */
export type Amounts = ReadonlyMap<string, Quantity>;

/** What a container, a pod or a claim asks for and may have at most. */
export interface Demand {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

const NONE: Amounts = new Map();

/** What a pod states as a whole takes the place of the sum of its containers (KEP-2837). */
const POD_LEVEL = ['cpu', 'memory'];

export function demandOfContainer({ resources }: core.v1.Container): Demand {
  return { requests: amounts(resources?.requests), limits: amounts(resources?.limits) };
}

export function demandOfPod(spec: core.v1.PodSpec): Demand {
  return { requests: ofPod(spec, 'requests'), limits: ofPod(spec, 'limits') };
}

export function demandOfClaim({ resources }: core.v1.PersistentVolumeClaimSpec): Demand {
  return { requests: amounts(resources?.requests), limits: NONE };
}

function ofPod(spec: core.v1.PodSpec, list: 'requests' | 'limits'): Amounts {
  const sums = aggregateResources(spec, (resources) => resources?.[list]);
  for (const name of POD_LEVEL) {
    const stated = spec.resources?.[list]?.[name];
    if (stated !== undefined) sums.set(name, Quantity.parse(stated));
  }
  return sums;
}

function amounts(list: ResourceList | undefined): Amounts {
  return new Map(Object.entries(list ?? {}).map(([name, text]) => [name, Quantity.parse(text)]));
}
