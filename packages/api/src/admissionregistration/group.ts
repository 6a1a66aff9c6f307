import { type ApiGroup, defineGroup } from '@keelson/server';
import { initializerConfigurations } from './initializer-configurations.js';
import { mutatingAdmissionPolicies } from './mutating-admission-policies.js';
import { mutatingAdmissionPolicyBindings } from './mutating-admission-policy-bindings.js';
import { mutatingWebhookConfigurations } from './mutating-webhook-configurations.js';
import { validatingAdmissionPolicies } from './validating-admission-policies.js';
import { validatingAdmissionPolicyBindings } from './validating-admission-policy-bindings.js';
import { validatingWebhookConfigurations } from './validating-webhook-configurations.js';

/** `initializers`: whether new objects may have to wait for some. */
export function admissionRegistrationGroup({ initializers }: { readonly initializers: boolean }): ApiGroup {
  return defineGroup({
    group: 'admissionregistration.k8s.io',
    priority: 16700,
    versions: [
      { version: 'v1', priority: 15, enabledByDefault: true },
      { version: 'v1beta1', priority: 12, enabledByDefault: false },
      { version: 'v1alpha1', priority: 9, enabledByDefault: false },
    ],
    resources: [
      ...(initializers ? [initializerConfigurations] : []),
      mutatingAdmissionPolicies,
      mutatingAdmissionPolicyBindings,
      mutatingWebhookConfigurations,
      validatingAdmissionPolicies,
      validatingAdmissionPolicyBindings,
      validatingWebhookConfigurations,
    ],
  });
}
