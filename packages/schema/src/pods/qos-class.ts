import { Quantity } from '@keelson/machinery';
import type { core } from '../gen/index.js';
import { statesPodResources } from './pod-amounts.js';

export type QosClass = 'BestEffort' | 'Burstable' | 'Guaranteed';

type Requirements = core.v1.ResourceRequirements;

/** Only these decide how a pod fares when its node runs short. */
const decisive = ['cpu', 'memory'] as const;

function amount(list: Readonly<Record<string, string>> | undefined, name: string): Quantity | undefined {
  const text = list?.[name];
  if (text === undefined) return undefined;
  const quantity = Quantity.parse(text);
  return quantity.sign > 0 ? quantity : undefined;
}

function asksForSomething({ requests, limits }: Requirements): boolean {
  return decisive.some((name) => amount(requests, name) !== undefined || amount(limits, name) !== undefined);
}

/** Every decisive resource is limited, and asked for in full. */
function isGuaranteed({ requests, limits }: Requirements): boolean {
  return decisive.every((name) => {
    const [limit, request] = [amount(limits, name), amount(requests, name)];
    return limit !== undefined && request?.equals(limit) === true;
  });
}

/** The quality of service of a pod: from its own resources where it states any, else from its containers'. */
export function qosClass(spec: core.v1.PodSpec): QosClass {
  const own = statesPodResources(spec) ? spec.resources : undefined;
  const parts = own !== undefined ? [own] : allContainers(spec).map(({ resources }) => resources ?? {});
  if (!parts.some(asksForSomething)) return 'BestEffort';
  return parts.every(isGuaranteed) ? 'Guaranteed' : 'Burstable';
}

function allContainers({ containers, initContainers }: core.v1.PodSpec): core.v1.Container[] {
  return [...(containers ?? []), ...(initContainers ?? [])];
}
