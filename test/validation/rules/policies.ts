import type { Rule, RulesOfKind } from '../rule.js';

const warnings = 'status.typeChecking.expressionWarnings';
const found = { fieldRef: 'spec.validations[0].expression', warning: 'a' };

/** What type checking may find. */
const warningRule = (rule: string, accepted: object, refused: object, problem: string): Rule => ({
  rule,
  on: 'update/status',
  accepted: { [warnings]: [{ ...found, ...accepted }] },
  refused: { [warnings]: [{ ...found, ...refused }] },
  errors: [`${warnings}[0].${problem}`],
});

export const validatingPolicies: RulesOfKind = {
  collection: '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
  kind: 'ValidatingAdmissionPolicy.admissionregistration.k8s.io',
  example: {
    spec: {
      matchConstraints: {
        resourceRules: [{ operations: ['CREATE'], apiGroups: ['rules.example.com'], apiVersions: ['v1'], resources: ['things'] }],
      },
      validations: [{ expression: 'true' }],
    },
  },
  rules: [
    warningRule('what is found is told', { warning: ' ' }, { warning: '' }, 'warning: Required value'),
    warningRule('it is told where it is found', { fieldRef: '.spec' }, { fieldRef: ' ' }, 'fieldRef: Required value'),
    warningRule(
      'where it is found is a path',
      { fieldRef: "spec['a'][0]" },
      { fieldRef: 'spec[a]' },
      'fieldRef: Invalid value: "spec[a]": invalid JSONPath: invalid array index a',
    ),
  ],
};
