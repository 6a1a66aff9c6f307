import type { Rule, RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';
import { negative } from './format-messages.js';

const hard = 'spec.hard';

function scopeRule(rule: string, accepted: readonly string[], refused: readonly string[], ...details: readonly string[]): Rule {
  const shown = JSON.stringify(refused);
  return fieldRule(rule, 'spec.scopes', accepted, refused, ...details.map((detail) => `Invalid value: ${shown}: ${detail}`));
}

export const quotas: RulesOfKind = {
  collection: '/api/v1/namespaces/default/resourcequotas',
  kind: 'ResourceQuota',
  example: { spec: { hard: { pods: '1000' } } },
  rules: [
    {
      rule: 'what is limited is standard or qualified',
      accepted: { [hard]: { 'example.com/a': '1' } },
      refused: { [hard]: { a: '1' } },
      errors: [
        'spec.hard[a]: Invalid value: "a": must be a standard resource type or fully qualified',
        'spec.hard[a]: Invalid value: "a": must be a standard resource for quota',
      ],
    },
    {
      rule: 'limits are not negative',
      accepted: { [hard]: { pods: '0' } },
      refused: { [hard]: { pods: '-1' } },
      errors: [`spec.hard[pods]: Invalid value: "-1": ${negative}`],
    },
    {
      rule: 'what is counted is whole',
      accepted: { [hard]: { cpu: '500m' } },
      refused: { [hard]: { pods: '500m' } },
      errors: ['spec.hard[pods]: Invalid value: "500m": must be an integer'],
    },
    scopeRule('scopes are known', ['Terminating'], ['Odd'], 'unsupported scope', 'unsupported scope applied to resource'),
    scopeRule(
      'scopes do not contradict each other',
      ['Terminating', 'NotBestEffort'],
      ['Terminating', 'NotTerminating'],
      'conflicting scopes',
    ),
    {
      rule: 'scopes are about what is counted',
      accepted: { 'spec.scopes': ['BestEffort'] },
      refused: { [hard]: { cpu: '1' }, 'spec.scopes': ['BestEffort'] },
      errors: ['spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource'],
    },
    {
      rule: 'scopes stay',
      on: 'update',
      accepted: { [hard]: { pods: '2000' } },
      refused: { 'spec.scopes': ['BestEffort'] },
      errors: ['spec.scopes: Invalid value: ["BestEffort"]: field is immutable'],
    },
  ],
};
