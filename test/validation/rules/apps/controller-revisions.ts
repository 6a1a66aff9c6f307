import type { RulesOfKind } from '../../rule.js';
import { notNegative } from '../count-rules.js';

export const controllerRevisions: RulesOfKind = {
  collection: '/apis/apps/v1/namespaces/default/controllerrevisions',
  kind: 'ControllerRevision.apps',
  example: { revision: 1, data: { a: 1 } },
  rules: [
    notNegative('revision'),
    {
      rule: 'there are data',
      accepted: { data: {} },
      refused: { data: undefined },
      errors: ['data: Required value: data is mandatory'],
    },
    {
      rule: 'data are an object',
      accepted: { data: { spec: [] } },
      refused: { data: [1], revision: -1 },
      errors: ['revision: Invalid value: -1: must be greater than or equal to 0', 'data: Required value: data must be a valid JSON object'],
    },
    {
      rule: 'data do not change',
      on: 'update',
      accepted: { revision: 2 },
      refused: { data: { a: 2 } },
      errors: ['data: Invalid value: {"a":2}: field is immutable'],
    },
  ],
};
