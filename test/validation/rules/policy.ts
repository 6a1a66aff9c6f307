import type { Rule, RulesOfKind } from '../rule.js';
import { countsOfStatus, notNegative, notPercent } from './count-rules.js';
import { fieldRule } from './field-rule.js';
import { notLabelValue, unsupported } from './format-messages.js';

/** What each of the two bounds may be. */
function boundRules(field: 'minAvailable' | 'maxUnavailable'): Rule[] {
  const at = `spec.${field}`;
  return [
    notNegative(at),
    fieldRule(`${at} as a text is a percentage`, at, '0%', '5', `Invalid value: "5": ${notPercent}`),
    fieldRule(`${at} is not more than all`, at, '100%', '101%', 'Invalid value: "101%": must not be greater than 100%'),
  ];
}

export const podDisruptionBudgets: RulesOfKind = {
  collection: '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
  kind: 'PodDisruptionBudget.policy',
  example: { spec: {} },
  rules: [
    {
      rule: 'a budget has one bound',
      accepted: { 'spec.minAvailable': 1 },
      refused: { 'spec.minAvailable': 1, 'spec.maxUnavailable': '5%' },
      errors: [
        'spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":"5%","UnhealthyPodEvictionPolicy":null}: ' +
          'minAvailable and maxUnavailable cannot be both set',
      ],
    },
    ...boundRules('minAvailable'),
    ...boundRules('maxUnavailable'),
    {
      rule: 'pods are selected by labels',
      accepted: { 'spec.selector': {} },
      refused: { 'spec.selector': { matchLabels: { a: '-' } } },
      errors: [`spec.selector.matchLabels: Invalid value: "-": ${notLabelValue}`],
    },
    fieldRule(
      'the policy about unhealthy pods is one that there is',
      'spec.unhealthyPodEvictionPolicy',
      'AlwaysAllow',
      'Never',
      unsupported('Never', 'AlwaysAllow', 'IfHealthyBudget'),
    ),
    {
      rule: 'a budget may change, and keeps to the same rules',
      on: 'update',
      before: { 'spec.minAvailable': 1, 'spec.selector': { matchLabels: { a: 'b' } } },
      accepted: { 'spec.minAvailable': undefined, 'spec.maxUnavailable': 1, 'spec.selector': { matchLabels: { a: 'c' } } },
      refused: { 'spec.minAvailable': -1 },
      errors: ['spec.minAvailable: Invalid value: -1: must be greater than or equal to 0'],
    },
    ...countsOfStatus('disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'),
  ],
};
