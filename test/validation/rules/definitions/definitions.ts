import type { RulesOfKind } from '../../rule.js';
import { definitionChangeRules } from './definition-change-rules.js';
import { definitionRules } from './definition-rules.js';
import { expressionRules } from './expression-rules.js';
import { listRules } from './list-rules.js';
import { schemaRules } from './schema-rules.js';
import { structureRules } from './structure-rules.js';
import { versionRules } from './version-rules.js';

export const definitions: RulesOfKind = {
  collection: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  kind: 'CustomResourceDefinition.apiextensions.k8s.io',
  example: {
    spec: {
      group: 'rules.example.com',
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { text: { type: 'string' } } } } },
          },
        },
      ],
    },
  },
  named: (name) => ({
    'metadata.name': `${name}.rules.example.com`,
    'spec.names': { plural: name, kind: name.replace('rule-', 'Rule') },
  }),
  rules: [
    ...definitionRules,
    ...versionRules,
    ...schemaRules,
    ...structureRules,
    ...listRules,
    ...expressionRules,
    ...definitionChangeRules,
  ],
};
