import { flowcontrol } from '@keelson/schema';
import { age, col, defineResource, nameColumn, status } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { beta2Shares, beta3Shares } from './beta-shares.js';
import { validateFlowControlConditions } from './conditions-validation.js';
import { validatePriorityLevel } from './priority-level-configurations-validation.js';

type PriorityLevel = flowcontrol.v1.PriorityLevelConfiguration;

function defaults({ spec }: PriorityLevel): void {
  if (spec.exempt) {
    spec.exempt.nominalConcurrencyShares ??= 0;
    spec.exempt.lendablePercent ??= 0;
  }
  if (!spec.limited) return;
  spec.limited.nominalConcurrencyShares ??= 30;
  spec.limited.lendablePercent ??= 0;
  const { queuing } = spec.limited.limitResponse;
  if (!queuing) return;
  queuing.handSize ||= 8;
  queuing.queues ||= 64;
  queuing.queueLengthLimit ||= 50;
}

function queuingCell(field: keyof flowcontrol.v1.QueuingConfiguration) {
  return ({ spec }: PriorityLevel) => spec.limited?.limitResponse.queuing?.[field] ?? '<none>';
}

/** KEP-1040. */
export const priorityLevelConfigurations = defineResource<PriorityLevel>(flowcontrol.v1.PriorityLevelConfiguration, {
  names: { plural: 'prioritylevelconfigurations' },
  scope: 'Cluster',
  metadataChecks: { changes: 0 },
  storage: { key: 'prioritylevelconfigurations' },
  versions: [
    removedVersion(
      flowcontrol.v1beta3.PriorityLevelConfiguration,
      { deprecated: '1.29', removed: '1.32', use: flowcontrol.v1.PriorityLevelConfiguration },
      beta3Shares,
    ),
    removedVersion(
      flowcontrol.v1beta2.PriorityLevelConfiguration,
      { deprecated: '1.26', removed: '1.29', use: flowcontrol.v1beta3.PriorityLevelConfiguration },
      beta2Shares,
    ),
    removedVersion(
      flowcontrol.v1beta1.PriorityLevelConfiguration,
      { deprecated: '1.23', removed: '1.26', use: flowcontrol.v1beta3.PriorityLevelConfiguration },
      beta2Shares,
    ),
  ],
  resetFields: ['status'],
  subresources: { status: status({ keeps: ['metadata', 'spec'], validate: ({ status }) => validateFlowControlConditions(status) }) },
  generationOf: ({ spec }) => spec,
  defaults,
  validate: validatePriorityLevel,
  columns: [
    nameColumn(),
    col('Type', ({ spec }) => spec.type),
    col('NominalConcurrencyShares', ({ spec }) => spec.limited?.nominalConcurrencyShares ?? '<none>'),
    col('Queues', queuingCell('queues')),
    col('HandSize', queuingCell('handSize')),
    col('QueueLengthLimit', queuingCell('queueLengthLimit')),
    age(),
  ],
});
