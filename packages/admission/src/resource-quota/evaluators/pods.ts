import type { Quantity } from '@keelson/machinery';
import {
  type core,
  isExtendedResource,
  isHugePages,
  isNativeResource,
  podLimits,
  podRequests,
  qosClass,
  statesPodResources,
} from '@keelson/schema';
import { type Amounts, describeNames, ONE, parseAmounts, sum } from '../amounts.js';
import type { Scope } from '../scope.js';
import { objectCountName, type QuotaEvaluator } from './evaluator.js';

type Pod = core.v1.Pod;

const COUNT = objectCountName({ group: '', resource: 'pods' });
const REQUESTS = 'requests.';
const LIMITS = 'limits.';
/** Devices asked for by the class they are of, as if that were a resource. */
const DEVICE_CLASS = 'deviceclass.resource.kubernetes.io/';

/** Resources that containers need not state, and yet must where they have a quota: a mistake of old that stays as it is. */
const DEMANDED = ['cpu', 'memory'].flatMap((name) => [name, REQUESTS + name, LIMITS + name]);

const TRACKED = new Set([
  COUNT,
  'pods',
  ...['cpu', 'memory', 'ephemeral-storage'].flatMap((name) => [name, REQUESTS + name, LIMITS + name]),
]);

/** Counts pods, and what those need that have not ended. */
export const pods: QuotaEvaluator<Pod> = {
  handles({ operation, subresource, object, oldObject }) {
    if (operation === 'CREATE') return subresource === '';
    if (operation !== 'UPDATE') return false;
    return subresource === 'resize' || (subresource === '' && hasDeadline(object as Pod) !== hasDeadline(oldObject as Pod));
  },
  tracks(name) {
    if (TRACKED.has(name) || isHugePages(name)) return true;
    if (!name.startsWith(REQUESTS)) return false;
    return !isNativeResource(name) || isHugePages(name.slice(REQUESTS.length)) || name.startsWith(REQUESTS + DEVICE_CLASS);
  },
  matchesScope,
  missing(tracked, pod) {
    if (statesPodResources(pod.spec)) return undefined;
    const demanded = DEMANDED.filter((name) => tracked.has(name)).sort();
    if (demanded.length === 0) return undefined;
    const stated = [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])].map(({ name, resources }) => ({
      name,
      usage: named(parseAmounts(resources?.requests), parseAmounts(resources?.limits)),
    }));
    const problems = demanded.flatMap((resource) => {
      const names = new Set(stated.filter(({ usage }) => !usage.has(resource)).map(({ name }) => name));
      return names.size === 0 ? [] : [`${resource} for: ${describeNames(names)}`];
    });
    return problems.length === 0 ? undefined : `must specify ${problems.join('; ')}`;
  },
  usage(pod) {
    const count = new Map([[COUNT, ONE]]);
    return hasEnded(pod) ? count : sum(count, sum(new Map([['pods', ONE]]), named(podRequests(pod), podLimits(pod))));
  },
};

/** Requests and limits by the names that quotas have for them. */
function named(requests: Amounts, limits: Amounts): Map<string, Quantity> {
  const usage = new Map<string, Quantity>();
  for (const [name, quantity] of requests) {
    if (TRACKED.has(REQUESTS + name) || isHugePages(name)) usage.set(name, quantity).set(REQUESTS + name, quantity);
    else if (isExtendedResource(name) || name.startsWith(DEVICE_CLASS)) usage.set(REQUESTS + name, quantity);
  }
  for (const [name, quantity] of limits) if (TRACKED.has(LIMITS + name)) usage.set(LIMITS + name, quantity);
  return usage;
}

/** Nothing is needed any more: it has ended, or should have while its node does not answer. */
function hasEnded({ metadata, status }: Pod): boolean {
  if (status.phase === 'Failed' || status.phase === 'Succeeded') return true;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return false;
  return Date.now() > Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

function matchesScope(scope: Scope, pod: Pod): boolean {
  switch (scope.name) {
    case 'Terminating':
      return hasDeadline(pod);
    case 'NotTerminating':
      return !hasDeadline(pod);
    case 'BestEffort':
      return isBestEffort(pod);
    case 'NotBestEffort':
      return !isBestEffort(pod);
    case 'PriorityClass':
      return scope.matches(pod.spec.priorityClassName || undefined);
    case 'CrossNamespacePodAffinity':
      return reachesOtherNamespaces(pod.spec.affinity);
    default:
      return false;
  }
}

function hasDeadline({ spec }: Pod): boolean {
  return (spec.activeDeadlineSeconds ?? -1) >= 0;
}

function isBestEffort({ spec, status }: Pod): boolean {
  return (status.qosClass || qosClass(spec)) === 'BestEffort';
}

function reachesOtherNamespaces(affinity: core.v1.Affinity | undefined): boolean {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some((one) => {
    const preferred = one?.preferredDuringSchedulingIgnoredDuringExecution?.map(({ podAffinityTerm }) => podAffinityTerm);
    const terms = [...(one?.requiredDuringSchedulingIgnoredDuringExecution ?? []), ...(preferred ?? [])];
    return terms.some(({ namespaces, namespaceSelector }) => namespaces?.length || namespaceSelector !== undefined);
  });
}
