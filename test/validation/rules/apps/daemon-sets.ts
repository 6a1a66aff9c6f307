import type { Rule, RulesOfKind } from '../../rule.js';
import { countsOfStatus, notNegative, notPercent } from '../count-rules.js';
import { negative } from '../format-messages.js';
import { fixedSelector, growingCollisions, selector, template, workloadRules } from './workload-rules.js';

const rolling = 'spec.updateStrategy.rollingUpdate';

const strategyRules: Rule[] = [
  {
    rule: 'the strategy is one that there is',
    accepted: { 'spec.updateStrategy': { type: 'OnDelete' } },
    refused: { 'spec.updateStrategy': { type: 'Never' } },
    errors: [
      'spec.updateStrategy: Unsupported value: {"Type":"Never","RollingUpdate":null}: supported values: "RollingUpdate", "OnDelete"',
    ],
  },
  {
    rule: 'a pod goes or another one comes',
    accepted: { [rolling]: { maxUnavailable: 0, maxSurge: 1 } },
    refused: { [rolling]: { maxUnavailable: 0, maxSurge: 0 } },
    errors: [`${rolling}.maxUnavailable: Required value: cannot be 0 when maxSurge is 0`],
  },
  {
    rule: 'not both: a pod goes and another one comes',
    accepted: { [rolling]: { maxUnavailable: 1, maxSurge: '0%' } },
    refused: { [rolling]: { maxUnavailable: 1, maxSurge: '10%' } },
    errors: [`${rolling}.maxSurge: Invalid value: "10%": may not be set when maxUnavailable is non-zero`],
  },
  {
    rule: 'maxUnavailable as a number is not negative',
    accepted: { [rolling]: { maxUnavailable: 1 } },
    refused: { [rolling]: { maxUnavailable: -1 } },
    errors: [`${rolling}.maxUnavailable: Invalid value: -1: ${negative}`],
  },
  {
    rule: 'maxSurge as a text is a percentage',
    accepted: { [rolling]: { maxUnavailable: 0, maxSurge: '5%' } },
    refused: { [rolling]: { maxUnavailable: 0, maxSurge: 'x' } },
    errors: [
      `${rolling}.maxSurge: Invalid value: "x": ${notPercent}`,
      `${rolling}.maxUnavailable: Required value: cannot be 0 when maxSurge is 0`,
    ],
  },
  {
    rule: 'not more than all pods go, nor come',
    accepted: { [rolling]: { maxUnavailable: 0, maxSurge: '100%' } },
    refused: { [rolling]: { maxUnavailable: '101%', maxSurge: '102%' } },
    errors: [
      `${rolling}.maxUnavailable: Invalid value: "101%": must not be greater than 100%`,
      `${rolling}.maxSurge: Invalid value: "102%": must not be greater than 100%`,
      `${rolling}.maxSurge: Invalid value: "102%": may not be set when maxUnavailable is non-zero`,
    ],
  },
];

const words = { ofSelector: 'daemonset', ofTemplate: 'DaemonSet' };

/** Nothing is said of a selector that cannot be read but why. */
const selectorRules = workloadRules(words).map(
  ({ errors, ...rest }): Rule => ({
    ...rest,
    errors: errors.filter((error) => !error.endsWith('invalid label selector') && error !== 'spec.selector: Required value'),
  }),
);

export const daemonSets: RulesOfKind = {
  collection: '/apis/apps/v1/namespaces/default/daemonsets',
  kind: 'DaemonSet.apps',
  example: { spec: { selector, template } },
  rules: [
    notNegative('spec.minReadySeconds'),
    notNegative('spec.revisionHistoryLimit'),
    ...selectorRules,
    ...strategyRules,
    fixedSelector,
    ...countsOfStatus(
      'currentNumberScheduled',
      'numberMisscheduled',
      'desiredNumberScheduled',
      'numberReady',
      'observedGeneration',
      'updatedNumberScheduled',
      'numberAvailable',
      'numberUnavailable',
      'collisionCount',
    ),
    growingCollisions,
  ],
};
