import { mandatoryPriorityLevelSpecs } from '@keelson/api';
import type { flowcontrol } from '@keelson/schema';

type PriorityLevel = flowcontrol.v1.PriorityLevelConfiguration;
type Queuing = flowcontrol.v1.QueuingConfiguration;

/** What flow control cannot do without: the level of requests that never wait, and that of requests nothing else takes. */
export const mandatoryPriorityLevels: readonly PriorityLevel[] = Object.entries(mandatoryPriorityLevelSpecs).map(([name, spec]) =>
  level(name, spec),
);

/** A division of the rest that keeps nodes and controllers going whatever others ask for. */
export const suggestedPriorityLevels: readonly PriorityLevel[] = [
  limited('system', 30, 33, queuing(64, 6)),
  limited('node-high', 40, 25, queuing(64, 6)),
  limited('leader-election', 10, 0, queuing(16, 4)),
  limited('workload-high', 40, 50, queuing(128, 6)),
  limited('workload-low', 100, 90, queuing(128, 6)),
  limited('global-default', 20, 50, queuing(128, 6)),
];

function limited(name: string, nominalConcurrencyShares: number, lendablePercent: number, queues: Queuing): PriorityLevel {
  const limitResponse = { type: 'Queue', queuing: queues };
  return level(name, { type: 'Limited', limited: { nominalConcurrencyShares, lendablePercent, limitResponse } });
}

function queuing(queues: number, handSize: number): Queuing {
  return { queues, handSize, queueLengthLimit: 50 };
}

function level(name: string, spec: PriorityLevel['spec']): PriorityLevel {
  return { metadata: { name }, spec, status: {} };
}
