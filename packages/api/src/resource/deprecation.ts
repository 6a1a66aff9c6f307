import type { Lifecycle } from '../conversion/deprecation-text.js';

/** Of the versions of resource.k8s.io that v1 replaces. */
export const v1beta1Lifecycle: Lifecycle = { deprecated: '1.35', removed: '1.38' };
export const v1beta2Lifecycle: Lifecycle = { deprecated: '1.36', removed: '1.39' };
