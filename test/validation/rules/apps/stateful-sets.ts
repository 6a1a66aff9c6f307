import type { Rule, RulesOfKind } from '../../rule.js';
import { countsOfStatus, notNegative, partsOfReplicas, replicasOfStatus } from '../count-rules.js';
import { fieldRule } from '../field-rule.js';
import { notLabel, unsupported } from '../format-messages.js';
import { growingCollisions, selector, template, workloadRules } from './workload-rules.js';

const rolling = 'spec.updateStrategy.rollingUpdate';
const retention = 'spec.persistentVolumeClaimRetentionPolicy';
const claim = { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } };
const fixedFields =
  "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
  "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

const changeRules: Rule[] = [
  {
    rule: 'the selector is not among what may change',
    on: 'update',
    before: { 'spec.template.metadata.labels.tier': 'x' },
    accepted: { 'spec.replicas': 1, 'spec.minReadySeconds': 5, 'spec.template.spec.hostNetwork': true },
    refused: { 'spec.selector.matchLabels.tier': 'x' },
    errors: [fixedFields],
  },
  {
    rule: 'the service is not among what may change',
    on: 'update',
    accepted: { 'spec.ordinals': { start: 3 }, [retention]: { whenScaled: 'Delete', whenDeleted: 'Retain' } },
    refused: { 'spec.serviceName': 'other' },
    errors: [fixedFields],
  },
  {
    rule: 'claims are not among what may change',
    on: 'update',
    accepted: { 'spec.updateStrategy': { type: 'OnDelete' }, 'spec.revisionHistoryLimit': 3 },
    refused: { 'spec.volumeClaimTemplates': [claim] },
    errors: [fixedFields],
  },
];

export const statefulSets: RulesOfKind = {
  collection: '/apis/apps/v1/namespaces/default/statefulsets',
  kind: 'StatefulSet.apps',
  example: { spec: { replicas: 0, serviceName: 'web', selector, template } },
  rules: [
    fieldRule(
      'the policy to manage pods is one that there is',
      'spec.podManagementPolicy',
      'Parallel',
      'Random',
      "Invalid value: \"Random\": must be 'OrderedReady' or 'Parallel'",
    ),
    {
      rule: 'the update strategy is one that there is',
      accepted: { 'spec.updateStrategy': { type: 'OnDelete' } },
      refused: { 'spec.updateStrategy': { type: 'Never' } },
      errors: ['spec.updateStrategy: Invalid value: {"Type":"Never","RollingUpdate":null}: must be \'RollingUpdate\' or \'OnDelete\''],
    },
    {
      rule: 'who waits for deletions does not roll',
      accepted: { 'spec.updateStrategy': { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } },
      refused: { 'spec.updateStrategy': { type: 'OnDelete', rollingUpdate: { partition: 1 } } },
      errors: [`${rolling}: Invalid value: {"Partition":1,"MaxUnavailable":null}: only allowed for updateStrategy 'RollingUpdate'`],
    },
    notNegative(`${rolling}.partition`),
    notNegative('spec.ordinals.start'),
    notNegative('spec.replicas'),
    notNegative('spec.minReadySeconds'),
    fieldRule(
      'claims of deleted sets are kept or not',
      `${retention}.whenDeleted`,
      'Delete',
      'Drop',
      unsupported('Drop', 'Retain', 'Delete'),
    ),
    fieldRule(
      'claims of pods too many are kept or not',
      `${retention}.whenScaled`,
      'Delete',
      'Drop',
      unsupported('Drop', 'Retain', 'Delete'),
    ),
    fieldRule('the service is a label', 'spec.serviceName', 'a-1', 'A', `Invalid value: "A": ${notLabel}`),
    {
      rule: 'claims ask for storage',
      accepted: { 'spec.volumeClaimTemplates': [claim] },
      refused: { 'spec.volumeClaimTemplates': [{ ...claim, spec: { accessModes: ['ReadWriteOnce'] } }] },
      errors: ['spec.volumeClaimTemplates[0].spec.resources[storage]: Required value'],
    },
    ...workloadRules({ ofSelector: 'statefulset', ofTemplate: 'StatefulSet', unreadable: '' }),
    ...changeRules,
    ...countsOfStatus('currentReplicas', 'updatedReplicas', 'observedGeneration', 'collisionCount'),
    ...replicasOfStatus('readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'),
    ...partsOfReplicas('readyReplicas', 'currentReplicas', 'updatedReplicas'),
    {
      rule: 'what is available is ready',
      on: 'update/status',
      accepted: { 'status.replicas': 2, 'status.readyReplicas': 1, 'status.availableReplicas': 1 },
      refused: { 'status.replicas': 2, 'status.readyReplicas': 1, 'status.availableReplicas': 2 },
      errors: ['status.availableReplicas: Invalid value: 2: cannot be greater than status.readyReplicas'],
    },
    growingCollisions,
  ],
};
