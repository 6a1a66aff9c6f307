import type { RulesOfKind } from '../../rule.js';
import { containerRules } from './container-rules.js';

export const pods: RulesOfKind = {
  collection: '/api/v1/namespaces/default/pods',
  kind: 'Pod',
  example: { spec: { containers: [{ name: 'main', image: 'nginx' }] } },
  rules: [...containerRules],
};
