import { type ApiGroup, defineGroup, type Resource } from '@keelson/server';
import { deviceClasses } from './device-classes.js';
import { deviceTaintRules } from './device-taint-rules.js';
import { createResourceClaimTemplates } from './resource-claim-templates.js';
import { createResourceClaims } from './resource-claims.js';
import { resourceSlices } from './resource-slices.js';

export function resourceGroup(namespaces: Resource): ApiGroup {
  return defineGroup({
    group: 'resource.k8s.io',
    priority: 16200,
    versions: [
      { version: 'v1', priority: 21, enabledByDefault: true },
      { version: 'v1beta2', priority: 15, enabledByDefault: false },
      { version: 'v1beta1', priority: 9, enabledByDefault: false },
      { version: 'v1alpha3', priority: 1, enabledByDefault: false },
    ],
    resources: [
      deviceClasses,
      deviceTaintRules,
      createResourceClaims(namespaces),
      createResourceClaimTemplates(namespaces),
      resourceSlices,
    ],
  });
}
