import { defineGroup } from '@keelson/server';
import { ingressClasses } from './ingress-classes.js';
import { ingresses } from './ingresses.js';
import { ipAddresses } from './ip-addresses.js';
import { networkPolicies } from './network-policies.js';
import { serviceCidrs } from './service-cidrs.js';

export const networkingGroup = defineGroup({
  group: 'networking.k8s.io',
  priority: 17200,
  versions: [
    { version: 'v1', priority: 15, enabledByDefault: true },
    { version: 'v1beta1', priority: 9, enabledByDefault: false },
  ],
  resources: [ingressClasses, ingresses, ipAddresses, networkPolicies, serviceCidrs],
});
