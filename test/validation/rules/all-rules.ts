import type { RulesOfKind } from '../rule.js';
import { horizontalPodAutoscalers } from './autoscaling.js';

export const allRules: readonly RulesOfKind[] = [horizontalPodAutoscalers];
