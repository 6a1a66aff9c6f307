import type { RulesOfKind } from '../../rule.js';
import { annotationRules } from './annotation-rules.js';
import { bindingRules, ephemeralContainerRules, resizeRules, statusRules, updateRules } from './change-rules.js';
import { claimRules } from './claim-rules.js';
import { containerRules } from './container-rules.js';
import { environmentRules } from './environment-rules.js';
import { mountRules } from './mount-rules.js';
import { resourceRules } from './resource-rules.js';
import { schedulingRules } from './scheduling-rules.js';
import { securityRules } from './security-rules.js';
import { specRules } from './spec-rules.js';
import { volumeRules } from './volume-rules.js';
import { volumeSourceRules } from './volume-source-rules.js';

export const pods: RulesOfKind = {
  collection: '/api/v1/namespaces/default/pods',
  kind: 'Pod',
  example: { spec: { containers: [{ name: 'main', image: 'nginx' }] } },
  rules: [
    ...containerRules,
    ...environmentRules,
    ...mountRules,
    ...resourceRules,
    ...securityRules,
    ...schedulingRules,
    ...specRules,
    ...annotationRules,
    ...claimRules,
    ...volumeSourceRules,
    ...volumeRules,
    ...updateRules,
    ...statusRules,
    ...ephemeralContainerRules,
    ...resizeRules,
    ...bindingRules,
  ],
};
