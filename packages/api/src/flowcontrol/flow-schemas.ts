import { flowcontrol } from '@keelson/schema';
import { age, col, defineResource, nameColumn, status } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { validateFlowControlConditions } from './conditions-validation.js';
import { validateFlowSchema } from './flow-schemas-validation.js';

type FlowSchema = flowcontrol.v1.FlowSchema;

/** Whether the priority level a schema names is missing, as the server itself found out. */
function missingPriorityLevel({ status }: FlowSchema): string {
  return status.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?';
}

/** KEP-1040. */
export const flowSchemas = defineResource<FlowSchema>(flowcontrol.v1.FlowSchema, {
  names: { plural: 'flowschemas' },
  scope: 'Cluster',
  metadataChecks: { changes: 0 },
  storage: { key: 'flowschemas' },
  versions: [
    removedVersion(flowcontrol.v1beta3.FlowSchema, { deprecated: '1.29', removed: '1.32', use: flowcontrol.v1.FlowSchema }),
    removedVersion(flowcontrol.v1beta2.FlowSchema, { deprecated: '1.26', removed: '1.29', use: flowcontrol.v1beta3.FlowSchema }),
    removedVersion(flowcontrol.v1beta1.FlowSchema, { deprecated: '1.23', removed: '1.26', use: flowcontrol.v1beta3.FlowSchema }),
  ],
  resetFields: ['status'],
  subresources: { status: status({ keeps: ['metadata', 'spec'], validate: ({ status }) => validateFlowControlConditions(status) }) },
  generationOf: ({ spec }) => spec,
  defaults({ spec }) {
    spec.matchingPrecedence ||= 1000;
  },
  validate: validateFlowSchema,
  // The order in which they are tried for a request.
  tableOrder: (a, b) =>
    a.spec.matchingPrecedence - b.spec.matchingPrecedence || ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1),
  columns: [
    nameColumn(),
    col('PriorityLevel', ({ spec }) => spec.priorityLevelConfiguration.name),
    col('MatchingPrecedence', ({ spec }) => spec.matchingPrecedence),
    col('DistinguisherMethod', ({ spec }) => spec.distinguisherMethod?.type ?? '<none>'),
    age(),
    col('MissingPL', missingPriorityLevel),
  ],
});
