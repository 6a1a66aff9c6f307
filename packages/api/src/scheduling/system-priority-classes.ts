import type { scheduling } from '@keelson/schema';

type PriorityClass = scheduling.v1.PriorityClass;

/** Above this, priorities are the system's own. */
export const highestUserDefinablePriority = 1_000_000_000;

/** Names beginning so are the system's own. */
export const systemClassPrefix = 'system-';

/** The classes that every cluster has; made when the server starts. */
export const systemPriorityClasses: readonly PriorityClass[] = [
  {
    metadata: { name: 'system-node-critical' },
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
    preemptionPolicy: 'PreemptLowerPriority',
  },
  {
    metadata: { name: 'system-cluster-critical' },
    value: 2_000_000_000,
    description: 'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
    preemptionPolicy: 'PreemptLowerPriority',
  },
];

/** What keeps `given` from being one of the system's classes; undefined when it is one. */
export function systemClassProblem(given: PriorityClass): string | undefined {
  const { name = '' } = given.metadata;
  const known = systemPriorityClasses.find(({ metadata }) => metadata.name === name);
  if (known === undefined) return `${name} is not a known system priority class`;
  if (given.value !== known.value) return `value of ${name} PriorityClass must be ${known.value}`;
  return given.globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}
