import type { RulesOfKind } from '../../rule.js';

const template = { spec: { containers: [{ name: 'main', image: 'nginx' }] } };

export const podTemplates: RulesOfKind = {
  collection: '/api/v1/namespaces/default/podtemplates',
  kind: 'PodTemplate',
  example: { template },
  rules: [
    {
      rule: 'a template has no ephemeral containers',
      accepted: { 'template.spec.ephemeralContainers': [] },
      refused: { 'template.spec.ephemeralContainers': [{ name: 'debug', image: 'busybox' }] },
      errors: ['template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template'],
    },
    {
      rule: 'a template has containers',
      accepted: { 'template.spec.containers': template.spec.containers },
      refused: { 'template.spec.containers': [] },
      errors: ['template.spec.containers: Required value'],
    },
    {
      rule: 'a changed template keeps to the same rules',
      on: 'update',
      accepted: { 'template.spec.containers[0].image': ' ' },
      refused: { 'template.spec.containers[0].image': '' },
      errors: ['template.spec.containers[0].image: Required value'],
    },
  ],
};
