import type { RulesOfKind } from '../rule.js';
import { horizontalPodAutoscalers } from './autoscaling.js';
import { metadataRules } from './metadata.js';
import { nameRules } from './names.js';
import { namespaces } from './namespaces.js';
import { podTemplates } from './pods/pod-templates.js';
import { pods } from './pods/pods.js';
import { sharedParts } from './shared-parts.js';

export const allRules: readonly RulesOfKind[] = [
  horizontalPodAutoscalers,
  pods,
  podTemplates,
  namespaces,
  sharedParts,
  ...metadataRules,
  ...nameRules,
];
